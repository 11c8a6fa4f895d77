"""The calendar file, read by somebody else's reader."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from flows.reminder import calendar

AT = datetime(2026, 5, 14, 8, 0, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200)


def event(
    address: str = "https://h.example/en/?a=b", title: str = "Title", text: str = "Text", at: datetime = AT
) -> Event:
    file = calendar(title=title, text=text, address=address, at=at, now=datetime.now(UTC))
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    (found,) = Calendar.from_ical(file).walk("VEVENT")
    return found


class ReminderTests(SimpleTestCase):
    def test_is_at_the_moment_and_leads_to_the_address(self):
        found = event()
        assert found["DTSTART"].dt == AT
        assert found["URL"] == "https://h.example/en/?a=b"

    def test_lasts_as_long_on_the_night_when_clocks_are_set_back(self):
        found = event(at=datetime(2026, 10, 25, 2, 50, tzinfo=ZoneInfo("Europe/Madrid")))  # 3:00 is 2:00 again
        assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(minutes=15)

    def test_is_the_same_event_however_often_it_is_loaded(self):
        assert event()["UID"] == event()["UID"]
        assert event()["UID"] != event("https://h.example/en/?a=c")["UID"]

    @given(words, words)
    def test_any_words_come_through_whole(self, title, text):
        found = event(title=title, text=text)
        assert str(found["SUMMARY"]) == title
        assert str(found["DESCRIPTION"]) == text
