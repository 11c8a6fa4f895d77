"""What is typed is kept: every few seconds, on a refused save, through a lost login and an old page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client, TestCase
from django.utils import timezone

from articles import unsaved
from articles.models import Presence, Translation, Unsaved
from tests.articles.buttons import buttons_of
from tests.articles.desk import person, press, write
from tests.articles.forms import Opened
from tests.factories import make_article, make_flow, make_translation

pytestmark = pytest.mark.ignore_template_errors
KEEP = "/admin/articles/article/keep/"


class KeptTestCase(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)
        self.article = make_article()
        make_translation(self.article, body="Before.")
        self.address = f"/admin/articles/article/{self.article.pk}/change/"
        self.opened = Opened(self.client, self.address)

    def keep(self, **changes: str) -> object:
        return self.client.post(KEEP, self.opened.values | {"place": self.address} | changes)

    def recovered(self) -> Opened:
        return Opened(self.client, f"{self.address}?recover=1")


class BoundTests(KeptTestCase):
    def test_keeps_the_newest_of_one_person_and_leaves_those_of_others(self):
        other = person("editor", "eva")
        unsaved.keep(other, "/admin/0/", {})
        for number in range(unsaved.MOST + 2):
            unsaved.keep(self.ana, f"/admin/{number}/", {})
        unsaved.keep(self.ana, "/admin/2/", {"title": ["Typed again"]})
        kept = set(Unsaved.objects.filter(user=self.ana).values_list("place", flat=True))
        assert kept == {f"/admin/{number}/" for number in range(2, unsaved.MOST + 2)}
        assert Unsaved.objects.filter(user=other).exists()


class OfferTests(KeptTestCase):
    """What the page offers of it, and when."""

    OFFER = "You typed something here that was never saved"

    def test_a_refused_save_has_it_in_the_form_and_offers_nothing_besides(self):
        self.keep(**{"translations-0-body": "Typed with care."})
        self.assertContains(self.client.get(self.address), self.OFFER)
        refused = self.client.post(self.address, self.opened.values | {"key": "", "category": ""})
        self.assertContains(refused, "Please correct the")
        self.assertNotContains(refused, self.OFFER)


class AutosaveTests(KeptTestCase):
    def test_what_is_typed_is_there_again_after_a_crash(self):
        answer = self.keep(**{"translations-0-body": "Typed with care."})
        assert "Kept at" in answer.json()["said"]
        self.assertContains(self.client.get(self.address), "never saved")
        again = self.recovered()
        assert again.values["translations-0-body"] == "Typed with care."
        self.assertContains(again.page, "not saved yet")
        assert Translation.objects.get().newest.body == "Before."
        again.address = self.address
        assert again.save().status_code == 302
        assert Translation.objects.get().newest.body == "Typed with care."
        assert not Unsaved.objects.exists()

    def test_looking_at_it_saves_nothing(self):
        self.keep(**{"translations-0-body": "Typed with care.", "_publish": "translations-0"})
        self.recovered()
        assert Translation.objects.get().revisions.count() == 1

    def test_a_change_by_somebody_else_meanwhile_is_still_noticed(self):
        self.keep(**{"translations-0-body": "Typed with care."})
        eva = Client()
        eva.force_login(person("editor", "eva"))
        Opened(eva, self.address).save(**{"translations-0-body": "Eva's words."})
        again = self.recovered()
        self.assertContains(again.page, "Somebody else has saved this")
        self.assertContains(again.page, "<ins>Typed")
        assert again.values["translations-0-body"] == "Typed with care."

    def test_it_is_thrown_away_when_asked_to(self):
        self.keep()
        self.assertRedirects(
            self.client.post("/admin/articles/article/drop/", {"place": self.address}), self.address
        )
        assert not Unsaved.objects.exists()

    def test_enter_in_a_field_throws_nothing_away(self):
        draft = make_flow("lost").make_draft()
        pages = {
            self.address: "article_form",
            f"/admin/articles/category/{self.article.category_id}/change/": "category_form",
            f"/admin/flows/flow/{draft.flow_id}/change/": "flow_form",
            f"/admin/articles/article/{self.article.pk}/translate/es/": "translate_form",
            f"/admin/flows/flowversion/{draft.pk}/change/": "flowversion_form",
        }
        for place, form in pages.items():
            unsaved.keep(self.ana, place, {"note": ["Typed with care."]})
            html = self.client.get(place).content.decode()
            assert buttons_of(html, "drop-typed") == ["drop=1"], place
            assert buttons_of(html, form), place
            assert "drop=1" not in buttons_of(html, form), place
            assert f'<input type="hidden" name="place" value="{place}"></form>' in html

    def test_nobody_gets_what_another_typed(self):
        self.keep(**{"translations-0-body": "Typed with care."})
        eva = Client()
        eva.force_login(person("editor", "eva"))
        self.assertNotContains(eva.get(f"{self.address}?recover=1"), "Typed with care.")

    def test_nonsense_is_refused(self):
        for place in (
            "",
            "https://example.org/admin/",
            "/en/",
            "//example.org/",
            "/admin/\\x",
            "/admin/" + "x" * 300,
        ):
            response = self.client.post(KEEP, {"place": place, "seen": "{}"})
            assert response.status_code == 404 or response.status_code == 200 and place.startswith("https")
        assert self.client.get(KEEP).status_code == 405
        assert self.client.post(KEEP, {"place": self.address, "seen": "", "x": "\0"}).status_code == 200

    def test_a_flow_and_its_steps_are_kept_too(self):
        draft = make_flow().make_draft()
        address = f"/admin/flows/flowversion/{draft.pk}/change/"
        opened = Opened(self.client, address)
        for name in (
            f"step-{draft.steps.first().pk}-title_0",
            f"option-{draft.steps.first().options.first().pk}-label_1",
        ):
            self.client.post(KEEP, opened.values | {"place": address, name: "Typed with care?"})
            assert Opened(self.client, f"{address}?recover=1").values[name] == "Typed with care?"
        assert draft.steps.first().title.localize("en") != "Typed with care?"

    def test_what_nobody_came_back_for_goes_after_a_month(self):
        self.keep()
        Unsaved.objects.update(kept_at=timezone.now() - timedelta(days=31))
        cache.clear()  # it looks once an hour
        unsaved.forget_old()
        assert not Unsaved.objects.exists()


class WithoutJavaScriptTests(KeptTestCase):
    def test_a_save_that_is_refused_keeps_everything(self):
        self.opened.save(**{"translations-0-body": "Within {{ no_such_fact }} days.", "position": "x"})
        assert self.recovered().values["translations-0-body"] == "Within {{ no_such_fact }} days."

    def test_a_lost_login_is_asked_for_again_and_the_text_is_there(self):
        self.client.logout()
        page = self.opened.client.post(self.address, self.opened.values | {"translations-0-body": "Typed."})
        self.assertContains(page, "What you typed is kept")
        assert not Unsaved.objects.exists()
        typed = page.context["typed"]
        wrong = self.client.post(
            "/admin/login/", {"username": "ana", "password": "no", "next": self.address, "typed": typed}
        )
        assert wrong.context["typed"] == typed
        answer = self.client.post(
            "/admin/login/", {"username": "ana", "password": "password", "next": self.address, "typed": typed}
        )
        self.assertRedirects(answer, f"{self.address}?recover=1")
        assert self.recovered().values["translations-0-body"] == "Typed."

    def test_a_comment_is_there_again_too(self):
        eva = person("editor", "eva")
        newest = write(Translation.objects.get(), eva)
        self.client.logout()
        page = press(self.client, newest, "comment", words="Well put, but.", seen=newest.digest)
        login = {"username": "ana", "password": "password", "next": newest.subject.work_url}
        answer = self.client.post("/admin/login/", login | {"typed": page.context["typed"]})
        self.assertContains(self.client.get(answer["Location"]), "Well put, but.")
        press(self.client, newest, "comment", words="Well put, but.")
        assert not Unsaved.objects.exists()

    def test_an_old_page_is_opened_again_with_the_text(self):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.ana)
        page = strict.post(self.address, self.opened.values | {"translations-0-body": "Typed."})
        assert page.status_code == 403
        assert "nothing you typed is lost" in page.content.decode()
        assert "nav-sidebar" not in page.content.decode()  # it would say that they may see nothing
        given = {"place": self.address, "typed": page.context["typed"]}
        self.assertRedirects(self.client.post("/admin/articles/article/kept/", given), f"{self.address}?recover=1")
        assert self.recovered().values["translations-0-body"] == "Typed."

    def test_nobody_is_led_elsewhere_and_nonsense_is_no_error(self):
        for typed in ("", "[", "[]", '{"a": 1}', '{"a": [1]}', "[" * 100_000):
            given = {"place": self.address, "typed": typed}
            assert self.client.post("/admin/articles/article/kept/", given).status_code == 302
        elsewhere = self.client.post(
            "/admin/articles/article/kept/", {"place": "https://example.org/x", "typed": "{}"}
        )
        assert elsewhere.status_code == 404
        anonymous = Client()
        answer = anonymous.post(
            "/admin/login/",
            {"username": "ana", "password": "password", "next": "https://example.org/x", "typed": json.dumps({})},
        )
        assert answer["Location"].startswith("/admin/")


class GoneTests(KeptTestCase):
    """The form can no longer be saved: deleted, published or scheduled by somebody else meanwhile."""

    def test_what_was_typed_for_a_deleted_text_can_still_be_read(self):
        self.article.delete()
        self.opened.values["translations-0-body"] = "Typed with care."
        page = self.client.post(self.address, self.opened.values, follow=True)
        self.assertContains(page, "What you typed is kept")
        self.assertContains(page, "Typed with care.")
        self.assertContains(self.client.get("/admin/"), page.request["PATH_INFO"])

    def test_what_was_typed_for_a_published_draft_can_still_be_read(self):
        flow = make_flow()
        draft = flow.make_draft()
        address = f"/admin/flows/flowversion/{draft.pk}/change/"
        title = f"step-{draft.steps.first().pk}-title_0"
        opened = Opened(self.client, address)
        draft.publish()
        for again in (self.client.post, self.client.post):
            page = again(address, opened.values | {title: "Typed with care?"}, follow=True)
            self.assertContains(page, "Typed with care?")
        page = self.client.get(f"{address}?recover=1", follow=True)
        self.assertContains(page, "Typed with care?")

    def test_the_translators_page_keeps_it_too(self):
        make_translation(self.article, "es")
        address = f"/admin/articles/article/{self.article.pk}/translate/es/"
        opened = Opened(self.client, address)
        self.article.delete()
        page = self.client.post(address, opened.values | {"body": "Con cuidado."}, follow=True)
        self.assertContains(page, "Con cuidado.")

    def test_nobody_reads_what_another_typed(self):
        self.keep()
        eva = Client()
        eva.force_login(person("editor", "eva"))
        address = f"/admin/articles/article/unsaved/{Unsaved.objects.get().pk}/"
        assert self.client.get(address).status_code == 200
        assert eva.get(address).status_code == 404


class PresenceTests(KeptTestCase):
    def test_two_at_one_page_see_each_other(self):
        eva = Client()
        eva.force_login(person("editor", "eva"))
        self.assertContains(eva.get(self.address), "Also here: ana.")
        assert self.client.post(KEEP, {"place": self.address}).json()["others"] == ["eva"]

    def test_who_has_left_is_no_longer_there(self):
        Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
        eva = Client()
        eva.force_login(person("editor", "eva"))
        self.assertNotContains(eva.get(self.address), "Also here: ana.")


class RecoveringTests(KeptTestCase):
    def test_the_page_says_that_this_is_what_was_typed_and_offers_it_no_more(self):
        self.keep(**{"translations-0-title": "Typed"})
        self.assertContains(self.client.get(self.address), "You typed something here")
        page = self.recovered().page
        self.assertContains(page, "This is what you had typed.")
        self.assertNotContains(page, "You typed something here")


class PlaceTests(KeptTestCase):
    def test_what_is_no_place_of_the_desk_is_not_found(self):
        for place in ("", "/en/", "https://elsewhere.example/", "//elsewhere.example", "http://[", "/admin/\\x"):
            with self.subTest(place):
                for act in ("keep", "kept", "drop"):
                    response = self.client.post(f"/admin/articles/article/{act}/", {"place": place})
                    assert response.status_code == 404
