"""Marked as answered: out of the queue and off the clock, until the customer comes back or the agent undoes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contact import callback, status
from contact.models import ContactRequest
from contact.words import weekday
from tests.contact.customer import EMAIL, a_request, fill_in, press_send
from tests.contact.test_channels import make_channel
from tests.factories import make_staff, make_topic

LIST = "/admin/contact/contactrequest/"
YESTERDAY = {"promise": status.today() - timedelta(days=1)}


class AnsweredTestCase(TestCase):
    def setUp(self) -> None:
        self.agent = make_staff("agent", "ann")
        self.topic = make_topic("late", details=["order-number"])
        self.sent = a_request(self.client, self.topic)
        ContactRequest.objects.update(**YESTERDAY)
        self.client.force_login(self.agent)

    def press(self, **given: str) -> Any:
        self.sent.refresh_from_db()
        given.setdefault("seen", self.sent.last_sent_at.isoformat())
        page = self.client.post(f"{LIST}{self.sent.pk}/answered/", given, follow=True)
        self.sent.refresh_from_db()
        return page

    def act(self, action: str) -> Any:
        chosen = [str(pk) for pk in ContactRequest.objects.values_list("pk", flat=True)]
        given = {"action": action, "_selected_action": chosen}
        return self.client.post(f"{LIST}?promise=all", given, follow=True)

    def found(self, **given: str) -> list[ContactRequest]:
        return list(self.client.get(LIST, given).context["cl"].result_list)


class DeskTests(AnsweredTestCase):
    def test_one_click_on_its_page_and_it_says_who_and_when_and_offers_to_undo_it(self):
        before = timezone.now()
        page = self.press()
        assert (self.sent.answered_by, self.sent.answered_at >= before) == (self.agent, True)
        self.assertContains(page, "1 request is answered.")
        self.assertContains(page, "By ann")
        self.assertContains(page, "Not answered after all")
        self.assertNotContains(page, "Mark as answered")
        self.assertNotContains(page, "overdue")

    def test_the_one_that_is_due_next_is_one_click_away(self):
        others = [a_request(self.client, self.topic, email=f"{name}@example.org") for name in ("later", "next")]
        self.client.force_login(self.agent)
        ContactRequest.objects.filter(pk=others[1].pk).update(**YESTERDAY)
        page = self.press()
        link = f'<a href="{LIST}{others[1].pk}/change/">{others[1].reference} · Topic late (en)</a>'
        self.assertContains(page, f"Due next: {link}")
        self.assertNotContains(page, "Every request is answered.")
        ContactRequest.objects.exclude(pk=self.sent.pk).update(answered_at=timezone.now())
        self.press(undo="1")
        self.assertContains(self.press(), "Every request is answered.")

    def test_leaves_the_queue_and_every_day_but_is_found_by_its_reference(self):
        assert self.found() == self.found(promise="overdue") == [self.sent]
        self.press()
        assert self.found() == self.found(promise="overdue") == []
        ContactRequest.objects.update(promise=status.today())
        assert self.found(promise="today") == []
        assert self.found(promise="answered") == self.found(promise="all") == [self.sent]
        assert self.found(q=self.sent.reference) == [self.sent]

    def test_undone_it_waits_again_and_its_history_keeps_both(self):
        self.press()
        page = self.press(undo="1")
        assert (self.sent.answered_at, self.sent.answered_by) == (None, None)
        self.assertContains(page, "1 request waits for an answer again.")
        assert self.found(promise="overdue") == [self.sent]
        history = self.client.get(f"{LIST}{self.sent.pk}/history/")
        self.assertContains(history, "Marked as answered.")
        self.assertContains(history, "Waits for an answer again.")

    def test_its_history_is_in_the_agents_language(self):
        self.client.cookies["django_language"] = "es"
        self.press()
        self.assertContains(self.client.get(f"{LIST}{self.sent.pk}/history/"), "Marcada como respondida.")

    def test_many_at_once_and_who_was_first_stays(self):
        other = a_request(topic=self.topic, email="eva@example.org")
        self.press()
        self.client.force_login(make_staff("agent", "bob"))
        self.assertContains(self.act("mark_answered"), "1 request is answered.")
        assert [one.answered_by.username for one in (self.sent, ContactRequest.objects.get(pk=other.pk))] == [
            "ann",
            "bob",
        ]
        self.assertContains(self.act("undo_answered"), "2 requests wait for an answer again.")
        assert LogEntry.objects.count() == 4

    def test_many_cost_as_few_queries_as_one(self):
        with CaptureQueriesContext(connection) as one:
            self.act("mark_answered")
        asked = len(one)
        for number in range(3):
            a_request(topic=self.topic, email=f"eva{number}@example.org")
        self.act("undo_answered")
        with self.assertNumQueries(asked):
            self.act("mark_answered")

    def test_what_came_while_the_page_was_open_is_not_marked_unseen(self):
        seen = self.sent.last_sent_at.isoformat()
        fill_in(self.client, self.topic, message="It came, but broken.")
        press_send(self.client)
        page = self.press(seen=seen)
        assert self.sent.answered_at is None
        self.assertContains(page, "The customer has sent more meanwhile")
        self.assertContains(page, "It came, but broken.")

    def test_is_for_agents_only(self):
        for group in ("editor", "author", "translator-es"):
            self.client.force_login(make_staff(group, group))
            assert self.press().status_code == 403
            self.act("mark_answered")
        self.client.logout()
        assert self.client.post(f"{LIST}{self.sent.pk}/answered/").status_code == 302
        self.sent.refresh_from_db()
        assert self.sent.answered_at is None

    def test_a_link_marks_nothing(self):
        assert self.client.get(f"{LIST}{self.sent.pk}/answered/").status_code == 405

    def test_the_queue_stands_in_the_order_in_which_it_is_due_everything_else_newest_first(self):
        soon = a_request(topic=self.topic, email="eva@example.org")
        ContactRequest.objects.filter(pk=soon.pk).update(promise=status.today() - timedelta(days=3))
        assert self.found() == [soon, self.sent]
        assert self.found(promise="all") == [soon, self.sent]
        ContactRequest.objects.filter(pk=soon.pk).update(promise=status.today() + timedelta(days=3))
        assert self.found() == [self.sent, soon]
        assert self.found(promise="all") == [soon, self.sent]


class CustomerTests(AnsweredTestCase):
    def page(self) -> Any:
        return self.client.get(self.sent.get_absolute_url())

    def test_their_page_says_that_we_answered_and_what_to_do_if_something_is_missing(self):
        self.press()
        page = self.page()
        self.assertContains(page, f"We answered you by e-mail at {EMAIL} on {weekday(status.today())}.")
        self.assertContains(page, "If something is missing, reply to our mail")
        self.assertContains(page, "We answered.")
        self.assertNotContains(page, "We should have answered")
        self.assertNotContains(page, "ann")  # who answered is no business of a page

    def test_in_spanish_too(self):
        ContactRequest.objects.update(language="es")
        self.press()
        self.assertContains(self.page(), f"Te respondimos por correo a {EMAIL}")

    def test_with_a_call_it_may_have_been_by_phone(self):
        ContactRequest.objects.update(callback_at=timezone.now(), callback_until=timezone.now())
        self.press()
        self.assertContains(self.page(), "by phone or by e-mail")

    def test_who_sends_again_waits_again_with_a_new_promise(self):
        self.press()
        fill_in(self.client, self.topic, message="It came, but broken.")
        assert press_send(self.client).status_code == 302
        self.sent.refresh_from_db()
        assert self.sent.answered_at is None
        assert self.sent.promise > status.today()
        self.assertContains(self.page(), "We are working on it")

    def test_who_was_not_answered_keeps_the_promise_that_was_made(self):
        fill_in(self.client, self.topic, message="It came, but broken.")
        press_send(self.client)
        self.sent.refresh_from_db()
        assert self.sent.promise == YESTERDAY["promise"]

    def test_who_asks_for_a_call_afterwards_waits_for_it(self):
        make_channel("callback", hours="mon-sun 00:00-24:00")
        self.press()
        start, end = callback.windows()[0]
        chosen = {"callback_number": "612 34 56 78", "callback_at": start, "callback_until": end}
        callback.change(self.sent, chosen | {"callback_language": "en"})
        self.sent.refresh_from_db()
        assert (self.sent.answered_at, self.sent.promise) == (None, start.date())


class CallSheetTests(AnsweredTestCase):
    def test_a_call_that_was_made_is_marked_there_and_the_sheet_comes_back(self):
        today = status.today()
        ContactRequest.objects.update(callback_at=timezone.now(), callback_until=timezone.now())
        page = self.press(day=today.isoformat())
        self.assertRedirects(page, f"{LIST}calls/?day={today.isoformat()}")
        self.assertContains(page, "<strong>Answered</strong>")
        self.assertContains(page, "Not answered after all")

    def test_asks_as_often_whatever_the_number_of_calls(self):
        self.client.get(f"{LIST}calls/")
        with self.assertNumQueries(5):
            self.client.get(f"{LIST}calls/")
        for number in range(3):
            a_request(topic=self.topic, email=f"eva{number}@example.org")
        ContactRequest.objects.update(callback_at=timezone.now(), callback_until=timezone.now())
        with self.assertNumQueries(7):
            assert self.client.get(f"{LIST}calls/").content.count(b'class="box call"') == 4
