"""Secrets are pointed out on the check page, with their field and a way to change it; all else is up to them."""

from __future__ import annotations

from django.test import TestCase

from contact.models import ContactRequest
from flows.models import Detail
from tests.contact.customer import address, choose_topic, fill_in, press_send
from tests.factories import make_topic

CARD = "4111 1111 1111 1111"


class CheckPageTests(TestCase):
    def setUp(self) -> None:
        wording = {"en": "It is about {item}.", "es": "Es por {item}."}
        self.topic = make_topic(details=["item", "serial"], wording=wording)
        choose_topic(self.client, self.topic)

    def page(self, **more: str) -> str:
        fill_in(self.client, self.topic, **more)
        return str(self.client.get(address("contact_check")).content.decode())

    def notice(self, page: str) -> str:
        return page[page.index('id="redaction"') : page.index("</section>")]

    def test_says_where_it_is_and_hides_it(self):
        notice = self.notice(self.page(message=f"My card is {CARD}", **{"detail-item": "my password is hunter2"}))
        assert "Your message." in notice
        assert "looks like a card number" in notice
        assert "•••• 1111" in notice
        assert "/en/contact/details/#id_message" in notice
        assert "Detail item (en)." in notice
        assert "/en/contact/details/#id_detail-item" in notice
        assert "hunter2" not in notice
        assert "4111" not in notice
        assert notice.count("<li>") == 2  # what comes into the worded request from a field is said once

    def test_what_stands_in_the_worded_request_alone_is_changed_there(self):
        page = self.page()
        fill_in(self.client, self.topic)
        given = {"draft": self.client.cookies["draft"].value, "worded": f"Card {CARD}", "keep": "mine"}
        self.client.post(address("contact_check"), given)
        page = self.client.get(address("contact_check")).content.decode()
        assert 'href="#id_worded"' in self.notice(page)

    def test_it_can_be_sent_and_nothing_is_changed(self):
        self.page(message=f"My card is {CARD}")
        assert press_send(self.client).status_code == 302
        assert ContactRequest.objects.get().message == f"My card is {CARD}"

    def test_a_number_of_the_topics_forms_is_none(self):
        Detail.objects.filter(key="serial").update(forms="9999999999999999")
        assert "redaction" not in self.page(message=f"It is {CARD}")

    def test_without_any_there_is_no_notice(self):
        assert "redaction" not in self.page()
