"""The calendar of the desk: a month as a table, and as a list where there is no room for one."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from . import agenda

MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
MOST = 5  # entries of a day in the table, beside which the others are folded
YEARS = range(2000, 2101)


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [path("calendar/", site.admin_view(month), name="articles_calendar")]


def month(request: HttpRequest) -> HttpResponse:
    """What is published, withdrawn and announced in a month; each person sees what they may look at."""
    today = timezone.localdate()
    first = _asked(request) or today.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    entries, spans = agenda.happening(first, last, request.user)
    context = admin.site.each_context(request) | {
        "title": _("Calendar"),
        "month": first,
        "headings": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in _weekdays()],
        "weeks": [[_cell(day, entries.get(day, [])) for day in week] for week in _weeks(first)],
        "days": sorted(entries.items()),
        "spans": spans,
        "today": today,
        "previous": _link(first - timedelta(days=1)),
        "next": _link(last + timedelta(days=1)),
        "is_now": first == today.replace(day=1),
    }
    return render(request, "admin/articles/calendar.html", context)


def _cell(day: date, entries: list[agenda.Entry]) -> dict[str, Any]:
    """A day of the table; where much happens, the rest is there to be opened."""
    most = MOST if len(entries) > MOST + 1 else len(entries)
    return {"day": day, "entries": entries[:most], "more": entries[most:]}


def _asked(request: HttpRequest) -> date | None:
    """The first day of the month in the address; None where there is none, or no such month."""
    found = MONTH.match(request.GET.get("month", ""))
    year, number = (int(part) for part in found.groups()) if found else (0, 0)
    return date(year, number, 1) if year in YEARS and 1 <= number <= 12 else None


def _first_weekday() -> int:
    """As Python counts, from Monday; Django's formats count from Sunday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _weekdays() -> list[int]:
    return list(calendar.Calendar(_first_weekday()).iterweekdays())


def _weeks(first: date) -> list[list[date]]:
    """The weeks of the month, with the days of others that fill the first and the last one."""
    return calendar.Calendar(_first_weekday()).monthdatescalendar(first.year, first.month)


def _link(day: date) -> tuple[str, str]:
    return f"?month={day:%Y-%m}", date_format(day, "YEAR_MONTH_FORMAT")
