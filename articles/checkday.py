"""The day by which an article is looked at again where nobody has chosen one."""

from __future__ import annotations

import calendar
from datetime import date

from django.conf import settings
from django.utils import timezone


def next_check() -> date | None:
    """So many months from today as the setting says; None where it says 0: never."""
    return in_months(timezone.localdate(), settings.CHECK_MONTHS) if settings.CHECK_MONTHS else None


def in_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
