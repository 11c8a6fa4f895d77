"""A second request on the same thing: who is told, and who never is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, TestCase
from django.utils import timezone

from contact import earlier, numbers
from contact.models import ContactRequest, Delivery, DraftRequest
from tests.contact.customer import EMAIL, a_request, address, choose_topic, fill_in, press_send
from tests.factories import make_topic

NUMBER = {"detail-order-number": "123-4567890"}


class EarlierTestCase(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("late", details=["order-number"])
        self.other_topic = make_topic("damaged", details=["order-number"])

    def support(self) -> Delivery:
        return Delivery.objects.filter(recipient=settings.SUPPORT_EMAIL).latest("pk")

    def customer(self, email: str = EMAIL) -> Delivery:
        return Delivery.objects.filter(recipient=email).latest("pk")


class SameThingTests(EarlierTestCase):
    def references(self, **more: str) -> list[str]:
        topic = self.other_topic if more.pop("topic", "") else self.topic
        return [one.request.reference for one in earlier.of(a_request(topic=topic, **more))]

    def test_is_the_same_topic_from_the_same_mailbox(self):
        first = a_request(topic=self.topic)
        assert self.references(email="Ana+shop@Example.org") == [first.reference]

    def test_is_not_another_topic_or_another_address(self):
        a_request(topic=self.topic)
        assert self.references(topic="other") == []
        assert self.references(email="bea@example.org") == []

    def test_is_the_same_number_however_it_is_written_from_whatever_address(self):
        first = a_request(topic=self.topic, **NUMBER)
        again = {"detail-order-number": "123 4567890", "topic": "other", "email": "bea@example.org"}
        assert self.references(**again) == [first.reference]

    def test_is_found_by_the_number_of_a_later_version(self):
        client = Client()
        first = a_request(client, self.topic)
        fill_in(client, self.topic, **NUMBER)
        press_send(client)
        assert self.references(topic="other", email="bea@example.org", **NUMBER) == [first.reference]

    def test_ends_after_thirty_days(self):
        first = a_request(topic=self.topic)
        ContactRequest.objects.update(created_at=timezone.now() - timedelta(days=29, hours=23))
        assert self.references() == [first.reference]
        ContactRequest.objects.update(created_at=timezone.now() - timedelta(days=30, minutes=1))
        assert self.references() == []

    def test_no_address_is_nobodys(self):
        a_request(topic=self.topic, **NUMBER)
        sent = a_request(topic=self.topic)
        ContactRequest.objects.update(email="", mailbox="")
        sent.refresh_from_db()
        assert earlier.about_the_same(sent) == []
        other = earlier.Earlier(ContactRequest.objects.exclude(pk=sent.pk).get(), True, False, False)
        assert earlier.of_same_address(sent, [other]) == []

    def test_an_explanation_is_no_number(self):
        for words in ("I cannot find it", "", "12", "I bought 2 of them in 2025", "–"):
            assert numbers.plain(words) == ""
        assert numbers.plain(" 123-4567890 ") == "1234567890"


class TellingTests(EarlierTestCase):
    def test_the_agent_is_told_with_a_link_and_why(self):
        first = a_request(topic=self.topic)
        a_request(topic=self.topic)
        mail = self.support()
        for text in (mail.body, mail.html):
            assert f"/admin/contact/contactrequest/{first.pk}/change/" in text
            assert "the same address and topic" in text
        assert f"Earlier-Requests: {first.reference}\n" in mail.body
        assert mail.facts["earlier_requests"] == [first.reference]

    def test_the_agent_is_told_of_a_number_from_another_address_and_the_customer_is_not(self):
        first = a_request(topic=self.topic, **NUMBER)
        a_request(topic=self.topic, email="bea@example.org", **NUMBER)
        assert "from another address" in self.support().body
        mail = self.customer("bea@example.org")
        assert first.reference not in mail.body + mail.html

    def test_the_same_address_is_told_in_its_confirmation_mail(self):
        first = a_request(topic=self.topic)
        a_request(topic=self.topic)
        mail = self.customer()
        for text in (mail.body, mail.html):
            assert f"reference {first.reference}. Whoever answers sees both" in text

    def test_an_address_with_something_added_is_not_told_of_the_plain_one(self):
        first = a_request(topic=self.topic)
        a_request(topic=self.topic, email="ana+x@example.org")
        assert first.reference not in self.customer("ana+x@example.org").body

    def test_a_second_parcel_is_not_the_same_thing_to_its_customer_and_the_agent_is_told_the_difference(self):
        first = a_request(topic=self.topic, **NUMBER)
        a_request(topic=self.topic, **{"detail-order-number": "999-9999999"})
        assert first.reference not in self.customer().body
        assert "the same address and topic, another number" in self.support().body

    def test_the_first_one_says_nothing_of_the_kind(self):
        a_request(topic=self.topic)
        assert "before" not in self.customer().body
        assert "same thing" not in self.support().body


class StrangerTests(EarlierTestCase):
    def pages(self) -> list[tuple[int, str]]:
        """All that somebody gets to see who types Ana's address and number, without what is random in it."""
        client = Client()
        choose_topic(client, self.topic)
        seen = [fill_in(client, self.topic, **NUMBER), client.get(address("contact_check"))]
        seen += [press_send(client)]
        seen += [client.get(seen[-1]["Location"])]
        self.said = "".join(page.content.decode() for page in seen)
        return [(page.status_code, self.plain(page)) for page in seen]

    def plain(self, page: Any) -> str:
        text = f"{page.headers} {page.content.decode()}"
        random = (
            r'(?<=value=")[\w:.-]{30,}(?=")',  # tokens and digests
            r"requests/[0-9a-f]{32}\.[\w-]+",
            r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b",
            r"\d\d?:\d\d(?::\d\d(?:\.\d+)?)?",
        )
        for pattern in random:
            text = re.sub(pattern, "…", text)
        return re.sub(r"'Content-Length': '\d+'", "", text)

    def test_sees_the_same_with_or_without_an_earlier_request(self):
        without = self.pages()
        ContactRequest.objects.all().delete()
        first = a_request(topic=self.topic, **NUMBER)
        with_one = self.pages()
        assert len(earlier.of(ContactRequest.objects.latest("created_at"))) == 1
        assert with_one == without
        assert first.reference not in self.said
        assert ContactRequest.objects.latest("created_at").reference in self.said


