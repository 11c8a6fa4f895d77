"""Answers while a request is written: few, published, of its kind; never in the way, counted without anybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import TestCase, override_settings

from articles.models import Translation
from contact.models import ContactRequest, DraftRequest, SolvedCount
from tests.contact.customer import address, choose_topic, fill_in, press_send
from tests.factories import make_article, make_category, make_flow, make_staff, make_topic, make_translation
from tests.search.steps import fresh_index, run_worker

ASK = "/en/contact/suggestions/"
SOLVED = "/en/contact/solved/"


class AnswersTestCase(TestCase):
    @pytest.fixture(autouse=True)
    def index(self, tmp_path: Any, monkeypatch: Any) -> None:
        fresh_index(tmp_path, monkeypatch)

    def setUp(self) -> None:
        self.category = make_category()
        self.topic = make_topic(category=self.category)
        self.answers = [self.answer(f"Lamp flickers {number}") for number in range(5)]
        self.elsewhere = self.answer("Lamp flickers in the shop", category=make_category())
        run_worker()
        choose_topic(self.client, self.topic)

    def answer(self, title: str, category: Any = None, **fields: Any) -> Translation:
        return make_translation(make_article(category=category or self.category), title=title, **fields)

    def ask(self, message: str = "my lamp flickers", path: str = ASK) -> Any:
        return self.client.post(path, {"message": message})


class FragmentTests(AnswersTestCase):
    def test_has_at_most_three_of_the_topics_category(self):
        page = self.ask()
        assert page.content.decode().count("<li>") == 3
        self.assertNotContains(page, "in the shop")
        self.assertContains(page, 'target="_blank"')
        self.assertContains(page, "These 3 answers may help")

    def test_has_none_for_two_letters_or_other_words(self):
        for words in ("", "la", "12345", "zzzz qqqq"):
            assert self.ask(words).content.strip() == b"", words

    def test_has_only_what_readers_may_see(self):
        Translation.objects.filter(pk__in=[answer.pk for answer in self.answers]).update(published_at=None)
        self.assertNotContains(self.ask(), "Lamp flickers 1")

    def test_is_in_the_drafts_language(self):
        assert self.ask(path="/es/contact/suggestions/").content.strip() == b""

    def test_leaves_out_the_article_that_did_not_help(self):
        DraftRequest.objects.update(article=self.answers[0].article)
        self.assertNotContains(self.ask(), f'href="{self.answers[0].get_absolute_url()}"')

    def test_takes_words_by_post_with_a_token_alone(self):
        assert self.client.get(ASK, {"message": "lamp"}).status_code == 405
        strict = self.client_class(enforce_csrf_checks=True)
        strict.cookies = self.client.cookies
        assert strict.post(ASK, {"message": "lamp flickers"}).status_code == 403
        assert "no-store" in self.ask()["Cache-Control"]

    def test_a_stranger_without_a_draft_gets_nothing(self):
        assert self.client_class().post(ASK, {"message": "lamp flickers"}).content.strip() == b""

    @override_settings(SUGGEST=False)
    def test_can_be_switched_off(self):
        assert self.ask().content.strip() == b""
        self.assertNotContains(self.client.get(address("contact_details")), "data-answers")
        fill_in(self.client, self.topic, message="my lamp flickers")
        self.assertNotContains(self.client.get(address("contact_check")), "may help")


class PageTests(AnswersTestCase):
    def test_without_javascript_they_stand_on_the_check_page_beside_send(self):
        fill_in(self.client, self.topic, message="my lamp flickers")
        page = self.client.get(address("contact_check"))
        self.assertContains(page, "These 3 answers may help")
        assert press_send(self.client).status_code == 302
        assert ContactRequest.objects.count() == 1


class SolvedTests(AnswersTestCase):
    def press(self, reference: str, **more: str) -> Any:
        return self.client.post(SOLVED, {"solved": reference, **more}, follow=True)

    def test_is_counted_by_day_and_answer_and_nothing_is_sent(self):
        reference = f"articles.translation.{self.answers[0].pk}"
        for _time in range(2):
            page = self.press(reference)
        self.assertContains(page, "Nothing has been sent")
        row = SolvedCount.objects.get()
        assert (row.answer, row.language, row.count) == (f"article:{self.answers[0].article.key}", "en", 2)
        assert not ContactRequest.objects.exists()

    def test_guides_count_too(self):
        flow = make_flow("lamp")
        self.press(f"flows.flow.{flow.pk}")
        assert SolvedCount.objects.get().answer == "flow:lamp"

    def test_nothing_else_is_counted(self):
        for reference in (
            "",
            "x",
            "articles.translation.999999",
            "articles.translation.٣",
            "auth.user.1",
            "1" * 99,
        ):
            assert self.press(reference).status_code == 200
        assert not SolvedCount.objects.exists()

    def test_what_was_being_typed_is_kept(self):
        page = self.press("x", message="my lamp flick", email="ana@example.org")
        self.assertContains(page, "Go on with my request")
        assert DraftRequest.objects.get().message == "my lamp flick"

    def test_so_are_the_words_changed_on_the_check_page(self):
        self.press("x", worded="In my own way.")
        assert DraftRequest.objects.get().worded == "In my own way."

    @pytest.mark.ignore_template_errors
    def test_editors_read_the_counts(self):
        self.press(f"articles.translation.{self.answers[0].pk}")
        self.client.force_login(make_staff("editor"))
        self.assertContains(self.client.get("/admin/contact/solvedcount/"), self.answers[0].article.key)
