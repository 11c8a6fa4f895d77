"""A date step's pages: when was it, too early, due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.core.exceptions import ImproperlyConfigured
from django.test import TestCase
from django.utils import timezone
from icalendar import Calendar

from contact.models import DraftRequest
from flows.clock import check, opening
from flows.models import Detail, Flow
from tests.factories import both, make_fact, make_flow, make_topic

STEPS: dict[str, dict[str, Any]] = {
    "when": {
        "kind": "date",
        "wait_amount": 48,
        "wait_reason": {"en": "carriers are slow", "es": "el transporte tarda"},
        "options": {"too-early": "patience", "due": "contact-us"},
    },
    "patience": {"kind": "outcome", "outcome": "solved", "body": both("Look again")},
    "contact-us": {"kind": "outcome", "outcome": "contact"},
}
PAGE = "/en/resolve/lost/when/"


def at(*when: int) -> Any:
    """The clock shows this moment, in Madrid's summer."""
    moment = datetime(*when, tzinfo=timezone.get_default_timezone())
    return patch("django.utils.timezone.now", return_value=moment.astimezone(UTC))


class DateStepTestCase(TestCase):
    def setUp(self) -> None:
        self.flow = make_flow("lost", STEPS)
        clock = at(2026, 5, 12, 11, 0)
        clock.start()
        self.addCleanup(clock.stop)


class AskingTests(DateStepTestCase):
    def test_asks_for_today_yesterday_or_a_day(self):
        page = self.client.get(PAGE)
        self.assertContains(page, 'type="radio"', count=4)
        self.assertContains(page, '<input type="date" id="day-day" name="when.day"')
        self.assertNotContains(page, "checked")

    def test_today_and_yesterday_become_dates_in_the_address(self):
        for word, day in (("today", "2026-05-12"), ("yesterday", "2026-05-11")):
            answer = self.client.get(PAGE, {"when": word, "when.day": "", "when.time": "", "continue": "1"})
            self.assertRedirects(answer, f"/en/resolve/lost/patience/?when={day}", fetch_redirect_response=False)
        shared = self.client.get("/en/resolve/lost/patience/?when=today")
        self.assertRedirects(shared, "/en/resolve/lost/patience/?when=2026-05-12")

    def test_a_day_is_read_as_people_write_it_with_its_time(self):
        given = {"when": "other", "when.day": "1/5/2026", "when.time": "9.30", "continue": "1"}
        answer = self.client.get(PAGE, given)
        self.assertRedirects(answer, "/en/resolve/lost/contact-us/?when=2026-05-01T09%3A30")

    def test_hours_are_read_as_people_write_them(self):
        for written, read in (
            ("9.15am", "09%3A15"),
            ("2:30 p.m.", "14%3A30"),
            ("12:05 AM", "00%3A05"),
            ("9h05", "09%3A05"),
        ):
            answer = self.client.get(PAGE, {"when.day": "2026-05-01", "when.time": written, "continue": "1"})
            self.assertRedirects(answer, f"/en/resolve/lost/contact-us/?when=2026-05-01T{read}")

    def test_a_day_alone_is_enough(self):
        answer = self.client.get(PAGE, {"when.day": "2026-05-01", "when.time": "", "continue": "1"})
        self.assertRedirects(answer, "/en/resolve/lost/contact-us/?when=2026-05-01")

    def test_what_is_no_date_is_said_and_kept(self):
        for given, sentence in (
            ({}, "Choose today, yesterday or another day, or that you don’t know the date"),
            ({"when": "other"}, "Write the day as a date"),
            ({"when": "other", "when.day": "last <week>"}, "Write the day as a date"),
            ({"when": "other", "when.day": "2026-05-13"}, "still to come"),
            ({"when": "today", "when.time": "12:00"}, "still to come"),
            ({"when": "today", "when.time": "noon"}, "Write the time"),
            ({"when": "today", "when.time": "25:10"}, "Write the time"),
            ({"when": "today", "when.time": "13:10 pm"}, "Write the time"),
            ({"when": "today", "when.day": "2026-05-01"}, "wrote another day"),
            ({"when": "not-known", "when.day": "2026-05-01"}, "and chose that you don’t know it"),
        ):
            page = self.client.get(PAGE, given | {"continue": "1"})
            with self.subTest(given=given):
                self.assertContains(page, "<title>Error: ")
                self.assertContains(page, sentence, count=2)
                for value in given.values():
                    self.assertContains(page, value.replace("<", "&lt;").replace(">", "&gt;"))

    def test_change_opens_it_with_the_date_given(self):
        page = self.client.get(f"{PAGE}?was=2026-05-01T09:30")
        self.assertContains(page, 'value="2026-05-01"')
        self.assertContains(page, 'value="09:30"')

    def test_pages_that_tomorrow_are_others_are_not_cached(self):
        for address in (PAGE, "/en/resolve/lost/patience/?when=2026-05-12", f"{PAGE}?when=today"):
            assert "no-store" in self.client.get(address)["Cache-Control"]
        make_flow("plain")
        assert "Cache-Control" not in self.client.get("/en/resolve/plain/start/")


