"""Writing in the admin: side by side, previewed through the public renderer, published one by one."""

from __future__ import annotations

import pytest
from django.test import TestCase

from articles.models import Article, Translation
from tests.factories import make_article, make_category, make_fact, make_staff, make_translation

pytestmark = pytest.mark.ignore_template_errors


def form(article: Article | None = None, category: object = None, **texts: dict[str, str]) -> dict[str, str]:
    """What the browser posts for the article with these texts by language."""
    data = {"key": article.key if article else "new", "position": "0"}
    data["category"] = str((article or make_article()).category_id if category is None else category)
    rows = {found.language: found for found in article.translations.all()} if article else {}
    ordered = [*sorted(rows), *(code for code in ("en", "es") if code not in rows)]
    for number, language in enumerate(ordered):
        prefix, row = f"translations-{number}", rows.get(language)
        given = {"title": "", "slug": "", "summary": "", "body": "", "keywords": ""}
        if row:
            given |= {name: getattr(row, name) for name in given} | {"id": str(row.pk), "article": str(article.pk)}
            if row.published_at:
                moment = row.published_at.astimezone()
                given |= {"published_at": f"{moment:%Y-%m-%dT%H:%M:%S}"}
        given |= {"language": language} | texts.get(language, {})
        data |= {f"{prefix}-{name}": value for name, value in given.items()}
    data |= {"translations-TOTAL_FORMS": "2", "translations-INITIAL_FORMS": str(len(rows))}
    return data


class EditorTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(make_staff("editor"))

    def test_saves_one_language_and_leaves_the_empty_one(self):
        data = form(en={"title": "How to return?", "body": "Within 30 days."})
        self.client.post("/admin/articles/article/add/", data)
        translation = Translation.objects.get(article__key="new")
        assert (translation.slug, translation.is_published) == ("how-to-return", False)

    def test_publishes_the_language_whose_button_was_pressed(self):
        article = make_article()
        for language in ("en", "es"):
            make_translation(article, language, published=False)
        address = f"/admin/articles/article/{article.pk}/change/"
        self.client.post(address, form(article) | {"_publish": "translations-1"})
        states = {found.language: found.is_published for found in article.translations.all()}
        assert states == {"en": False, "es": True}

    def test_an_unknown_fact_is_an_error_and_keeps_what_was_typed(self):
        data = form(en={"title": "Returns", "body": "Within {{ retrun_days }} days."})
        response = self.client.post("/admin/articles/article/add/", data)
        self.assertContains(response, "There is no policy fact “retrun_days”")
        self.assertContains(response, "Within {{ retrun_days }} days.")
        assert not Translation.objects.exists()

    def test_a_link_that_leads_nowhere_is_a_warning_not_a_stop(self):
        data = form(en={"title": "Returns", "body": "See [this](article:nowhere)."})
        response = self.client.post("/admin/articles/article/add/", data, follow=True)
        self.assertContains(response, "article:nowhere, which readers cannot reach")
        assert Translation.objects.filter(title="Returns").exists()

    def test_saving_without_a_change_changes_nothing(self):
        article = make_article()
        translation = make_translation(article, body="One\nTwo\n\n1. Three")
        before = translation.changed_at
        self.client.post(f"/admin/articles/article/{article.pk}/change/", form(article))
        translation.refresh_from_db()
        assert translation.changed_at == before


class PreviewTests(TestCase):
    def preview(self, **given: str) -> object:
        data = {"preview": "translations-0"} | {f"translations-0-{name}": text for name, text in given.items()}
        return self.client.post("/admin/articles/article/preview/", data)

    def test_shows_the_text_as_readers_will_see_it_and_saves_nothing(self):
        self.client.force_login(make_staff("author"))
        make_fact("return_days", 30)
        response = self.preview(language="es", title="Devolver", body="Tienes **{{ return_days }} días**.")
        self.assertContains(response, '<html lang="es">')
        self.assertContains(response, "<p>Tienes <strong>30 días</strong>.</p>", html=True)
        assert "no-store" in response["Cache-Control"]
        assert not Translation.objects.exists()

    def test_escapes_what_is_hostile(self):
        self.client.force_login(make_staff("author"))
        response = self.preview(language="en", title="<script>hit()</script>", body="<img src=x onerror=hit()>")
        self.assertNotContains(response, "<script>hit")
        self.assertNotContains(response, "<img src=x")

    def test_is_for_those_who_write(self):
        assert self.preview(language="en", title="x", body="x").status_code == 302
        self.client.force_login(make_staff("agent"))
        assert self.preview(language="en", title="x", body="x").status_code == 403


class AuthorTests(TestCase):
    """May write, may not publish: neither by the button nor by a hand-made request."""

    def setUp(self) -> None:
        self.client.force_login(make_staff("author"))

    def test_the_button_is_not_there_and_pressing_it_does_nothing(self):
        category = make_category()
        assert b'name="_publish"' not in self.client.get("/admin/articles/article/add/").content
        text = {"title": "T", "body": "B", "published_at": "2020-01-01T10:00"}
        data = form(category=category.pk, en=text) | {"_publish": "translations-0"}
        self.client.post("/admin/articles/article/add/", data)
        assert not Translation.objects.get(title="T").is_published

    def test_a_live_text_stays_as_it_is(self):
        article = make_article()
        translation = make_translation(article, body="Before.")
        self.client.post(f"/admin/articles/article/{article.pk}/change/", form(article, en={"body": "After."}))
        translation.refresh_from_db()
        assert (translation.body, translation.is_published) == ("Before.", True)