class BrowserTests(EarlierTestCase):
    def draft(self) -> DraftRequest:
        return DraftRequest.objects.latest("created_at")

    def test_the_browser_that_sent_the_first_is_told(self):
        first = a_request(self.client, self.topic)
        self.client.get("/en/contact/")
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        check = self.client.get(address("contact_check"))
        assert check.context["earlier"] == [first]
        said = render_to_string("contact/_earlier.html", {"earlier": [first]})
        assert first.reference in said and first.get_absolute_url() in said

    def test_only_of_the_same_topic_or_number(self):
        a_request(self.client, self.topic, **NUMBER)
        choose_topic(self.client, self.other_topic)
        fill_in(self.client, self.other_topic, **{"detail-order-number": "999-9999999"})
        assert earlier.of_browser(self.draft()) == []
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, **{"detail-order-number": "999-9999999"})
        assert earlier.of_browser(self.draft()) == []
        choose_topic(self.client, self.other_topic)
        fill_in(self.client, self.other_topic, **NUMBER)
        assert len(earlier.of_browser(self.draft())) == 1

    def test_another_browser_with_the_same_address_is_not(self):
        a_request(self.client, self.topic, **NUMBER)
        stranger = Client()
        choose_topic(stranger, self.topic)
        fill_in(stranger, self.topic, **NUMBER)
        assert stranger.get(address("contact_check")).context["earlier"] == []

    def test_deleted_it_is_forgotten(self):
        a_request(self.client, self.topic)
        choose_topic(self.client, self.topic)
        self.client.post(address("contact_discard"))
        choose_topic(self.client, self.topic)
        assert earlier.of_browser(self.draft()) == []
