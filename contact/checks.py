"""What an operator should know before customers do: `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def proxies_are_counted(**_arguments: Any) -> list[CheckMessage]:
    if not settings.IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "The site is behind a proxy, whose address all visitors seem to have.",
            hint="Set HELPCENTER_TRUSTED_PROXIES to the number of proxies that add to X-Forwarded-For.",
            id="contact.W001",
        )
    ]
