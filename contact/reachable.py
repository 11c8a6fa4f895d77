"""How the help center itself is reached: its addresses and numbers are nobody's secret in a text."""

from __future__ import annotations

from django.conf import settings

from .models import Channel
from .reference import EXAMPLE


def contacts() -> set[str]:
    """Where requests go and mails come from, the channels, and the reference that texts show as an example."""
    channels = Channel.objects.exclude(address="").values_list("address", flat=True)
    return {settings.SUPPORT_EMAIL, settings.DEFAULT_FROM_EMAIL, EXAMPLE, *channels}
