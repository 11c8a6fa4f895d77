"""The worded request: made from what is known, changed as the customer likes, kept apart from their own words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import TestCase
from django.utils import translation

from contact.models import ContactRequest, Delivery, DraftRequest
from flows.models import Detail, Remedy
from tests.contact.customer import address, choose_topic, fill_in, press_send
from tests.factories import STEPS, both, make_flow, make_topic

WORDING = {
    "en": "Order {order-number} has not come.\nMy order has not come.\n\nIt contains {item}.",
    "es": "El pedido {order-number} no ha llegado.\nMi pedido no ha llegado.\n\nContiene {item}.",
}


class WordedTestCase(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("late", details=["order-number", "item"], wording=WORDING)
        remedy = Remedy.objects.create(
            key="find", label=both("Find it"), wording={"en": "Please find it.", "es": "Por favor, buscadlo."}
        )
        self.topic.remedies.add(remedy)
        Detail.objects.filter(key="order-number").update(forms="999")
        choose_topic(self.client, self.topic)
        self.fill_in()

    def fill_in(self, **more: str) -> Any:
        given = {"detail-order-number": "123", "detail-item": "a lamp", "remedy": "find", "message": ""}
        return fill_in(self.client, self.topic, **given | more)

    def page(self) -> Any:
        return self.client.get(address("contact_check"))

    def post(self, page: Any = None, **more: str) -> Any:
        page = page or self.page()
        given = {name: page.context[name] for name in ("shown", "as_worded")}
        given |= {"draft": page.context["draft"].token, "worded": page.context["form"]["worded"].value()}
        if page.context["is_changed"]:
            given["is_changed"] = "1"
        return self.client.post(address("contact_check"), given | more)


class CheckPageTests(WordedTestCase):
    def test_shows_what_support_reads_first_and_needs_no_message(self):
        page = self.page()
        self.assertContains(page, "Order 123 has not come. It contains a lamp.\n\nPlease find it.</textarea>")
        self.assertContains(page, "late (en). Please find it. I have sent you the details")
        assert self.post(page).status_code == 302
        assert ContactRequest.objects.get().worded.startswith("Order 123 has not come.")

    def test_is_in_the_customers_language(self):
        with translation.override("es"):
            page = self.client.get(address("contact_check", "es"))
        self.assertContains(page, "El pedido 123 no ha llegado. Contiene a lamp.\n\nPor favor, buscadlo.")

    def test_what_is_changed_is_sent(self):
        self.post(worded="In my own way.")
        sent = ContactRequest.objects.get()
        assert sent.worded == "In my own way."
        assert sent.message == ""

    def test_kept_words_stay_and_say_so_until_they_are_worded_anew(self):
        self.post(worded="In my own way.", keep="mine")
        assert not ContactRequest.objects.exists()
        page = self.page()
        self.assertContains(page, "In my own way.</textarea>")
        self.assertContains(page, "no longer comes in by itself")
        self.post(keep="ours")
        self.assertContains(self.page(), "Order 123 has not come.")
        self.post(worded="In my own way.", keep="mine")
        self.post()
        assert ContactRequest.objects.get().worded == "In my own way."

    def test_left_alone_it_follows_the_answers(self):
        self.post(keep="mine")
        self.fill_in(**{"detail-item": "two lamps"})
        self.assertContains(self.page(), "It contains two lamps.")

    def test_emptied_it_is_not_filled_in_behind_the_customers_back(self):
        page = self.post(worded="  ")
        self.assertContains(page, "Your request has no words")
        assert not ContactRequest.objects.exists()
        self.post(worded="", keep="ours")
        self.assertContains(self.page(), "Order 123 has not come.")

    def test_too_long_is_said_and_kept(self):
        page = self.post(worded="x" * 10_001)
        self.assertContains(page, "Shorten it to 10000")
        self.assertContains(page, "x" * 10_001)
        assert not ContactRequest.objects.exists()

    def test_javascript_keeps_what_is_being_typed(self):
        page = self.page()
        given = {"draft": page.context["draft"].token, "as_worded": page.context["as_worded"]}
        assert self.client.post(address("contact_save"), given | {"worded": "Half a"}).status_code == 204
        assert DraftRequest.objects.get().worded == "Half a"

    def test_a_replay_is_the_same_request_and_other_words_are_a_later_version(self):
        page = self.page()
        receipts = [self.post(page, worded="In my own way.")["Location"] for _time in range(3)]
        assert len(set(receipts)) == 1 == ContactRequest.objects.count()
        self.post(page, worded="In another way.")
        version = ContactRequest.objects.get().later_versions.get()
        assert "In another way." in [row["value"] for row in version.content]

    def test_answers_changed_in_another_window_are_in_the_words_that_are_shown_and_sent(self):
        page = self.page()
        self.fill_in(**{"detail-order-number": "456"})
        again = self.post(page)
        assert not ContactRequest.objects.exists()
        self.assertContains(again, "Order 456 has not come.")
        self.post(again)
        assert ContactRequest.objects.get().worded.startswith("Order 456 has not come.")

    def test_words_of_ones_own_stay_when_answers_are_changed_in_another_window(self):
        page = self.page()
        self.fill_in(**{"detail-order-number": "456"})
        again = self.post(page, worded="In my own way.")
        assert not ContactRequest.objects.exists()
        self.assertContains(again, "In my own way.</textarea>")
        self.post(again)
        assert ContactRequest.objects.get().worded == "In my own way."

    def test_words_of_ones_own_are_kept_where_a_detail_is_missing_by_then(self):
        page = self.page()
        other = make_topic("other", details=["serial-number"], wording=WORDING)
        choose_topic(self.client, other)
        assert self.post(page, worded="In my own way.")["Location"] == address("contact_details")
        fill_in(self.client, other)
        self.assertContains(self.page(), "In my own way.</textarea>")

    def test_an_expired_page_has_the_words_again(self):
        strict = self.client_class(enforce_csrf_checks=True)
        strict.cookies = self.client.cookies
        page = strict.post(
            address("contact_check"), {"worded": "In my own way.", "draft": DraftRequest.objects.get().token}
        )
        assert page.status_code == 403
        self.assertContains(page, "In my own way.</textarea>", status_code=403)

    def test_an_explanation_in_place_of_the_number_is_not_put_into_a_sentence(self):
        self.fill_in(**{"detail-order-number": "I cannot find it"})
        self.assertContains(self.page(), "My order has not come. It contains a lamp.")
        self.assertContains(self.page(), "Detail order-number (en): I cannot find it")

    def test_a_topic_without_sentences_is_the_message_alone(self):
        topic = make_topic("other")
        choose_topic(self.client, topic)
        self.assertContains(fill_in(self.client, topic, message=""), "Write what happened.")
        fill_in(self.client, topic)
        self.assertNotContains(self.page(), "Your request, in words")

    def test_words_about_another_topic_are_not_sent_unseen_and_wait_for_it(self):
        self.post(worded="My lamp, in my own way.", keep="mine")
        other = make_topic("other")
        choose_topic(self.client, other)
        fill_in(self.client, other)
        self.assertNotContains(self.page(), "My lamp, in my own way.")
        choose_topic(self.client, self.topic)
        self.assertContains(self.page(), "My lamp, in my own way.")
        choose_topic(self.client, other)
        press_send(self.client)
        assert ContactRequest.objects.get().worded == ""
        assert "My lamp" not in Delivery.objects.get(recipient=settings.SUPPORT_EMAIL).body


class MailTests(WordedTestCase):
    def test_the_agent_reads_it_first_and_the_customers_own_words_apart(self):
        self.fill_in(message="It was for her birthday.")
        self.post()
        body = Delivery.objects.get(recipient=settings.SUPPORT_EMAIL).body
        first, second = body.index("Order 123 has not come."), body.index("In the customer's own words")
        assert first < second < body.index("It was for her birthday.")
        subject = Delivery.objects.get(recipient=settings.SUPPORT_EMAIL).subject
        assert "It was for her birthday." in subject


class TriedTests(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("late", details=["order-number"], wording=WORDING)
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})
        self.client.get("/en/contact/details/?flow=lost&start=yes&try=not-solved")

    def worded(self, **more: str) -> str:
        fill_in(self.client, self.topic, **{"detail-order-number": "123"} | more)
        return str(self.client.get(address("contact_check")).context["form"]["worded"].value())

    def test_what_was_tried_in_the_flow_is_said_and_its_questions_are_not(self):
        tried = DraftRequest.objects.get().tried
        text = self.worded(tried=tried)
        assert text == (
            "Order 123 has not come.\n\nWhat I’ve tried from your guide:\n– “Step try (en)”: Still not solved"
        )

    def test_what_the_customer_makes_of_it_is_said_as_they_wrote_it(self):
        assert self.worded(tried="I rang.\n\n– And waited").endswith(
            "What I have already tried:\n– I rang.\n– And waited"
        )
