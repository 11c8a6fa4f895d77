"""What time it is at this site, and when it is open: what the pure rules need to know of the world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

import holidays
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from .graph import Graph, Walk
from .waiting import Opening, read_hours


def walk(graph: Graph, responses: Mapping[str, str], at: datetime | None = None) -> Walk:
    """The walk as it is now, or was then, with this site's time zone, holidays and opening hours."""
    return graph.walk(responses, site_time(at), opening())


def site_time(at: datetime | None = None) -> datetime:
    return timezone.localtime(at, timezone.get_default_timezone())


def opening() -> Opening:
    return _opening(settings.OPENING_HOURS, settings.COUNTRY, settings.REGION)


def check() -> None:
    """ImproperlyConfigured where nobody knows the holidays of the country or region of the settings."""
    try:
        _holidays_of(settings.COUNTRY, settings.REGION, site_time().year)
    except NotImplementedError as error:
        raise ImproperlyConfigured(
            f"HELPCENTER_COUNTRY and HELPCENTER_REGION: {error}. docs/deploying.md lists the settings."
        ) from error


class _Holidays:
    """The days that are holidays, found year by year when first asked for."""

    def __init__(self, country: str, region: str) -> None:
        self.country, self.region = country, region

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _holidays_of(self.country, self.region, day.year)


@lru_cache(maxsize=8)
def _opening(hours: str, country: str, region: str) -> Opening:
    return Opening(read_hours(hours), _Holidays(country, region))


@lru_cache(maxsize=128)
def _holidays_of(country: str, region: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
