import re
from datetime import timedelta
from unittest.mock import patch

from django.test import Client, TestCase
from django.utils import timezone

from contact.models import ContactRequest, DraftRequest
from tests.contact.customer import choose_topic, fill_in, hidden, the_draft, typed
from tests.factories import make_topic


def hidden_fields(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


class WithoutCookiesTests(TestCase):
    """A browser that keeps no cookies: every page is its first."""

    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        self.page = self.open("/en/contact/")

    def open(self, path):
        return Client(enforce_csrf_checks=True).get(path)

    def press(self, path, page, **cookies):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies.load(cookies)
        token = str(page.context["csrf_token"])
        fields = typed(self.topic, message="Kept") | hidden_fields(page)
        return browser.post(path, fields | {"csrfmiddlewaretoken": token, "topic": self.topic.key})

    def test_is_told_that_cookies_are_needed_with_the_text_kept(self):
        page = self.press("/en/contact/", self.page)
        self.assertContains(page, "Your browser keeps no cookies", status_code=403)
        self.assertContains(page, "support@localhost", status_code=403)
        page = self.press("/en/contact/details/", page)
        self.assertContains(page, "Your browser keeps no cookies", status_code=403)
        self.assertContains(page, "Kept", status_code=403)

    def test_one_with_an_old_cookie_or_an_old_page_is_told_that_it_was_open_for_too_long(self):
        pages = [self.press("/en/contact/", self.page, csrftoken="x" * 32)]
        with patch("django.core.signing.time.time", (timezone.now() + timedelta(hours=25)).timestamp):
            pages.append(self.press("/en/contact/", self.page))
        for page in pages:
            self.assertContains(page, "open for too long", status_code=403)
            self.assertNotContains(page, "keeps no cookies", status_code=403)

    def test_with_cookies_allowed_the_same_press_goes_on(self):
        page = self.press("/en/contact/", self.page)
        answer = self.press("/en/contact/", page, csrftoken=page.cookies["csrftoken"].value)
        assert answer.status_code == 302


class CsrfFailureTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        self.fields = hidden(self.client.get("/en/contact/check/"))
        self.strict = Client(enforce_csrf_checks=True)
        self.strict.cookies["draft"] = self.fields["draft"]

    def fresh_token(self, page):
        assert "csrftoken" in page.cookies
        return {"csrfmiddlewaretoken": str(page.context["csrf_token"])}

    def test_details_are_there_again_and_go_on_with_the_fresh_token(self):
        fields = typed(self.topic, message="Typed for an hour", email="ana@", **self.fields)
        page = self.strict.post("/en/contact/details/", fields)
        self.assertContains(page, "Typed for an hour", status_code=403)
        self.assertContains(page, "Please press “Continue” again", status_code=403)
        self.assertContains(page, 'value="ana@"', status_code=403)
        assert page["Cache-Control"] == "no-store"
        assert the_draft().message == "It is not here."
        again = fields | {"email": "ana@example.org"} | self.fresh_token(page)
        assert self.strict.post("/en/contact/details/", again)["Location"] == "/en/contact/check/"
        assert the_draft().message == "Typed for an hour"

    def test_details_survive_with_neither_cookie_nor_draft(self):
        page = Client(enforce_csrf_checks=True).post("/es/contact/details/", typed(self.topic, message="Sin nada"))
        self.assertContains(page, "Sin nada", status_code=403)

    def test_a_chosen_topic_stays_chosen(self):
        page = self.strict.post("/en/contact/", {"topic": self.topic.key})
        self.assertContains(page, " checked>", count=1, status_code=403)

    def test_nothing_is_sent_and_the_next_press_sends(self):
        page = self.strict.post("/en/contact/check/", self.fields)
        self.assertContains(page, "Please press “Send request” again", status_code=403)
        assert not ContactRequest.objects.exists()
        assert self.strict.post("/en/contact/check/", self.fields | self.fresh_token(page)).status_code == 302
        assert ContactRequest.objects.count() == 1

    def test_check_without_a_draft_is_a_plain_refusal(self):
        assert Client(enforce_csrf_checks=True).post("/en/contact/check/").status_code == 403

    def test_other_pages_get_a_plain_refusal(self):
        page = self.strict.post("/admin/login/", {"username": "x"})
        self.assertTemplateUsed(page, "403.html")
        assert page.status_code == 403

    def test_a_post_from_elsewhere_does_not_change_the_draft(self):
        response = self.strict.post("/en/contact/save/", typed(self.topic, message="Planted"))
        assert response.status_code == 403
        assert the_draft().message == "It is not here."

    def test_a_strangers_form_does_not_lead_into_a_strangers_draft(self):
        stranger = self.fields["draft"]
        victim = Client(enforce_csrf_checks=True)
        started = hidden_fields(Client().get("/en/contact/"))["started"]
        for path in ("/en/contact/", "/en/contact/details/", "/en/contact/check/"):
            planted = typed(self.topic, draft=stranger, started=started) | {"topic": self.topic.key}
            page = victim.post(path, planted)
            assert page.status_code == 403
            assert stranger not in page.content.decode()
            assert started not in page.content.decode()

    def test_what_is_typed_after_a_strangers_form_reaches_a_draft_of_its_own(self):
        victim = Client(enforce_csrf_checks=True)
        planted = typed(self.topic, draft=self.fields["draft"])
        page = victim.post("/en/contact/details/", planted)
        mine = typed(self.topic, message="My secret") | hidden_fields(page) | self.fresh_token(page)
        victim.post("/en/contact/details/", mine)
        drafts = {draft.token: draft.message for draft in DraftRequest.objects.all()}
        assert drafts.pop(self.fields["draft"]) == "It is not here."
        assert list(drafts.values()) == ["My secret"]
