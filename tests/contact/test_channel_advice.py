"""Which channel is advised, and why: the same for the same, whatever rows there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from contact.channels import Case, Kind, Reason, Way, advise
from flows.waiting import Opening, read_hours
from tests.contact.test_hours import moments, openings

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 26, 10, tzinfo=MADRID)
NIGHT = datetime(2026, 11, 26, 22, tzinfo=MADRID)
OFFICE = Opening(read_hours("mon-fri 09:00-18:00"))
MAIL, PHONE, CHAT = Way("m", Kind.EMAIL), Way("p", Kind.PHONE, OFFICE), Way("c", Kind.CHAT, OFFICE, position=1)
CALL, SOCIAL = Way("b", Kind.CALLBACK, OFFICE), Way("s", Kind.SOCIAL, OFFICE, answer_hours=9)
ALL = [SOCIAL, MAIL, CALL, CHAT, PHONE]


def order(now: datetime = NOW, **case: object) -> list[tuple[str, Reason]]:
    given = {"answer_by": now + timedelta(days=4)} | case
    return [(advice.way.key, advice.reason) for advice in advise(ALL, Case(**given), now)]  # type: ignore[arg-type]


def test_a_long_story_is_written_and_everything_else_stands_below_the_soonest_first() -> None:
    assert order(is_complex=True) == [
        ("m", Reason.COMPLEX),
        ("p", Reason.OTHER),
        ("c", Reason.OTHER),
        ("b", Reason.OTHER),
        ("s", Reason.OTHER),
    ]
    assert order(has_files=True, is_complex=True)[0] == ("m", Reason.FILES)
    assert order()[0] == ("m", Reason.READY)


def test_what_is_urgent_is_said_to_whoever_is_there_first() -> None:
    assert order(is_urgent=True)[:3] == [("p", Reason.URGENT), ("c", Reason.URGENT), ("b", Reason.URGENT)]


def test_at_night_nobody_is_advised_to_ring() -> None:
    closed = dict(order(NIGHT, is_urgent=True))
    assert closed["p"] == closed["c"] == Reason.CLOSED
    assert closed["b"] == Reason.URGENT  # it is asked for now


def test_where_an_answer_by_mail_takes_long_a_short_matter_is_worth_a_call() -> None:
    late = NOW + timedelta(days=14)
    assert order(answer_by=late)[0] == ("p", Reason.SOONER)
    assert order(answer_by=late, has_files=True)[0] == ("m", Reason.FILES)
    assert order(NIGHT, answer_by=NIGHT + timedelta(days=14))[0] == ("b", Reason.SOONER)


def test_who_answers_later_than_the_mail_is_not_advised_as_the_sooner_one() -> None:
    slow = Way("slow", Kind.CHAT, OFFICE, answer_hours=80)
    best, other = advise([slow, MAIL], Case(NOW + timedelta(days=8)), NOW)
    assert (best.way, best.reason, other.reason) == (MAIL, Reason.READY, Reason.OTHER)


def test_hours_in_which_nobody_is_ever_there_are_closed_and_last() -> None:
    never = Way("n", Kind.PHONE, Opening(OFFICE.hours, {(NOW + timedelta(days=n)).date() for n in range(-1, 500)}))
    last = advise([never, MAIL, CHAT], Case(NOW + timedelta(days=2), is_urgent=True), NOW)[-1]
    assert (last.way, last.reason, last.answer_at) == (never, Reason.CLOSED, None)


@st.composite
def rows(draw: st.DrawFn) -> list[Way]:
    count = draw(st.integers(0, 6))
    return [
        Way(
            key=f"way-{number}",
            kind=draw(st.sampled_from(Kind)),
            opening=draw(st.one_of(st.just(Opening()), openings())),
            answer_hours=draw(st.one_of(st.none(), st.integers(1, 80))),
            position=draw(st.integers(0, 3)),
        )
        for number in range(count)
    ]


@given(rows(), moments(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 30), st.randoms())
def test_every_channel_once_and_in_the_same_order(
    ways: list[Way], now: datetime, urgent: bool, complex_: bool, files: bool, days: int, random: object
) -> None:
    promise = (now.astimezone(UTC) + timedelta(days=days)).astimezone(now.tzinfo)  # never before now, on any clock
    case = Case(promise, urgent, complex_, files)
    first = advise(ways, case, now)
    assert sorted(advice.way.key for advice in first) == sorted(way.key for way in ways)
    mixed = list(ways)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert advise(mixed, case, now) == first
    for advice in first:
        assert advice.answer_at is None or advice.answer_at.timestamp() >= now.timestamp()
        if advice.reason in (Reason.URGENT, Reason.SOONER) and advice.way.kind != Kind.CALLBACK:
            assert advice.state.is_open
        if not urgent and (files or complex_) and any(way.kind == Kind.EMAIL for way in ways):
            assert first[0].way.kind == Kind.EMAIL
