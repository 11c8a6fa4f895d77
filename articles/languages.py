"""The site's languages, as models want them, those that readers are offered, and the one in which one reads."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language

from . import brand


def languages() -> list[tuple[str, str]]:
    """The site's languages, as choices; a function, so that another language is no migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def current_language() -> str:
    """That of the request; the site's, where there is none."""
    return get_language() or settings.LANGUAGE_CODE


def offered() -> list[str]:
    """Those in which readers see the site, as the brand says."""
    return brand.current().languages


def default_offered() -> str:
    """The site's language, else the first one on offer."""
    codes = offered()
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in codes else codes[0]


def default_language() -> str:
    return settings.LANGUAGE_CODE
