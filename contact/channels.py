"""Which channel is best for a request, and why: from what it is about, hours and waiting.  Pure, no Django."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flows.waiting import Opening

from . import hours
from .hours import State

LONG = timedelta(days=7)  # an answer by e-mail that takes longer is worth a call
NEVER = datetime.max.replace(tzinfo=UTC).timestamp()


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    CALLBACK = "callback"
    CHAT = "chat"
    SOCIAL = "social"


class Reason(StrEnum):
    FILES = "files"  # there is something to look at
    COMPLEX = "complex"  # there is much to read
    READY = "ready"  # it is all written down
    URGENT = "urgent"
    SOONER = "sooner"  # the answer by e-mail would take long
    OTHER = "other"  # nothing speaks for it, and nothing against it
    CLOSED = "closed"


LIVE = (Kind.PHONE, Kind.CHAT, Kind.CALLBACK)  # somebody talks with the customer


@dataclass(frozen=True)
class Way:
    """What the rules need to know of a channel."""

    key: str
    kind: Kind
    opening: Opening = Opening()
    answer_hours: int | None = None
    position: int = 0
    full: frozenset[float] = frozenset()  # the beginnings of windows that take no further call


@dataclass(frozen=True)
class Case:
    """What the rules need to know of a request; the moment is that of the promise for e-mail."""

    answer_by: datetime
    is_urgent: bool = False
    is_complex: bool = False
    has_files: bool = False


@dataclass(frozen=True)
class Advice:
    way: Way
    reason: Reason
    state: State
    answer_at: datetime | None  # when a person is likely to answer; None: nobody can say


def advise(ways: Iterable[Way], case: Case, now: datetime) -> list[Advice]:
    """Every channel once, the best first, each with the reason why it stands there."""
    given = [_seen(way, case, now) for way in ways]
    soonest = sorted(given, key=_soonest)
    if not soonest or case.is_urgent:
        return soonest
    best = _best(soonest, case, now)
    return [best, *(advice for advice in soonest if advice.way != best.way)]


def _best(soonest: list[Advice], case: Case, now: datetime) -> Advice:
    """E-mail, which takes everything along; unless its answer takes long and somebody can be talked to before."""
    mail = next((advice for advice in soonest if advice.way.kind == Kind.EMAIL), None)
    live = next((advice for advice in soonest if advice.reason == Reason.SOONER), None)
    return live or mail or soonest[0]


def _seen(way: Way, case: Case, now: datetime) -> Advice:
    there = hours.state(way.opening, now)
    answer_at = _answer_at(way, there, case, now)
    return Advice(way, _reason(way, there, answer_at, case, now), there, answer_at)


def _reason(way: Way, there: State, answer_at: datetime | None, case: Case, now: datetime) -> Reason:
    if way.kind == Kind.EMAIL:
        return _reason_for_mail(case)
    if not there.is_open and way.kind != Kind.CALLBACK or answer_at is None and way.kind in LIVE:
        return Reason.CLOSED
    if way.kind not in LIVE:
        return Reason.OTHER
    if case.is_urgent:
        return Reason.URGENT
    # Files cannot be shown on the phone, and a long story is better read.
    has_to_be_seen = case.has_files or case.is_complex
    waits_long = case.answer_by.timestamp() - now.timestamp() > LONG.total_seconds()
    # Not always: the next free call may be weeks away, or the answer on a chat ten working days.
    is_sooner = answer_at is not None and answer_at.timestamp() < case.answer_by.timestamp()
    return Reason.SOONER if waits_long and is_sooner and not has_to_be_seen else Reason.OTHER


def _reason_for_mail(case: Case) -> Reason:
    if case.has_files:
        return Reason.FILES
    return Reason.COMPLEX if case.is_complex else Reason.READY


def _answer_at(way: Way, there: State, case: Case, now: datetime) -> datetime | None:
    if way.kind == Kind.EMAIL:
        return case.answer_by
    if way.kind == Kind.CALLBACK:
        return next((start for start, _end in hours.windows(way.opening, now, way.full)), None)
    if way.answer_hours is not None:
        return hours.after(way.opening, now, way.answer_hours)
    if way.kind in LIVE:
        return now if there.is_open else there.changes_at
    return None


def _soonest(advice: Advice) -> tuple[float, int, int, str]:
    at = advice.answer_at.timestamp() if advice.answer_at else NEVER
    return at, list(Kind).index(advice.way.kind), advice.way.position, advice.way.key
