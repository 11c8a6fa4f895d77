"""From when contacting us makes sense: over summer time, leap days, year ends and time zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from flows.waiting import Opening, Unit, Wait, WaitRule, read_day, read_hours, wait

MADRID = ZoneInfo("Europe/Madrid")
ZONES = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
ALWAYS = Opening()
OFFICE = Opening(read_hours("mon-fri 09:00-18:00"), {date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 6)})
MUCH_LATER = datetime(2099, 1, 1, tzinfo=MADRID)

zones = st.sampled_from(ZONES).map(ZoneInfo)
rules = st.builds(WaitRule, st.integers(0, 250), st.sampled_from(Unit))
moments = st.datetimes(datetime(1991, 1, 1), datetime(2098, 1, 1))


def due(response: str, amount: int, unit: Unit, opening: Opening = ALWAYS, zone: ZoneInfo = MADRID) -> str:
    found = wait(response, WaitRule(amount, unit), MUCH_LATER.astimezone(zone), opening)
    assert found
    return found.due_at.isoformat()


class HoursTests(SimpleTestCase):
    def test_count_from_the_time_given_else_from_the_end_of_the_day(self):
        assert due("2026-05-12T10:00", 48, Unit.HOURS) == "2026-05-14T10:00:00+02:00"
        assert due("2026-05-12", 48, Unit.HOURS) == "2026-05-15T00:00:00+02:00"

    def test_are_hours_when_the_clocks_change(self):
        assert due("2026-03-28T12:00", 24, Unit.HOURS) == "2026-03-29T13:00:00+02:00"
        assert due("2026-10-24T12:00", 24, Unit.HOURS) == "2026-10-25T11:00:00+01:00"

    def test_of_a_time_that_the_clocks_leave_out_or_show_twice(self):
        assert due("2026-03-29T02:30", 0, Unit.HOURS) == "2026-03-29T03:30:00+02:00"
        assert due("2026-10-25T02:30", 1, Unit.HOURS) == "2026-10-25T02:30:00+01:00"

    def test_pass_the_end_of_a_year_and_a_leap_day(self):
        assert due("2026-12-31T23:00", 2, Unit.HOURS) == "2027-01-01T01:00:00+01:00"
        assert due("2028-02-28", 24, Unit.HOURS) == "2028-03-01T00:00:00+01:00"

    def test_are_those_of_the_sites_zone(self):
        assert due("2026-05-12", 0, Unit.HOURS, zone=ZoneInfo("Asia/Kathmandu")) == "2026-05-13T00:00:00+05:45"

    def test_that_end_outside_opening_hours_end_at_the_next_opening(self):
        assert due("2026-05-12T10:00", 48, Unit.HOURS, OFFICE) == "2026-05-14T10:00:00+02:00"
        assert due("2026-05-12T07:00", 48, Unit.HOURS, OFFICE) == "2026-05-14T09:00:00+02:00"
        assert due("2026-05-13T18:00", 48, Unit.HOURS, OFFICE) == "2026-05-18T09:00:00+02:00"
        assert due("2026-12-23T20:00", 48, Unit.HOURS, OFFICE) == "2026-12-28T09:00:00+01:00"


class DaysTests(SimpleTestCase):
    def test_keep_the_time_on_the_clock_when_clocks_change(self):
        assert due("2026-03-28T12:00", 1, Unit.DAYS) == "2026-03-29T12:00:00+02:00"
        assert due("2026-03-28", 1, Unit.DAYS) == "2026-03-30T00:00:00+02:00"

    def test_after_a_leap_day(self):
        assert due("2028-02-29", 365, Unit.DAYS) == "2029-03-01T00:00:00+01:00"


class WorkingDaysTests(SimpleTestCase):
    def test_leave_out_weekends_and_holidays(self):
        assert due("2026-05-08", 3, Unit.WORKING_DAYS) == "2026-05-14T00:00:00+02:00"
        assert due("2026-12-23", 3, Unit.WORKING_DAYS, OFFICE) == "2026-12-30T09:00:00+01:00"
        assert due("2026-12-31", 3, Unit.WORKING_DAYS, OFFICE) == "2027-01-08T09:00:00+01:00"

    def test_none_is_the_end_of_the_day_itself(self):
        assert due("2026-05-09", 0, Unit.WORKING_DAYS) == "2026-05-10T00:00:00+02:00"

    def test_where_every_day_is_a_holiday_the_search_ends(self):
        class Always:
            def __contains__(self, day: object) -> bool:
                return True

        for unit in Unit:
            assert due("2026-05-09", 3, unit, Opening(OFFICE.hours, Always()))


class LatenessTests(SimpleTestCase):
    def waited(self, now: datetime, response: str = "2026-05-12T10:00") -> Wait:
        found = wait(response, WaitRule(48, Unit.HOURS), now, ALWAYS)
        assert found
        return found

    def test_it_is_due_from_the_very_moment(self):
        assert not self.waited(datetime(2026, 5, 14, 9, 59, tzinfo=MADRID)).is_due
        assert self.waited(datetime(2026, 5, 14, 10, 0, tzinfo=MADRID)).is_due

    def test_says_by_how_much_it_is_late_over_a_change_of_clocks(self):
        late = self.waited(datetime(2026, 10, 25, 12, 0, tzinfo=MADRID), "2026-10-22T12:00").late
        assert late == timedelta(hours=25)

    def test_the_same_moment_told_twice_by_the_clocks_is_told_apart(self):
        first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=MADRID) for fold in (0, 1))
        rule = WaitRule(1, Unit.HOURS)
        assert wait("2026-10-25T01:45", rule, first, ALWAYS).is_due is False
        assert wait("2026-10-25T01:45", rule, second, ALWAYS).is_due is True


class AnyDateTests(SimpleTestCase):
    @given(moments, st.text(max_size=20))
    def test_text_that_is_no_date_is_none(self, moment, text):
        now = moment.replace(tzinfo=MADRID)
        assert wait(text, WaitRule(1, Unit.DAYS), now, OFFICE) is None or read_day(text.partition("T")[0])

    @given(moments, rules, zones, st.booleans())
    def test_the_end_is_an_opening_after_the_date_and_late_by_the_difference(self, moment, rule, zone, has_time):
        given_at = moment.replace(tzinfo=zone)
        now = datetime(2099, 12, 1, tzinfo=zone)
        found = wait(moment.isoformat()[: 16 if has_time else 10], rule, now, OFFICE)
        assert found and found.due_at.timestamp() >= given_at.timestamp() - 60
        assert OFFICE.from_then(found.due_at) == found.due_at
        assert found.late == now.astimezone(UTC) - found.due_at.astimezone(UTC)

    @given(moments, moments, rules, zones)
    def test_a_later_date_is_never_due_earlier(self, one, other, rule, zone):
        now = datetime(2099, 12, 1, tzinfo=zone)
        first, second = (wait(moment.isoformat()[:10], rule, now, OFFICE) for moment in sorted((one, other)))
        assert first.due_at.timestamp() <= second.due_at.timestamp()


class OpeningHoursTests(SimpleTestCase):
    def test_may_have_a_break_and_end_at_midnight(self):
        hours = read_hours("mon-tue 15:00-24:00, mon 09:00-14:00")
        assert hours == {
            0: ((timedelta(hours=9), timedelta(hours=14)), (timedelta(hours=15), timedelta(hours=24))),
            1: ((timedelta(hours=15), timedelta(hours=24)),),
        }
        lunch = datetime(2026, 5, 11, 14, 30, tzinfo=MADRID)
        assert Opening(hours).from_then(lunch).isoformat() == "2026-05-11T15:00:00+02:00"

    def test_none_at_all_is_always(self):
        assert read_hours(" ") == {}

    def test_what_is_none_is_said_in_a_sentence(self):
        for text in ("9-18", "mon-fri 18:00-09:00", "fri-mon 09:00-18:00", "mon 09:00-25:00", "xyz 09:00-10:00"):
            with self.assertRaises(ValueError):
                read_hours(text)
