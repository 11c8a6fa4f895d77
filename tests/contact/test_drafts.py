from datetime import timedelta

from django.core.cache import cache
from django.test import TestCase
from django.utils import timezone

from contact.drafts import forget_old
from contact.models import ContactRequest, DraftRequest
from tests.contact.customer import choose_topic, fill_in, hidden, press_send, the_draft, typed
from tests.factories import make_topic


def a_day_passes():
    moment = timezone.now() - timedelta(hours=24, seconds=1)
    DraftRequest.objects.update(changed_at=moment)


class DraftTests(TestCase):
    def setUp(self):
        cache.clear()
        self.topic = make_topic(details=["order-number"])

    def test_within_a_day_everything_is_there_again(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message="Typed yesterday")
        DraftRequest.objects.update(changed_at=timezone.now() - timedelta(hours=23, minutes=59))
        forget_old()
        self.assertContains(self.client.get("/en/contact/details/"), "Typed yesterday")

    def test_after_a_day_it_is_not_found_even_before_it_is_deleted(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        a_day_passes()
        for page in ("/en/contact/details/", "/en/contact/check/", "/es/contact/check/"):
            response = self.client.get(page)
            assert response.status_code == 404
            assert response["Cache-Control"] == "no-store"
            self.assertTemplateUsed(response, "contact/nothing_found.html")
        assert self.client.post("/en/contact/check/", {"draft": "x"}).status_code == 404

    def test_after_a_day_it_is_deleted(self):
        choose_topic(self.client, self.topic)
        a_day_passes()
        forget_old()
        assert not DraftRequest.objects.exists()

    def test_looks_for_old_ones_at_most_once_a_minute(self):
        forget_old()
        choose_topic(self.client, self.topic)
        a_day_passes()
        with self.assertNumQueries(0):
            forget_old()

    def test_without_any_draft_the_pages_start_at_the_topic(self):
        for page in ("details", "check"):
            assert self.client.get(f"/en/contact/{page}/")["Location"] == "/en/contact/"
        assert self.client.post("/en/contact/check/")["Location"] == "/en/contact/"

    def test_text_typed_into_an_expired_page_is_kept_and_goes_on(self):
        choose_topic(self.client, self.topic)
        token = the_draft().token
        a_day_passes()
        response = fill_in(self.client, self.topic, draft=token, message="Typed very slowly")
        assert response["Location"] == "/en/contact/check/"
        press_send(self.client)
        assert ContactRequest.objects.get().message == "Typed very slowly"

    def test_the_hidden_field_finds_it_without_the_cookie(self):
        choose_topic(self.client, self.topic)
        token = the_draft().token
        self.client.cookies.pop("draft")
        fill_in(self.client, self.topic, draft=token, message="Without a cookie")
        assert the_draft().message == "Without a cookie"

    def test_a_strange_token_is_no_error(self):
        for token in ("x", "a\0b", "ñ" * 1000, "' OR 1=1"):
            self.client.cookies["draft"] = token.replace("\0", "")
            assert self.client.get("/en/contact/check/").status_code == 404
            assert self.client.post("/en/contact/check/", {"draft": token}).status_code == 404
            assert self.client.post("/en/contact/save/", {"draft": token}).status_code == 204

    def test_two_browsers_do_not_see_each_others(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message="Mine")
        other = self.client_class()
        choose_topic(other, self.topic)
        self.assertNotContains(other.get("/en/contact/details/"), "Mine")

    def test_a_draft_without_a_topic_is_asked_for_one(self):
        self.client.post("/en/contact/from-search/", {"search": "words"})
        for page in ("details", "check"):
            assert self.client.get(f"/en/contact/{page}/")["Location"] == "/en/contact/"

    def test_a_draft_deleted_while_being_sent_is_no_error(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        fields = hidden(self.client.get("/en/contact/check/"))
        DraftRequest.objects.all().delete()
        assert self.client.post("/en/contact/check/", fields).status_code == 404

    def test_the_button_of_the_other_language_keeps_what_is_half_typed(self):
        choose_topic(self.client, self.topic)
        half = typed(self.topic, message="Half a sent", email="ana@")
        answer = self.client.post("/en/contact/details/", half | {"language": "es"})
        assert answer["Location"] == "/es/contact/details/"
        self.assertContains(self.client.get(answer["Location"]), "Half a sent")
        for unknown in ("xx", "", "//elsewhere.example"):
            answer = self.client.post("/en/contact/details/", half | {"language": unknown})
            assert answer["Location"] == "/en/contact/details/?check=1"

    def test_the_other_language_shows_the_same_draft(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message="Lo mismo")
        self.assertContains(self.client.get("/es/contact/check/"), "Lo mismo")
