"""A window takes as many calls as the channel says: then it is not offered, and two at once never exceed it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone, translation

from contact import callback, reaching, sending
from contact.callwindows import Full
from contact.hours import Span
from contact.models import Channel, ContactRequest, DraftRequest
from tests.contact.customer import a_request, choose_topic, fill_in, press_send
from tests.contact.server import ready_drafts
from tests.contact.test_channels import make_channel
from tests.factories import make_topic

PAGE = "/en/contact/callback/"
ALWAYS = {"hours": "mon-sun 00:00-24:00"}
AT_ONCE = 8


def a_call(window: Span, number: str = "612 34 56 78") -> dict[str, Any]:
    start, end = window
    given = {"callback_number": number, "callback_at": start, "callback_until": end}
    return given | {"callback_language": "en"}


def starts() -> list[datetime]:
    return [start for start, _end in callback.windows()]


class FullTests(TestCase):
    def setUp(self) -> None:
        self.channel = make_channel("callback", **ALWAYS, calls_per_window=2)
        self.topic = make_topic(details=["order-number"])
        self.first, self.second = callback.windows()[:2]

    def book(self, window: Span, count: int = 1) -> list[ContactRequest]:
        sent = [a_request(topic=self.topic, email=f"eva{number}@example.org") for number in range(count)]
        for one in sent:
            callback.change(one, a_call(window))
        return sent

    def test_it_is_offered_until_it_is_full_and_a_later_one_takes_its_place(self):
        self.book(self.first)
        assert starts()[0] == self.first[0]
        self.book(self.first)
        assert starts()[0] == self.second[0]
        assert len(starts()) == 10
        Channel.objects.update(calls_per_window=None)
        assert starts()[0] == self.first[0]

    def test_a_call_that_is_moved_or_cancelled_makes_room(self):
        one, other = self.book(self.first, 2)
        callback.change(one, a_call(self.second))
        assert starts()[0] == self.first[0]
        callback.change(other, None)
        assert starts()[0] == self.first[0]

    def test_ones_own_call_takes_no_room_from_it(self):
        one, _other = self.book(self.first, 2)
        page = self.client.get(one.callback_url)
        assert self.first[0].isoformat() in page.content.decode()
        callback.change(one, a_call(self.first, "612 00 00 00"))
        one.refresh_from_db()
        assert one.callback_number == "+34612000000"

    def test_the_next_call_that_pages_speak_of_is_a_free_one(self):
        def said() -> str:
            return next(way.facts for way in reaching.ways() if way.kind == "callback")

        before = said()
        self.book(self.first, 2)
        assert said().startswith("next call: ") and said() != before

    def test_who_chose_it_before_it_was_full_is_told_before_anything_is_sent(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        given = {"number": "612 34 56 78", "window": self.first[0].isoformat(), "language": "en"}
        assert self.client.post(PAGE, given).status_code == 302
        page = self.client.get("/en/contact/check/")
        self.book(self.first, 2)
        count = ContactRequest.objects.count()
        fields = {"draft": page.context["draft"].token, "shown": page.context["shown"]}
        self.assertContains(self.client.post("/en/contact/check/", fields), "others have taken it")
        assert ContactRequest.objects.count() == count
        assert DraftRequest.objects.get(pk=page.context["draft"].pk).callback_number == "612 34 56 78"
        self.assertContains(self.client.post(PAGE, given), "That time is not free any more")
        assert press_send(self.client).status_code == 302

    def test_who_chose_it_before_calls_were_switched_off_is_told_before_anything_is_sent(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        given = {"number": "612 34 56 78", "window": self.first[0].isoformat(), "language": "en"}
        assert self.client.post(PAGE, given).status_code == 302
        page = self.client.get("/en/contact/check/")
        Channel.objects.update(is_open=False)
        fields = {"draft": page.context["draft"].token, "shown": page.context["shown"]}
        self.assertContains(self.client.post("/en/contact/check/", fields), "is not free any more")
        assert not ContactRequest.objects.exists()
        assert press_send(self.client).status_code == 302
        assert ContactRequest.objects.get().callback_at is None

    def test_who_moves_a_call_there_is_told(self):
        self.book(self.first, 2)
        (sent,) = self.book(self.second)
        with self.assertRaises(Full):
            callback.change(sent, a_call(self.first))
        given = {"number": "612 34 56 78", "window": self.first[0].isoformat(), "language": "en"}
        self.assertContains(self.client.post(sent.callback_url, given), "That time is not free any more")

    def test_other_channels_have_no_windows_that_could_be_full(self):
        with self.assertRaises(ValidationError) as caught:
            Channel(key="x", kind="phone", label="X", address="+34 910 000 000", calls_per_window=3).clean()
        assert "calls_per_window" in caught.exception.message_dict


class AtOnceTests(TransactionTestCase):
    """Sent, or moved, by eight at the same moment to a window that takes three."""

    def setUp(self) -> None:
        self.channel = make_channel("callback", **ALWAYS, calls_per_window=3)
        self.topic = make_topic()
        self.window = callback.windows()[0]

    def passed(self, deed: Callable[[Any], Any], given: list[Any]) -> int:
        def one(each: Any) -> bool:
            try:
                with translation.override("en"):
                    deed(each)
                return True
            except (Full, sending.NotAsShown):
                return False
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sum(pool.map(one, given))

    def drafts(self) -> list[DraftRequest]:
        keys = [ready.pk for ready in ready_drafts(AT_ONCE, self.topic)]
        early = timezone.now() - timedelta(minutes=5)
        DraftRequest.objects.filter(pk__in=keys).update(created_at=early, **a_call(self.window))
        return list(DraftRequest.objects.filter(pk__in=keys).select_related("topic"))

    def send(self, draft: DraftRequest) -> None:
        sending.send(draft, shown=draft.digest_of_answers)

    def move(self, sent: ContactRequest) -> None:
        callback.change(sent, a_call(self.window))

    def booked(self) -> int:
        return ContactRequest.objects.filter(callback_at=self.window[0]).count()

    def test_of_those_who_send_three_have_it(self):
        assert self.passed(self.send, self.drafts()) == self.booked() == 3

    def test_of_those_who_move_three_have_it(self):
        sent = []
        for draft in self.drafts():
            DraftRequest.objects.filter(pk=draft.pk).update(callback_at=None)
            draft.refresh_from_db()
            sent.append(sending.send(draft, shown=draft.digest_of_answers))
        assert self.passed(self.move, sent) == self.booked() == 3

    def test_without_the_setting_all_have_it(self):
        Channel.objects.update(calls_per_window=None)
        assert self.passed(self.send, self.drafts()) == self.booked() == AT_ONCE
