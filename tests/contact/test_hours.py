"""Opening hours, windows for calls and hours of work: over time zones, summer time, holidays and any hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact import hours
from contact.hours import MOST_WINDOWS, NOTICE, State
from flows.waiting import Opening, read_hours

MADRID = ZoneInfo("Europe/Madrid")
ZONES = ["Europe/Madrid", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
OFFICE = Opening(read_hours("mon-fri 09:00-18:00"))
DAYS = st.integers(0, 6)
MINUTES = st.integers(0, 24 * 60)


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    spans: dict[int, list[tuple[timedelta, timedelta]]] = {}
    for _number in range(draw(st.integers(1, 6))):
        first, last = sorted((draw(MINUTES), draw(MINUTES)))
        if first < last:
            spans.setdefault(draw(DAYS), []).append((timedelta(minutes=first), timedelta(minutes=last)))
    holidays = draw(st.sets(st.dates(datetime(2026, 1, 1).date(), datetime(2027, 12, 31).date()), max_size=20))
    return Opening({day: tuple(sorted(given)) for day, given in spans.items()}, holidays)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    # Half of them around a change of the clocks, where rules go wrong.
    near = draw(
        st.sampled_from([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC), None])
    )
    begin = near or datetime(2026, 1, 1, tzinfo=UTC)
    minutes = draw(st.integers(-3000, 3000) if near else st.integers(0, 600_000))
    return (begin + timedelta(minutes=minutes)).astimezone(zone)


def is_there(opening: Opening, moment: datetime) -> bool:
    """The same said otherwise: a time on the wall within one of its day's spans."""
    clock = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
    spans = () if moment.date() in opening.holidays else opening.hours.get(moment.weekday(), ())
    return any(opens <= clock < closes for opens, closes in spans)


@given(openings(), moments())
def test_it_is_open_when_the_wall_says_so(opening: Opening, now: datetime) -> None:
    said = hours.state(opening, now)
    if not opening.hours:
        assert said == State(is_open=True)
    elif now.utcoffset() == (now.astimezone(UTC) - timedelta(hours=3)).astimezone(now.tzinfo).utcoffset():
        assert said.is_open == is_there(opening, now)  # in the hours around a change, walls say a time twice
    if said.changes_at:
        assert said.changes_at.timestamp() > now.timestamp()
        before = (said.changes_at.astimezone(UTC) - timedelta(seconds=1)).astimezone(now.tzinfo)
        assert hours.state(opening, max(before, now)).is_open == said.is_open
        assert hours.state(opening, said.changes_at).is_open != said.is_open


@given(openings(), moments())
def test_windows_are_few_apart_in_order_and_never_too_soon(opening: Opening, now: datetime) -> None:
    free = hours.windows(opening, now)
    assert len(free) <= MOST_WINDOWS
    edges = [moment.timestamp() for window in free for moment in window]
    assert edges == sorted(edges)
    for start, end in free:
        assert start.timestamp() >= now.timestamp() + NOTICE.total_seconds()
        assert timedelta(0) < end.astimezone(UTC) - start.astimezone(UTC) < timedelta(hours=3)
        assert hours.state(opening, start).is_open
        last = (end.astimezone(UTC) - timedelta(seconds=1)).astimezone(now.tzinfo)
        assert hours.state(opening, last).is_open


@given(openings(), moments(), st.integers(1, 40))
def test_work_takes_at_least_its_hours_and_more_of_them_take_longer(
    opening: Opening, now: datetime, count: int
) -> None:
    first, second = hours.after(opening, now, count), hours.after(opening, now, count + 1)
    if first:
        assert first.timestamp() >= now.timestamp() + count * 3600
    if first and second:
        assert second.timestamp() >= first.timestamp() + 3600


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-26T10:00", State(True, datetime(2026, 11, 26, 18, tzinfo=MADRID))),
        ("2026-11-26T18:00", State(False, datetime(2026, 11, 27, 9, tzinfo=MADRID))),
        ("2026-11-27T19:00", State(False, datetime(2026, 11, 30, 9, tzinfo=MADRID))),
    ],
)
def test_an_office(now: str, said: State) -> None:
    assert hours.state(OFFICE, datetime.fromisoformat(now).replace(tzinfo=MADRID)) == said


def test_around_the_clock_never_closes_but_on_a_holiday() -> None:
    always = read_hours("mon-sun 00:00-24:00")
    now = datetime(2026, 11, 26, 10, tzinfo=MADRID)
    assert hours.state(Opening(always), now) == State(is_open=True)
    said = hours.state(Opening(always, {datetime(2026, 11, 28).date()}), now)
    assert said == State(True, datetime(2026, 11, 28, tzinfo=MADRID))


def test_the_windows_of_an_office_are_two_hours_long_on_the_next_working_days() -> None:
    free = hours.windows(OFFICE, datetime(2026, 11, 27, 14, 30, tzinfo=MADRID))
    said = [f"{start:%a %H}-{end:%H}" for start, end in free]
    assert said == (
        ["Fri 17-18"]
        + ["Mon 09-11", "Mon 11-13", "Mon 13-15", "Mon 15-17", "Mon 17-18"]
        + ["Tue 09-11", "Tue 11-13", "Tue 13-15", "Tue 15-17"]
    )
    assert hours.windows(Opening(), datetime(2026, 11, 27, tzinfo=MADRID)) == []


def test_hours_of_work_stop_at_night_and_over_the_weekend() -> None:
    friday = datetime(2026, 11, 27, 16, tzinfo=MADRID)
    assert hours.after(OFFICE, friday, 4) == datetime(2026, 11, 30, 11, tzinfo=MADRID)
    assert hours.after(Opening(), friday, 4) == datetime(2026, 11, 27, 20, tzinfo=MADRID)
