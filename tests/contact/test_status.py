"""The request's own page: who acts next, in plain words, at each moment of its life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from contact import status
from contact.models import ContactRequest
from contact.status import Due
from contact.words import weekday
from tests.contact.customer import EMAIL, a_request, fill_in, press_send
from tests.factories import make_topic

WEDNESDAY = date(2026, 11, 25)


class DueTests(SimpleTestCase):
    def test_tells_the_days_apart(self):
        days = {
            Due.OVERDUE: WEDNESDAY - timedelta(days=1),
            Due.TODAY: WEDNESDAY,
            Due.WEEK: WEDNESDAY + timedelta(days=4),  # Sunday
            Due.LATER: WEDNESDAY + timedelta(days=5),
        }
        assert {Due.of(day, WEDNESDAY): day for day in days.values()} == days

    def test_on_sunday_tomorrow_is_next_week(self):
        sunday = WEDNESDAY + timedelta(days=4)
        assert Due.of(sunday + timedelta(days=1), sunday) == Due.LATER


class QueryTests(TestCase):
    def test_finds_in_the_database_what_it_says_of_each(self):
        sent = a_request()
        for ahead in range(-8, 9):
            ContactRequest.objects.update(promise=WEDNESDAY + timedelta(days=ahead))
            sent.refresh_from_db()
            found = [due for due in Due if ContactRequest.objects.filter(due.condition(WEDNESDAY)).exists()]
            assert found == [Due.of(sent.promise, WEDNESDAY)]


class PageTests(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("late", details=["order-number"])
        self.sent = a_request(self.client, self.topic, message="Where is it?")

    def page(self, **values: Any) -> Any:
        ContactRequest.objects.update(**values)
        return self.client.get(self.sent.get_absolute_url())

    def test_right_after_sending_it_says_that_we_have_it_and_again_on_reload(self):
        for _time in range(2):
            page = self.page()
            self.assertContains(page, "<h1>We have your request</h1>", html=True)
            self.assertContains(page, f"We are working on it; answer by {weekday(self.sent.promise)}.")
            self.assertContains(page, f"answers you at {EMAIL}")
        page = self.page(created_at=timezone.now() - timedelta(hours=2))
        self.assertContains(page, "<h1>Your request</h1>", html=True)
        self.assertNotContains(page, "A copy of your request goes")

    def test_on_the_promised_day_it_says_today(self):
        self.assertContains(self.page(promise=status.today()), "you have our answer today")

    def test_after_the_promised_day_it_says_so_and_what_to_do(self):
        late = status.today() - timedelta(days=1)
        page = self.page(promise=late)
        self.assertContains(page, f"We should have answered by {weekday(late)}.")
        self.assertContains(page, f'"mailto:support@localhost?subject={self.sent.reference}"')
        self.assertContains(page, f"{weekday(late)}: our answer was due.")
        self.assertNotContains(page, "We are working on it")

    def test_tells_what_has_happened_in_order(self):
        fill_in(self.client, self.topic, message="Mended words")
        press_send(self.client)
        page = self.page()
        text = page.content.decode()
        said = (
            "You sent your request.",
            "You sent it again, with changes.",
            "we answer.",
            "Where is it?",
            "Mended",
        )
        places = [text.index(words) for words in said]
        assert places == sorted(places)

    def test_the_worded_request_comes_first(self):
        page = self.page(worded="My order has not come.")
        assert page.context["rows"][0].value == "My order has not come."

    def test_says_how_to_add_something_and_keeps_to_itself(self):
        page = self.page()
        self.assertContains(page, "Reply to the mail with your copy")
        assert page["Cache-Control"] == "no-store"
        assert self.sent.reference not in page.request["PATH_INFO"]
