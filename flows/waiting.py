"""From when contacting us makes sense: a date, a wait rule and opening hours give a moment.  Pure, no Django."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", re.ASCII)
RESPONSE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?", re.ASCII)
NOT_KNOWN = "not-known"  # the response of who does not know the date
FIRST_YEAR, LAST_YEAR = 1990, 2099  # a year outside is a slip of the finger
MOST = {"hours": 2160, "days": 365, "working-days": 250}  # the longest wait a rule may ask for
SATURDAY = 5
LOOK_AHEAD = 400  # days; who never opens is always there
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")

Span = tuple[timedelta, timedelta]  # from midnight


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"


@dataclass(frozen=True)
class WaitRule:
    """So long after the date given; the amount is that of the policy fact, where one is named."""

    amount: int | None
    unit: Unit
    reason: Mapping[str, str] = field(default_factory=dict)  # by language; goes on after “because”
    fact: str = ""

    @property
    def is_sound(self) -> bool:
        return self.amount is not None and 0 <= self.amount <= self.most

    @property
    def most(self) -> int:
        return MOST[self.unit]


@dataclass(frozen=True)
class Opening:
    """When we are there: hours by weekday, Monday is 0 (none at all: always), and holidays."""

    hours: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    holidays: Container[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self.holidays

    def from_then(self, moment: datetime) -> datetime:
        """The moment itself while we are there, else the next opening."""
        for start, _end in self.spans_from(moment):
            return max(moment, start, key=datetime.timestamp)
        return moment

    def spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From when to when we are there, in order, without what has ended; nothing where it is always."""
        zone = moment.tzinfo
        for ahead in range(LOOK_AHEAD if self.hours and zone else 0):
            day = moment.date() + timedelta(days=ahead)
            for opens, closes in () if day in self.holidays else self.hours.get(day.weekday(), ()):
                start, end = _wall(day, opens, zone or UTC), _wall(day, closes, zone or UTC)
                if moment.timestamp() < end.timestamp():
                    yield start, end


@dataclass(frozen=True)
class Wait:
    """A date that was given, and what follows from it at a moment."""

    given: date | datetime  # a date without a time counts from its end
    due_at: datetime
    late: timedelta  # negative while it is too early

    @property
    def is_due(self) -> bool:
        return self.late >= timedelta(0)


def wait(response: str, rule: WaitRule, now: datetime, opening: Opening) -> Wait | None:
    """What the rule makes of the date at the moment; None where the response is no date, or one to come."""
    given = read_response(response, now)
    if given is None or not rule.is_sound:
        return None
    due_at = opening.from_then(_waited(given, rule, now.tzinfo or UTC, opening))
    return Wait(given, due_at, timedelta(seconds=now.timestamp() - due_at.timestamp()))


def read_response(response: str, now: datetime) -> date | datetime | None:
    """The date or moment of an address, in the time zone of `now`; None where it is none, or after `now`."""
    found = RESPONSE.fullmatch(response)
    if not found or not FIRST_YEAR <= int(found[1][:4]) <= LAST_YEAR:
        return None
    try:
        day = date.fromisoformat(found[1])
        if not found[2]:
            return day if day <= now.date() else None
        moment = _settled(datetime.combine(day, time.fromisoformat(found[2]), now.tzinfo))
    except ValueError:
        return None
    return moment if moment.timestamp() <= now.timestamp() else None


def read_day(text: str) -> date | None:
    """The day meant by 2026-05-03, 3/5/2026 or 3.5.26 (day first); None where it is none."""
    if found := YEAR_FIRST.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        number, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, number) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def read_hours(text: str) -> dict[int, tuple[Span, ...]]:
    """Opening hours like `mon-fri 09:00-18:00, sat 10:00-14:00`; empty: always.  ValueError says what is wrong."""
    spans: dict[int, list[Span]] = {}
    for part in filter(None, (" ".join(part.lower().split()) for part in text.split(","))):
        found = HOURS.fullmatch(part)
        days = {found["first"], found["last"] or found["first"]} if found else set()
        if not found or not days <= set(WEEKDAYS):
            raise ValueError(f"“{part}” is no opening hours. Write them like: mon-fri 09:00-18:00")
        opens, closes = _clock(found["opens"]), _clock(found["closes"])
        first, last = WEEKDAYS.index(found["first"]), WEEKDAYS.index(found["last"] or found["first"])
        if opens >= closes or first > last:
            raise ValueError(f"“{part}” ends before it begins")
        for weekday in range(first, last + 1):
            spans.setdefault(weekday, []).append((opens, closes))
    return {weekday: tuple(sorted(given)) for weekday, given in spans.items()}


def working_day_after(day: date, count: int, opening: Opening) -> date:
    """The count-th working day after the day; where hardly a day is one, the search ends all the same."""
    for ahead in range(1, LOOK_AHEAD + 7 * count):
        if count == 0:
            return day + timedelta(days=ahead - 1)
        count -= opening.is_working_day(day + timedelta(days=ahead))
    return day


def _waited(given: date | datetime, rule: WaitRule, zone: tzinfo, opening: Opening) -> datetime:
    """The moment at which the rule's time is over, open or not."""
    amount = rule.amount or 0
    day, clock = given, timedelta(days=1)
    if isinstance(given, datetime):
        day, clock = given.date(), timedelta(hours=given.hour, minutes=given.minute)
    match rule.unit:
        case Unit.HOURS:
            start = given if isinstance(given, datetime) else _wall(day, clock, zone)
            return (start.astimezone(UTC) + timedelta(hours=amount)).astimezone(zone)
        case Unit.DAYS:
            return _wall(day + timedelta(days=amount), clock, zone)
    return _wall(working_day_after(day, amount, opening), clock, zone)


def _clock(text: str) -> timedelta:
    hours, minutes = (int(part) for part in text.split(":"))
    if minutes > 59 or timedelta(hours=hours, minutes=minutes) > timedelta(days=1):
        raise ValueError(f"“{text}” is no time of day")
    return timedelta(hours=hours, minutes=minutes)


def _wall(day: date, clock: timedelta, zone: tzinfo) -> datetime:
    """The moment when clocks on the wall say so."""
    return _settled((datetime.combine(day, time()) + clock).replace(tzinfo=zone))


def _settled(moment: datetime) -> datetime:
    """A time that summer time leaves out is the one that clocks show instead."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)