class TooEarlyTests(DateStepTestCase):
    address = "/en/resolve/lost/patience/?when=2026-05-12T10%3A00"

    def test_says_from_when_and_why_and_what_to_do_until_then(self):
        page = self.client.get(self.address)
        self.assertContains(page, "<strong>Thursday 14 May at 10:00</strong>, because carriers are slow.")
        self.assertContains(page, "Until then")
        self.assertContains(page, "Look again (en)")
        self.assertContains(page, 'href="/en/contact/details/?flow=lost&amp;when=2026-05-12T10%3A00"')
        spanish = self.client.get(self.address.replace("/en/", "/es/"))
        self.assertContains(
            spanish, "a partir del <strong>jueves 14 de mayo a las 10:00</strong>, porque el transporte tarda."
        )

    def test_has_a_calendar_entry_that_leads_back_to_the_very_step(self):
        page = self.client.get(self.address)
        link = "/en/resolve/lost/patience/calendar.ics?when=2026-05-12T10%3A00"
        self.assertContains(page, f'href="{link}"')
        file = self.client.get(link)
        assert file["Content-Type"] == "text/calendar; charset=utf-8"
        (event,) = Calendar.from_ical(file.content).walk("VEVENT")
        assert event["DTSTART"].dt == datetime(2026, 5, 14, 8, 0, tzinfo=UTC)
        assert event["URL"].endswith(self.address)
        assert "Flow lost (en)" in event["SUMMARY"]

    def test_once_due_the_same_address_goes_on(self):
        with at(2026, 5, 14, 10, 0):
            self.assertRedirects(
                self.client.get(self.address), "/en/resolve/lost/contact-us/?when=2026-05-12T10%3A00"
            )
            late = self.client.get("/en/resolve/lost/patience/calendar.ics?when=2026-05-12T10%3A00")
            assert late.status_code == 302

    def test_the_wait_may_be_a_fact(self):
        fact = make_fact("wait_hours", 24)
        draft = self.flow.make_draft()
        draft.steps.filter(slug="when").update(
            wait_amount=None, wait_fact=fact, wait_reason={"en": "of {{ wait_hours }} hours", "es": "x"}
        )
        draft.publish()
        page = self.client.get("/en/resolve/lost/patience/?when=2026-05-12T10:00")
        self.assertContains(page, "Wednesday 13 May at 10:00</strong>, because of 24 hours.")

    def test_costs_at_most_six_queries(self):
        with self.assertNumQueries(4):
            self.client.get(self.address)


class DueTests(DateStepTestCase):
    def test_the_trail_says_by_how_much_it_is_late(self):
        page = self.client.get("/en/resolve/lost/contact-us/?when=2026-05-01T09:30")
        self.assertContains(page, "1 May 2026 at 09:30 (the wait was over 8 days ago)")

    def test_the_request_says_it_as_it_was_at_the_hand_off(self):
        self.client.get("/en/contact/details/?flow=lost&when=2026-05-01T09:30")
        draft = DraftRequest.objects.get()
        with at(2026, 5, 12, 23, 0):
            page = self.client.get("/en/contact/details/")
            assert draft.tried in page.context["form"]["tried"].value()
        assert "the wait was over 8 days ago" in draft.tried

    def test_contact_anyway_says_that_it_is_early(self):
        self.client.get("/en/contact/details/?flow=lost&when=2026-05-12T10:00")
        assert "the wait ends on Thursday 14 May at 10:00" in DraftRequest.objects.get().tried

    def test_a_date_that_is_a_detail_is_not_asked_for_again(self):
        detail = Detail.objects.create(key="delivered", label=both("Delivered"), kind="date")
        topic = make_topic(details=["delivered"])
        draft = self.flow.make_draft()
        draft.steps.filter(slug="when").update(detail=detail)
        draft.steps.filter(slug="contact-us").update(topic=topic)
        draft.publish()
        page = self.client.get("/en/contact/details/?flow=lost&when=2026-05-01T09:30", follow=True)
        self.assertContains(page, 'value="2026-05-01"')
        assert not DraftRequest.objects.get().has_words


