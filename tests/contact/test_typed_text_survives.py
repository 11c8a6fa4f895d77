"""D7: whatever goes wrong, what the customer typed is there again.  CSRF failures: test_csrf_failure.py."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from contact.models import ContactRequest, DraftRequest
from tests.contact.customer import choose_topic, fill_in, press_send, the_draft, typed
from tests.factories import STEPS, make_flow, make_topic

TOO_MUCH = "x" * (3 * 1024 * 1024)


class TooLargeTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message="Typed before")

    def assert_says_so(self, page):
        assert (page.status_code, page["Cache-Control"]) == (413, "no-store")
        self.assertTemplateUsed(page, "413.html")

    def test_a_body_over_the_limit_offers_what_was_saved_before(self):
        page = fill_in(self.client, self.topic, message=TOO_MUCH)
        self.assert_says_so(page)
        self.assertContains(page, 'href="/en/contact/details/"', status_code=413)
        self.assertContains(self.client.get("/en/contact/details/"), "Typed before")

    def test_the_same_for_one_that_is_not_cut_in_parts(self):
        body = {name: [text] for name, text in typed(self.topic, message=TOO_MUCH).items()}
        encoded = "&".join(f"{name}={text}" for name, [text] in body.items())
        page = self.client.post("/es/contact/details/", encoded, content_type="application/x-www-form-urlencoded")
        self.assert_says_so(page)

    def test_the_same_for_too_many_fields(self):
        fields = {f"field-{number}": "x" for number in range(5001)}
        self.assert_says_so(self.client.post("/en/contact/details/", fields))

    def test_on_other_pages_nothing_is_promised(self):
        page = self.client_class().post("/en/search/", {"q": TOO_MUCH})
        assert page.status_code in (405, 413)
        page = self.client_class().post("/en/contact/details/", {"message": TOO_MUCH})
        self.assertNotContains(page, "Go on where you stopped", status_code=413)

    def test_just_under_the_limit_of_the_body_the_form_says_what_is_too_long(self):
        page = fill_in(self.client, self.topic, message="y" * 20_000)
        self.assertContains(page, "This text has 20000 characters. Shorten it to 10000.")
        self.assertContains(page, "y" * 20_000)


class ComingBackTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def test_the_first_page_offers_to_go_on_without_forcing_it(self):
        self.client.post("/en/contact/save/", typed(self.topic, message="Half a sent"))
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(hours=23, minutes=59))
        page = self.client.get("/en/contact/")
        self.assertContains(page, 'href="/en/contact/details/">Go on where you stopped')
        self.assertContains(page, 'name="topic"')
        self.assertContains(self.client.get("/en/contact/details/"), "Half a sent")

    def test_after_a_day_it_is_no_longer_offered(self):
        fill_in(self.client, self.topic)
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(hours=24, seconds=1))
        self.assertNotContains(self.client.get("/en/contact/"), "Go on where you stopped")

    def test_nothing_is_offered_where_nothing_was_typed(self):
        self.assertNotContains(self.client.get("/en/contact/"), "Go on where you stopped")
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})
        self.client.get("/en/contact/details/", {"flow": "lost", "start": "no"})
        self.assertNotContains(self.client.get("/en/contact/"), "Go on where you stopped")

    def test_what_was_sent_is_not_offered(self):
        fill_in(self.client, self.topic)
        press_send(self.client)
        self.assertNotContains(self.client.get("/en/contact/"), "Go on where you stopped")

    def test_it_can_be_deleted(self):
        fill_in(self.client, self.topic, message="On a shared computer")
        response = self.client.post("/en/contact/discard/")
        assert response["Location"] == "/en/contact/"
        assert not DraftRequest.objects.exists()
        self.assertNotContains(self.client.get("/en/contact/"), "Go on where you stopped")
        assert self.client.get("/en/contact/discard/").status_code == 405

    def test_what_was_sent_cannot_be_deleted(self):
        fill_in(self.client, self.topic)
        press_send(self.client)
        self.client.post("/en/contact/discard/")
        assert ContactRequest.objects.exists()
        assert DraftRequest.objects.exists()

    def test_back_shows_what_was_typed(self):
        fill_in(self.client, self.topic, message="Typed", email="ana@example.org")
        self.client.get("/en/contact/check/")
        form = self.client.get("/en/contact/details/").context["form"]
        assert (form["message"].value(), form["email"].value()) == ("Typed", "ana@example.org")

    def test_text_about_a_topic_that_was_removed_meanwhile_is_kept(self):
        key = self.topic.key
        details = typed(self.topic, message="Typed for an hour")
        self.topic.delete()
        other = make_topic(details=["order-number"])
        response = self.client.post("/en/contact/details/", details | {"topic": key})
        assert response["Location"] == "/en/contact/"
        self.assertContains(self.client.get("/en/contact/"), "What you wrote is still here")
        choose_topic(self.client, other)
        page = self.client.get("/en/contact/details/")
        self.assertContains(page, "Typed for an hour")
        self.assertContains(page, 'value="My order-number"')

    def test_a_save_never_makes_a_draft_for_somebody_without_one(self):
        stranger = self.client_class()
        assert stranger.post("/en/contact/save/", typed(self.topic)).status_code == 204
        assert the_draft().message == ""
