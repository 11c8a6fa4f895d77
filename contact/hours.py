"""When a channel is open, when the next call can be, and when so many hours of work are over.  Pure, no Django."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from flows.waiting import Opening

Span = tuple[datetime, datetime]

LONGEST = timedelta(days=7)  # that closing times are looked for; who stays open for longer is always open
WINDOW = timedelta(hours=2)
SHORTEST = timedelta(hours=1)  # of a window; what is left of a day and is shorter belongs to the one before
NOTICE = timedelta(hours=1)  # that somebody needs before they can call
MOST_WINDOWS = 10


@dataclass(frozen=True)
class State:
    """Open until a moment (None: always), or closed until one (None: for as long as anybody can see)."""

    is_open: bool
    changes_at: datetime | None = None


def state(opening: Opening, now: datetime) -> State:
    """Whether somebody is there now, and until when."""
    if not opening.hours:
        return State(is_open=True)
    for start, end in joined(opening, now):
        if now.timestamp() < start.timestamp():
            return State(is_open=False, changes_at=start)
        always = end.timestamp() - now.timestamp() > LONGEST.total_seconds()
        return State(is_open=True, changes_at=None if always else end)
    return State(is_open=False)


def joined(opening: Opening, now: datetime) -> Iterator[Span]:
    """The times that somebody is there; those that touch or overlap, as around midnight, are one."""
    held: Span | None = None
    for start, end in opening.spans_from(now):
        if end.timestamp() <= start.timestamp():
            continue  # it lies in the hour that summer time leaves out
        if held and start.timestamp() <= held[1].timestamp():
            held = (held[0], max(held[1], end, key=datetime.timestamp))
        else:
            if held:
                yield held
            held = (start, end)
        if held[1].timestamp() - max(held[0], now, key=datetime.timestamp).timestamp() > LONGEST.total_seconds():
            break  # it could go on for ever
    if held:
        yield held


def windows(opening: Opening, now: datetime, full: Container[float] = ()) -> list[Span]:
    """When somebody can call, the next first: within the opening hours, and not sooner than in an hour.

    Those whose beginning is in `full`, as a timestamp, take no further call.
    """
    earliest = now.timestamp() + NOTICE.total_seconds()
    cut = (window for span in joined(opening, now) for window in _cut(*span))
    free = (window for window in cut if window[0].timestamp() >= earliest and window[0].timestamp() not in full)
    return list(islice(free, MOST_WINDOWS))


def after(opening: Opening, now: datetime, hours: int) -> datetime | None:
    """The moment at which so many hours of being there are over; None where nobody ever is."""
    left = timedelta(hours=hours)
    if not opening.hours:
        return _later(now, left)
    for start, end in joined(opening, now):
        begun = max(start, now, key=datetime.timestamp)
        there = timedelta(seconds=end.timestamp() - begun.timestamp())
        if left <= there:
            return _later(begun, left)
        left -= there
    return None


def _cut(start: datetime, end: datetime) -> Iterator[Span]:
    """The span in windows of two hours, the last one a little shorter or longer."""
    while end.timestamp() - start.timestamp() >= (WINDOW + SHORTEST).total_seconds():
        middle = _later(start, WINDOW)
        yield start, middle
        start = middle
    yield start, end


def _later(moment: datetime, by: timedelta) -> datetime:
    """So much real time later, on the clocks of the same place."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)
