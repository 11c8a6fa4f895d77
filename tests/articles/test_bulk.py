"""One act on many articles: shown first, refused with a reason, done through the doors of single acts."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, Deed, Translation
from articles.review import Act
from articles.trail import What
from tests.articles.desk import do, person, write
from tests.factories import FewerThan, make_article, make_category, make_translation

pytestmark = pytest.mark.ignore_template_errors

LIST = "/admin/articles/article/"
MANY = f"{LIST}many/"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Bulk(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)

    def choose(self, act: str, *articles: Article, address: str = LIST) -> Any:
        """The boxes are ticked and the act is chosen, as the list posts it."""
        chosen = [str(article.pk) for article in articles]
        return self.client.post(address, {"action": f"{act}_many", "_selected_action": chosen, "index": "0"})

    def press(self, page: Any, button: str, **typed: Any) -> Any:
        """A button of the page, with what it carries."""
        carried = {name: html.unescape(value) for name, value in HIDDEN.findall(page.content.decode())}
        self.carried = carried | typed | {button: "1"}
        return self.client.post(MANY, self.carried, follow=True)

    def texts(self, count: int = 3, **fields: Any) -> list[Translation]:
        return [make_translation(title=f"Text {number}", **fields) for number in range(count)]


class PublishTests(Bulk):
    def test_says_what_will_happen_and_does_nothing_yet(self):
        drafts = self.texts(2, published=False)
        live = make_translation(title="Seen already")
        page = self.choose("publish", *(text.article for text in [*drafts, live]))
        self.assertContains(page, "readers see number 1", count=2)
        self.assertContains(page, "Readers see the newest one already.")
        self.assertContains(page, "Publish 2 texts")
        assert Translation.objects.published().count() == 1

    def test_publishes_them_with_a_deed_each_and_says_how_many(self):
        drafts = self.texts(3, published=False)
        page = self.choose("publish", *(text.article for text in drafts), address=f"{LIST}?state=draft")
        response = self.press(page, "do", languages=["en", "es"])
        self.assertContains(response, "3 texts are published.")
        assert response.redirect_chain[-1][0].endswith("?state=draft")
        assert Translation.objects.published().count() == 3
        deeds = Deed.objects.filter(what=What.PUBLISHED, by=self.ana)
        assert sorted(deed.label for deed in deeds) == ["Text 0", "Text 1", "Text 2"]

    def test_only_in_the_languages_that_are_ticked(self):
        article = make_article()
        for language in ("en", "es"):
            make_translation(article, language, published=False)
        page = self.press(self.choose("publish", article), "show", languages=["es"])
        self.press(page, "do", languages=["es"])
        assert [text.language for text in Translation.objects.published()] == ["es"]

    def test_what_changed_after_the_page_was_opened_is_not_published(self):
        one, other = self.texts(2, published=False)
        page = self.choose("publish", one.article, other.article)
        write(one, self.ana, body="Not looked at.")
        response = self.press(page, "do", languages=["en"])
        self.assertContains(response, "1 text is published.")
        self.assertContains(response, "It has changed since you opened the page.")
        assert list(Translation.objects.published()) == [other]

    def test_a_second_press_changes_nothing(self):
        page = self.choose("publish", self.texts(1, published=False)[0].article)
        self.press(page, "do", languages=["en"])
        self.assertContains(self.client.post(MANY, self.carried, follow=True), "Nothing has changed.")
        assert Deed.objects.filter(what=What.PUBLISHED).count() == 1

    def test_a_text_without_a_review_is_refused_where_one_is_required_and_the_others_are_not(self):
        unreviewed, approved = self.texts(2, published=False)
        do(Act.SUBMIT, approved.newest, self.ana)
        do(Act.APPROVE, approved.newest, person("editor", "ben"))
        with self.settings(REVIEW="required"):
            page = self.choose("publish", unreviewed.article, approved.article)
            self.assertContains(page, "Somebody other than its author must approve it")
            self.press(page, "do", languages=["en"])
        assert list(Translation.objects.published()) == [approved]

    def test_an_address_that_another_text_has_is_refused_beforehand(self):
        make_translation(slug="taken", title="The other one")
        text = make_translation()
        waiting = write(text, self.ana)
        type(waiting).objects.filter(pk=waiting.pk).update(slug="taken")
        self.assertContains(self.choose("publish", text.article), "address of “The other one” already")

    def test_a_hand_made_post_does_only_what_the_rules_allow(self):
        draft = self.texts(1, published=False)[0]
        forged = {"kind": "publish", "chosen": str(draft.article_id), "languages": ["en"], "do": "1"}
        forged["seen"] = f'{{"t{draft.pk}": "1 False"}}'
        for who in (person("author"), person("agent"), person("translator-en")):
            self.client.force_login(who)
            assert self.client.post(MANY, forged).status_code == 403
        assert not Translation.objects.published().exists()
        self.client.force_login(self.ana)
        for seen in ("", "[", "[]", '{"t1": {}}', "[" * 100_000):
            assert self.client.post(MANY, forged | {"seen": seen}).status_code == 302
        assert not Translation.objects.published().exists()
        self.client.post(MANY, forged)  # the control: it was the marks that held the others back
        assert Translation.objects.published().exists()


class MomentTests(Bulk):
    def test_schedules_publishing_and_withdrawing(self):
        draft, live = self.texts(1, published=False)[0], self.texts(1)[0]
        moment = timezone.localtime() + timedelta(days=3)
        typed = {"at": f"{moment:%Y-%m-%dT%H:%M}", "languages": ["en"]}
        page = self.choose("schedule", draft.article)
        self.assertContains(page, "Show what will happen")
        page = self.press(page, "show", **typed)
        self.assertContains(page, "Schedule 1 text")
        self.press(page, "do", **typed)
        page = self.press(self.choose("withdraw_at", live.article), "show", **typed)
        self.press(page, "do", **typed)
        draft.refresh_from_db()
        live.refresh_from_db()
        assert draft.published_at == live.withdrawn_at == moment.replace(second=0, microsecond=0)
        whats = Deed.objects.filter(by=self.ana, moment__isnull=False).values_list("what", flat=True)
        assert set(whats) == {What.SCHEDULED, What.WITHDRAWN}

    def test_a_moment_that_is_over_is_an_error_and_nothing_happens(self):
        draft = self.texts(1, published=False)[0]
        page = self.choose("schedule", draft.article)
        page = self.press(page, "do", at="2020-01-01T10:00", languages=["en"])
        self.assertContains(page, "Choose a moment to come.")
        draft.refresh_from_db()
        assert draft.published_at is None

    def test_says_of_what_is_published_how_many_checks_stop_it(self):
        good, bad = make_translation(published=False), make_translation(published=False, body="![](image:no.png)")
        rows = self.choose("publish", good.article, bad.article).context["allowed"]
        assert {row.key: row.after for row in rows} == {
            f"t{good.pk}": "readers see number 1",
            f"t{bad.pk}": "readers see number 1 · 2 checks stop it now",
        }

    def test_says_of_what_is_withdrawn_how_many_places_name_it(self):
        alone, named = make_translation(), make_translation()
        make_translation(body=f"See [this](article:{named.article.key}).")
        rows = self.choose("withdraw", alone.article, named.article).context["allowed"]
        assert {row.key: row.after for row in rows} == {
            f"t{alone.pk}": "withdrawn",
            f"t{named.pk}": "withdrawn · 1 place names it",
        }

    def test_withdraws_what_readers_see_and_says_what_they_do_not(self):
        live, draft = self.texts(1)[0], self.texts(1, published=False)[0]
        page = self.choose("withdraw", live.article, draft.article)
        self.assertContains(page, "there is nothing to withdraw")
        self.assertContains(self.press(page, "do", languages=["en", "es"]), "1 text is withdrawn.")
        assert not Translation.objects.published().exists()


class FilingTests(Bulk):
    def test_moves_to_a_category_and_says_from_where(self):
        old, new = make_category(name={"en": "Old"}), make_category(name={"en": "New"})
        articles = [make_article(category=old, key=f"moved-{number}") for number in range(2)]
        there = make_article(category=new)
        page = self.press(self.choose("move", *articles, there), "show", category=new.pk)
        self.assertContains(page, "It stands there already.")
        self.assertContains(page, "Move 2 articles")
        self.assertContains(self.press(page, "do", category=new.pk), "2 articles are moved.")
        assert set(Article.objects.values_list("category", flat=True)) == {new.pk}
        deeds = Deed.objects.filter(what=What.MOVED)
        assert {(deed.label, deed.words) for deed in deeds} == {("moved-0", "Old → New"), ("moved-1", "Old → New")}

    def test_gives_to_an_owner_and_to_nobody(self):
        article, ben = make_article(), person("author", "ben")
        page = self.press(self.choose("assign", article), "show", owner=ben.pk)
        self.press(page, "do", owner=ben.pk)
        assert Article.objects.get().owner == ben
        page = self.press(self.choose("assign", article), "show", owner="")
        self.press(page, "do", owner="")
        assert Article.objects.get().owner is None
        assert Deed.objects.filter(what=What.ASSIGNED).count() == 2

    def test_an_author_moves_drafts_and_no_live_article(self):
        new = make_category()
        draft, live = self.texts(1, published=False)[0].article, self.texts(1)[0].article
        self.client.force_login(person("author"))
        self.assertNotContains(self.client.get(LIST), "publish_many")
        page = self.press(self.choose("move", draft, live), "show", category=new.pk)
        self.assertContains(page, "only who may publish moves it")
        self.press(page, "do", category=new.pk)
        assert list(Article.objects.filter(category=new)) == [draft]

    def test_the_form_of_one_article_leaves_the_same_deeds(self):
        from tests.articles.test_article_admin import form

        article, new = make_article(), make_category()
        data = form(article, category=new.pk) | {"owner": str(self.ana.pk)}
        self.client.post(f"{LIST}{article.pk}/change/", data)
        whats = Deed.objects.filter(by=self.ana).values_list("what", flat=True)
        assert set(whats) == {What.MOVED, What.ASSIGNED}


class ManyTests(Bulk):
    def test_two_hundred_are_shown_with_few_queries_and_published(self):
        articles = [text.article for text in self.texts(200, published=False)]
        with self.assertNumQueries(FewerThan(16)):
            page = self.choose("publish", *articles)
        self.assertContains(self.press(page, "do", languages=["en", "es"]), "200 texts are published.")
        assert Translation.objects.published().count() == 200

    def test_more_than_are_allowed_at_once_are_refused_in_a_sentence(self):
        category = make_category()
        Article.objects.bulk_create(Article(key=f"many-{number}", category=category) for number in range(501))
        chosen = {"action": "withdraw_many", "index": "0", "select_across": "1"}
        chosen |= {"_selected_action": str(Article.objects.first().pk)}
        response = self.client.post(LIST, chosen, follow=True)
        self.assertContains(response, "501 articles are chosen; 500 at once are the most.")

    def test_who_may_only_look_is_offered_none_of_it(self):
        self.client.force_login(person("agent"))
        make_article()
        response = self.client.get(LIST)
        for act in ("move", "assign", "publish", "schedule", "withdraw"):
            self.assertNotContains(response, f"{act}_many")
