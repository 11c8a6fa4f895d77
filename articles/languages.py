"""The site's languages, as models want them: functions, so that another language is no migration."""

from __future__ import annotations

from django.conf import settings


def languages() -> list[tuple[str, str]]:
    """The site's languages, as choices; a function, so that another language is no migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def default_language() -> str:
    return settings.LANGUAGE_CODE
