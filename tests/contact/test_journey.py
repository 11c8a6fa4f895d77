from django.core import mail
from django.test import TestCase
from django.utils import timezone

from contact.models import ContactRequest, Delivery
from contact.outbox import deliver_due
from contact.promise import answer_by
from flows import clock
from flows.models import Remedy
from tests.contact.customer import EMAIL, address, choose_topic, fill_in, press_send, typed
from tests.factories import STEPS, both, make_article, make_category, make_flow, make_topic, make_translation


class JourneyTests(TestCase):
    def setUp(self):
        self.topic = make_topic(key="parcel", details=["order-number", "item"], answer_days=2)
        self.topic.remedies.add(Remedy.objects.create(key="refund", label=both("Refund")))

    def test_addresses(self):
        assert [address(f"contact{page}") for page in ("", "_details", "_check", "_from_search", "_save")] == [
            "/en/contact/",
            "/en/contact/details/",
            "/en/contact/check/",
            "/en/contact/from-search/",
            "/en/contact/save/",
        ]

    def test_a_flow_becomes_a_request_in_either_language(self):
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})
        for language in ("en", "es"):
            with self.subTest(language):
                client = self.client_class()
                client.get(
                    address("contact_details", language), {"flow": "lost", "start": "yes", "try": "could-not"}
                )
                page = client.get(address("contact_details", language))
                self.assertContains(page, f"Topic parcel ({language})")
                self.assertContains(page, f"Detail order-number ({language})")
                prefilled = page.context["form"]["tried"].value()
                response = fill_in(client, self.topic, language, tried=prefilled, remedy="refund", name="Ana")
                self.assertRedirects(response, address("contact_check", language))
                receipt = client.get(press_send(client, language)["Location"])
                sent = ContactRequest.objects.get(language=language)
                self.assert_carries_the_flow(sent, language)
                self.assertContains(receipt, sent.reference)
                self.assertContains(receipt, f"Option yes ({language})")

    def assert_carries_the_flow(self, sent, language):
        assert sent.topic == self.topic
        assert sent.topic_name == f"Topic parcel ({language})"
        assert sent.trail.startswith(f"Step start ({language}): Option yes ({language})\nStep try ({language}): ")
        assert sent.tried == sent.trail
        assert sent.flow_title == f"Flow lost ({language})"
        assert sent.remedy == f"Refund ({language})"
        assert sent.details[0] == {
            "key": "order-number",
            "label": f"Detail order-number ({language})",
            "value": "My order-number",
        }
        assert (sent.name, sent.email) == ("Ana", EMAIL)

    def test_an_article_is_carried(self):
        make_translation(make_article(key="late"), title="My parcel is late")
        page = self.client.get("/en/contact/?article=late")
        choose_topic(self.client, self.topic, article=page.context["form"]["article"].value())
        fill_in(self.client, self.topic)
        self.assertContains(self.client.get("/en/contact/check/"), "My parcel is late")
        press_send(self.client)
        assert ContactRequest.objects.get().article_title == "My parcel is late"

    def test_a_hidden_article_is_not_told(self):
        make_translation(make_article(key="secret"), title="Not yet", published=False)
        choose_topic(self.client, self.topic, article="secret")
        fill_in(self.client, self.topic)
        press_send(self.client)
        assert ContactRequest.objects.get().article_title == ""

    def test_search_words_are_carried_and_in_no_address(self):
        response = self.client.post("/en/contact/from-search/", {"search": "never\r\n arrived"})
        assert (response.status_code, response["Location"]) == (303, "/en/contact/")
        self.assertContains(self.client.get("/en/contact/"), "never arrived")
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        press_send(self.client)
        assert ContactRequest.objects.get().search_words == "never arrived"

    def test_the_category_comes_first_with_the_ones_near_it(self):
        top = make_category(position=9)
        child = make_category(parent=top)
        make_topic(key="child", category=child)
        make_topic(key="top", category=top)
        for slug, first in ((top.slug, ["top", "child"]), (child.slug, ["child", "top"])):
            groups = self.client.get("/en/contact/", {"category": slug}).context["form"].groups
            assert [topic.key for _category, topics in groups[:2] for topic in topics] == first

    def test_the_topic_page_says_when_we_answer(self):
        self.assertContains(self.client.get("/en/contact/"), "Answer within 2 working days")

    def test_without_a_topic_the_page_says_so(self):
        for chosen in ({}, {"topic": "unknown"}, {"topic": "a\0b", "article": "\0", "category": "\0"}):
            response = self.client.post("/en/contact/", chosen)
            self.assertContains(response, "There is a problem")
            self.assertContains(response, "Choose what it is about.")

    def test_strange_parameters_are_no_error(self):
        for value in ("a\0b", "x" * 3000, "<script>", "ñ"):
            response = self.client.get("/en/contact/", {"article": value, "category": value})
            assert response.status_code == 200

    def test_the_receipt_says_who_answers_by_when(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        receipt = self.client.get(press_send(self.client)["Location"])
        sent = ContactRequest.objects.get()
        promise = answer_by(timezone.localdate(sent.created_at), 2, clock.opening())
        assert sent.promise == promise
        self.assertContains(receipt, f"{promise:%A} {promise.day} {promise:%B %Y}")
        self.assertContains(receipt, EMAIL)

    def test_both_mails_are_due_when_the_customer_sees_the_reference(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        press_send(self.client)
        assert Delivery.objects.due(timezone.now()).count() == 2
        assert not mail.outbox
        deliver_due()
        assert {to for message in mail.outbox for to in message.to} == {EMAIL, "support@localhost"}

    def test_the_first_page_shows_how_much_is_ready(self):
        choose_topic(self.client, self.topic)
        self.assertContains(self.client.get("/en/contact/details/"), "0 of 2 details ready")
        fill_in(self.client, self.topic, **{"detail-item": ""})
        self.assertContains(self.client.get("/en/contact/details/"), "1 of 2 details ready")

    def test_change_leads_to_each_field(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        page = self.client.get("/en/contact/check/").content.decode()
        details = self.client.get("/en/contact/details/").content.decode()
        for name in ("detail-order-number", "detail-item", "message", "tried", "remedy", "name", "email"):
            assert f'href="/en/contact/details/#id_{name}"' in page
            assert f'id="id_{name}"' in details

    def test_changing_the_topic_keeps_what_was_typed(self):
        other = make_topic(key="other", details=["order-number", "seller"])
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message="Mine")
        choose_topic(self.client, other)
        form = self.client.get("/en/contact/details/").context["form"]
        assert form["message"].value() == "Mine"
        assert form["detail-order-number"].value() == "My order-number"
        assert self.client.get("/en/contact/check/")["Location"] == "/en/contact/details/"

    def test_pages_are_not_stored_and_not_listed(self):
        choose_topic(self.client, self.topic)
        pages = [self.client.get("/en/contact/"), self.client.get("/en/contact/details/")]
        fill_in(self.client, self.topic)
        pages.append(self.client.get("/en/contact/check/"))
        pages.append(press_send(self.client))
        pages.append(self.client.get(pages[-1]["Location"]))
        assert {page["Cache-Control"] for page in pages} == {"no-store"}
        assert {page["X-Robots-Tag"] for page in pages} == {"noindex"}

    def test_a_trail_about_something_else_stays_behind(self):
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})
        self.client.get("/en/contact/details/", {"flow": "lost", "start": "no"})
        reader = make_topic(key="reader")
        choose_topic(self.client, reader, category=reader.category.slug)
        fill_in(
            self.client, reader, tried=self.client.get("/en/contact/details/").context["form"]["tried"].value()
        )
        press_send(self.client)
        sent = ContactRequest.objects.get()
        assert (sent.flow_title, sent.trail, sent.tried) == ("", "", "")

    def test_a_new_contact_after_sending_is_another_request(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        press_send(self.client)
        choose_topic(self.client, self.topic)
        assert self.client.get("/en/contact/details/").context["form"]["message"].value() == ""
        fill_in(self.client, self.topic, message="Something new")
        press_send(self.client)
        assert ContactRequest.objects.count() == 2

    def test_a_snapshot_does_not_change_with_its_topic(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        location = press_send(self.client)["Location"]
        self.topic.name = {"en": "Renamed"}
        self.topic.save()
        self.topic.delete()
        self.assertContains(self.client.get(location), "Topic parcel (en)")

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        cookie = choose_topic(self.client, self.topic).cookies["draft"]
        assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 86400)
        assert not cookie["secure"]
        with self.settings(SESSION_COOKIE_SECURE=True):
            assert choose_topic(self.client, self.topic).cookies["draft"]["secure"]

    def test_typing_is_saved_without_continue(self):
        choose_topic(self.client, self.topic)
        response = self.client.post("/en/contact/save/", typed(self.topic, email="ana@", message="half a"))
        assert response.status_code == 204
        form = self.client.get("/en/contact/details/").context["form"]
        assert (form["message"].value(), form["email"].value()) == ("half a", "ana@")

    def test_late_typing_does_not_change_what_was_sent(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        receipt = press_send(self.client)["Location"]
        assert self.client.post("/en/contact/save/", typed(self.topic, message="late")).status_code == 204
        assert self.client.get("/en/contact/check/")["Location"] == receipt


class FromSearchTests(TestCase):
    def carried(self, **headers):
        response = self.client.post("/en/contact/from-search/", {"search": "words"}, headers=headers)
        return response.status_code, "draft" in response.cookies

    def test_takes_words_from_its_own_pages_and_from_browsers_that_say_nothing(self):
        assert self.carried() == (303, True)
        assert self.carried(**{"Sec-Fetch-Site": "same-origin"}) == (303, True)
        assert self.carried(origin="http://testserver") == (303, True)

    def test_takes_none_from_elsewhere(self):
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
        ):
            assert self.carried(**headers) == (302, False)

    def test_long_words_are_cut_and_a_link_is_refused(self):
        self.client.post("/en/contact/from-search/", {"search": "x" * 100_000})
        assert self.client.get("/en/contact/").context["search_words"] == "x" * 200
        assert self.client.get("/en/contact/from-search/").status_code == 405
