"""The agents' desk: one page with all that the first reply needs, and a list that says what is urgent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contact import status
from contact.models import ContactRequest
from flows.models import Remedy
from tests.contact.customer import EMAIL, a_request
from tests.factories import both, make_article, make_staff, make_topic, make_translation

LIST = "/admin/contact/contactrequest/"
NUMBER = {"detail-order-number": "123-4567890"}


class DeskTestCase(TestCase):
    def setUp(self) -> None:
        self.client.force_login(make_staff("agent"))
        self.topic = make_topic("late", details=["order-number", "item"])

    def page(self, sent: ContactRequest) -> Any:
        return self.client.get(f"{LIST}{sent.pk}/change/")

    def text(self, sent: ContactRequest) -> str:
        return str(self.page(sent).content.decode())


class RequestPageTests(DeskTestCase):
    def test_shows_the_worded_request_first_then_what_the_customer_wrote_details_and_mails(self):
        sent = a_request(topic=self.topic, message="Where is it?", tried="I rang.", name="Ana Prado", **NUMBER)
        ContactRequest.objects.update(worded="My order has not come.", flow_title="Late?", search_words="parcel")
        text = self.text(sent)
        said = (
            "My order has not come.",
            "Where is it?",
            "123-4567890",
            "I rang.",
            "Late?",
            "Ana Prado",
            "waiting",
        )
        places = [text.index(words) for words in said]
        assert places == sorted(places)

    def test_each_text_and_detail_has_a_button_that_copies_it(self):
        sent = a_request(topic=self.topic, **NUMBER)
        for name in ("message", "detail-1", "detail-2", "email"):
            self.assertContains(self.page(sent), f'data-copies="{name}"', count=1)
            self.assertContains(self.page(sent), f'id="{name}"', count=1)

    def test_links_the_conditions_of_what_is_asked_for(self):
        article = make_article(key="refunds")
        make_translation(article, title="When we refund")
        self.topic.remedies.add(Remedy.objects.create(key="refund", label=both("Refund"), article=article))
        page = self.page(a_request(topic=self.topic, remedy="refund"))
        self.assertContains(page, "Conditions: When we refund")
        Remedy.objects.update(article=None)
        self.assertNotContains(self.page(ContactRequest.objects.get()), "Conditions:")

    def test_says_in_words_whether_it_is_overdue(self):
        sent = a_request(topic=self.topic)
        for days, said in ((-1, "overdue: "), (0, "due today: ")):
            ContactRequest.objects.update(promise=status.today() + timedelta(days=days))
            self.assertContains(self.page(sent), said)
        ContactRequest.objects.update(promise=status.today() + timedelta(days=1))
        self.assertNotContains(self.page(sent), "overdue")

    def test_links_the_same_thing_and_all_of_the_same_address(self):
        topic = make_topic("damaged", details=["order-number"])
        other = a_request(topic=topic, **{"detail-order-number": "999-9999999"})
        same = a_request(topic=topic, email="bea@example.org", **NUMBER)
        stranger = a_request(topic=topic, email="eva@example.org")
        sent = a_request(topic=self.topic, **NUMBER)
        page = self.page(sent)
        assert {(one.request, one.why, one.is_same_thing) for one in page.context["others"]} == {
            (other, "the same address", False),
            (same, "the same number, from another address", True),
        }
        self.assertContains(page, f'href="{LIST}{other.pk}/change/"', count=1)
        self.assertContains(page, f'href="{LIST}{same.pk}/change/"', count=2)  # said at the top, too
        self.assertNotContains(page, stranger.reference)
        self.assertContains(self.page(same), sent.reference)

    def test_says_which_of_them_are_answered_and_leads_to_all_of_the_address(self):
        other, sent = a_request(topic=self.topic), a_request(topic=self.topic)
        self.assertContains(self.page(sent), "not answered yet")
        ContactRequest.objects.filter(pk=other.pk).update(answered_at=timezone.now())
        page = self.page(sent)
        self.assertNotContains(page, "not answered yet")
        self.assertContains(page, " · answered</span>")
        everything = self.client.get(page.context["all_url"])
        assert {one.pk for one in everything.context["cl"].result_list} == {other.pk, sent.pk}

    def test_a_mail_to_the_customer_names_the_reference_and_nothing_else_gets_into_it(self):
        sent = a_request(topic=self.topic)
        ContactRequest.objects.update(topic_name="Late & lost?", email="a&cc=x@example.org")
        link = f"mailto:a%26cc%3Dx@example.org?subject=%5B{sent.reference}%5D%20Late%20%26%20lost%3F"
        self.assertContains(self.page(sent), f'href="{link}"')

    def test_asks_as_often_whatever_the_number_of_other_requests(self):
        sent = a_request(topic=self.topic)
        a_request(topic=self.topic)
        with CaptureQueriesContext(connection) as few:
            self.page(sent)
        asked = len(few)
        for _number in range(3):
            a_request(topic=self.topic)
        with self.assertNumQueries(asked):
            self.page(sent)

    def test_is_not_for_editors(self):
        sent = a_request(topic=self.topic)
        self.client.force_login(make_staff("editor"))
        assert self.page(sent).status_code == 403


class ListTests(DeskTestCase):
    def found(self, **given: str) -> list[str]:
        return [sent.email for sent in self.client.get(LIST, given).context["cl"].result_list]

    def test_filters_by_where_the_promise_stands(self):
        for days, email in ((-1, "late@e.com"), (0, "today@e.com"), (8, "later@e.com")):
            sent = a_request(topic=self.topic, email=email)
            ContactRequest.objects.filter(pk=sent.pk).update(promise=status.today() + timedelta(days=days))
        assert self.found(promise="overdue") == ["late@e.com"]
        assert self.found(promise="today") == ["today@e.com"]
        assert self.found(promise="later") == ["later@e.com"]
        assert self.found(promise="week") == []
        assert len(self.found(promise="nonsense")) == 3

    def test_says_overdue_in_words(self):
        a_request(topic=self.topic)
        ContactRequest.objects.update(promise=status.today() - timedelta(days=1))
        self.assertContains(self.client.get(LIST), ">overdue: ")

    def test_finds_an_order_number_however_it_is_typed(self):
        a_request(topic=self.topic, **NUMBER)
        a_request(topic=self.topic, email="bea@example.org", **{"detail-order-number": "87654321"})
        for words in ("123-4567890", "1234567890", " 123 4567890 "):
            assert self.found(q=words) == [EMAIL]
        assert self.found(q="87654321") == ["bea@example.org"]  # looks like a reference, and is none
        assert self.found(q="555-5555555") == []

    def test_finds_a_name_whatever_its_accents_and_capitals(self):
        a_request(topic=self.topic, name="JOSÉ Ñúñez-Øre")
        a_request(topic=self.topic, name="Bea (Nadal) *", email="bea@example.org")
        for words in ("jose", "núñez JOSE", "nunez", "josé  Nuñ"):
            assert self.found(q=words) == [EMAIL], words
        assert self.found(q="(nadal) *") == ["bea@example.org"]
        for words in ("jose nadal", "[a-z]", ".*", "\\"):
            assert self.found(q=words) == [], words

    def test_finds_the_number_to_call_however_it_is_typed(self):
        sent = a_request(topic=self.topic)
        a_request(topic=self.topic, email="bea@example.org")
        ContactRequest.objects.filter(pk=sent.pk).update(callback_number="+34612345678")
        for words in ("612 34 56 78", "+34 612-345-678", "0034612345678", "345678"):
            assert self.found(q=words) == [EMAIL], words
        for words in ("612345679", "45678", "a345678"):
            assert self.found(q=words) == [], words

    def test_tells_requests_apart_without_opening_them_in_the_language_of_the_agent(self):
        sent = a_request(topic=self.topic, name="Ana Prado")
        moments = {"callback_at": timezone.now(), "callback_until": timezone.now() + timedelta(hours=2)}
        ContactRequest.objects.update(language="es", topic_name="Tarde", remedy="Reembolso", **moments)
        page = self.client.get(LIST)
        for words in ("Topic late (en)", "Reembolso", "Call: ", "Ana Prado · Spanish", sent.email):
            self.assertContains(page, words)
        self.assertNotContains(page, "Tarde")
        self.assertContains(page, f'href="{LIST}calls/"')

    def test_asks_as_often_whatever_the_number_of_requests(self):
        a_request(topic=self.topic)
        with CaptureQueriesContext(connection) as few:
            self.client.get(LIST)
        asked = len(few)
        for number in range(4):
            a_request(topic=self.topic, email=f"eva{number}@example.org")
        with self.assertNumQueries(asked):
            self.client.get(LIST)

    def test_tells_only_of_mails_that_have_not_left(self):
        sent = a_request(topic=self.topic)
        sent.deliveries.update(delivered_at=timezone.now())
        self.assertContains(self.client.get(LIST), '<td class="field-mails">delivered</td>')
        sent.deliveries.filter(recipient=EMAIL).update(delivered_at=None, failed_at=timezone.now())
        self.assertContains(self.client.get(LIST), "customer: failed")
        sent.deliveries.filter(recipient=EMAIL).update(failed_at=None, suppressed_at=timezone.now())
        self.assertContains(self.client.get(LIST), "customer: not sent</td>")


class ChannelFilterTests(DeskTestCase):
    def test_finds_who_wants_a_call(self):
        called, mailed = a_request(topic=self.topic), a_request(topic=self.topic, email="eva@example.org")
        ContactRequest.objects.filter(pk=called.pk).update(callback_at=timezone.now())
        for channel, found, other in (("callback", called, mailed), ("email", mailed, called)):
            page = self.client.get(f"{LIST}?channel={channel}")
            self.assertContains(page, found.reference)
            self.assertNotContains(page, other.reference)