class NotKnownTests(DateStepTestCase):
    address = "/en/resolve/lost/contact-us/?when=not-known"
    hand_off = "/en/contact/details/?flow=lost&when="

    def with_detail(self, **needed: Any) -> None:
        """The date is a detail of the topic."""
        detail = Detail.objects.create(key="delivered", label=both("Delivered"), kind="date")
        wording = dict.fromkeys(("en", "es"), "It came on {delivered}.\n\nI miss it.")
        topic = make_topic(details=["delivered"], wording=wording)
        topic.topic_details.update(**needed)
        draft = self.flow.make_draft()
        draft.steps.filter(slug="when").update(detail=detail)
        draft.steps.filter(slug="contact-us").update(topic=topic)
        draft.publish()

    def carried(self, response: str) -> str:
        self.client.get(self.hand_off + response)
        return DraftRequest.objects.get().details["delivered"]

    def test_goes_on_as_if_it_were_due(self):
        answer = self.client.get(PAGE, {"when": "not-known", "when.day": "", "when.time": "", "continue": "1"})
        self.assertRedirects(answer, self.address)

    def test_the_trail_says_so_and_no_wait_is_shown(self):
        for language, words in (("en", "I don’t know the date"), ("es", "No sé la fecha")):
            page = self.client.get(self.address.replace("/en/", f"/{language}/"))
            self.assertContains(page, f"<dd>{words}</dd>", html=True)
            self.assertNotContains(page, "calendar")

    def test_change_opens_it_with_that_marked(self):
        page = self.client.get(f"{PAGE}?was=not-known")
        self.assertContains(page, 'value="not-known" checked')

    def test_takes_the_place_of_a_date_given_before(self):
        given = {"was": "2026-05-01T09:30", "when.day": "2026-05-01", "when.time": "09:30"}
        answer = self.client.get(PAGE, given | {"when": "not-known", "continue": "1"})
        self.assertRedirects(answer, self.address)

    def test_the_request_is_worded_without_the_date_and_says_that_it_is_not_known(self):
        self.with_detail()
        self.client.get(f"{self.hand_off}not-known")
        assert not DraftRequest.objects.get().has_words
        page = self.client.get("/en/contact/details/")
        self.assertContains(page, 'type="text" name="detail-delivered" value="I don’t know the date"')
        self.client.post("/en/contact/details/", {"detail-delivered": "I don’t know the date", "email": "a@e.com"})
        check = self.client.get("/en/contact/check/")
        assert "I miss it.\n\nDelivered (en): I don’t know the date" in check.context["form"]["worded"].value()
        self.assertNotContains(check, "not-known")

    def test_who_does_not_know_a_date_that_is_needed_is_not_stopped(self):
        self.with_detail(is_required=True)
        self.client.get(f"{self.hand_off}not-known")
        for said, page in (("No sé la fecha", "check"), ("some day", "details")):
            given = {"detail-delivered": said, "email": "a@e.com", "tried": "Nothing"}
            answer = self.client.post("/en/contact/details/", given)
            assert answer["Location"].startswith(f"/en/contact/{page}/")

    def test_the_words_follow_the_language_of_the_page(self):
        self.with_detail()
        self.client.get(f"{self.hand_off}not-known")
        self.assertContains(self.client.get("/es/contact/details/"), 'value="No sé la fecha"')

    def test_left_empty_it_stays_and_is_shown_in_words(self):
        self.with_detail()
        self.client.get(f"{self.hand_off}not-known")
        answer = self.client.post(
            "/en/contact/details/", {"detail-delivered": "", "email": "a@e.com"}, follow=True
        )
        self.assertContains(answer, "I don’t know the date")
        self.assertNotContains(answer, "not-known")

    def test_takes_the_place_of_the_date_that_the_flow_had_carried(self):
        self.with_detail()
        assert [self.carried(said) for said in ("2026-05-01T09:30", "not-known", "2026-05-02")] == [
            "2026-05-01",
            "not-known",
            "2026-05-02",
        ]

    def test_leaves_a_date_that_was_written_in_the_form(self):
        self.with_detail()
        self.carried("not-known")
        DraftRequest.objects.update(details={"delivered": "2026-05-03"})
        assert self.carried("not-known") == "2026-05-03"


class VersionTests(TestCase):
    def test_a_draft_keeps_the_rule(self):
        flow: Flow = make_flow("lost", STEPS)
        assert flow.make_draft().graph().is_same_as(flow.graph())
        assert flow.graph().steps["when"].wait.amount == 48

    def test_a_country_nobody_knows_stops_the_start_with_a_sentence(self):
        with self.settings(COUNTRY="XX"), self.assertRaisesMessage(ImproperlyConfigured, "HELPCENTER_COUNTRY"):
            check()
        with self.settings(COUNTRY="ES", REGION="QQ"), self.assertRaises(ImproperlyConfigured):
            check()

    def test_the_holidays_are_those_of_the_site(self):
        with self.settings(COUNTRY="ES", REGION="CT"):
            assert date(2026, 9, 11) in opening().holidays
        with self.settings(COUNTRY="", REGION=""):
            assert not any(date(2026, 1, 1) + timedelta(days=n) in opening().holidays for n in range(365))
