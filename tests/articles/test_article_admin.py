"""Writing in the admin: side by side, previewed through the public renderer, published one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, Image, Translation
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

    def test_the_box_that_deletes_says_what(self):
        page = self.client.get(make_translation().article.work_url)
        self.assertContains(page, "Delete this language:", 1)

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

    def test_a_link_that_leads_nowhere_is_saved_and_told(self):
        data = form(en={"title": "Returns", "body": "See [this](article:nowhere)."})
        response = self.client.post("/admin/articles/article/add/", data, follow=True)
        self.assertContains(response, "Checks of “Returns”")
        self.assertContains(response, "1 stops publishing, 2 would make it better")
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

    def test_a_scheduled_text_stays_as_the_editor_saw_it(self):
        article = make_article()
        translation = make_translation(article, body="Before.", published_at=timezone.now() + timedelta(days=1))
        self.client.post(f"/admin/articles/article/{article.pk}/change/", form(article, en={"body": "After."}))
        translation.refresh_from_db()
        assert translation.body == "Before."

    def test_a_live_article_is_neither_moved_nor_put_on_the_home_page(self):
        article, elsewhere = make_article(), make_category()
        make_translation(article)
        data = form(article, category=elsewhere.pk) | {"key": "stolen", "is_featured": "on"}
        self.client.post(f"/admin/articles/article/{article.pk}/change/", data)
        found = Article.objects.get(pk=article.pk)
        assert (found.key, found.category, found.is_featured) == (article.key, article.category, False)

    def test_a_draft_does_not_take_over_the_old_address_of_a_live_text(self):
        live = make_translation(slug="old")
        live.slug = "new"
        live.save()
        make_translation(slug="old", published=False)
        self.assertRedirects(self.client.get("/en/articles/old/"), "/en/articles/new/", status_code=301)

    def test_a_picture_of_live_texts_cannot_be_replaced(self):
        image = Image.objects.create(name="x.png", sha256="a" * 64, extension="png", width=1, height=1)
        assert self.client.post(f"/admin/articles/image/{image.pk}/change/", {"name": "x.png"}).status_code == 403


class TroubleTests(TestCase):
    """What goes wrong at the desk is a sentence at the field, and the text is still there."""

    def setUp(self) -> None:
        self.client.force_login(make_staff("editor"))

    def test_a_title_without_latin_letters_asks_for_a_slug(self):
        response = self.client.post("/admin/articles/article/add/", form(en={"title": "日本語のみ", "body": "x"}))
        self.assertContains(response, "Write a slug")
        assert not Translation.objects.exists()

    def test_the_second_to_add_a_language_keeps_the_text(self):
        article = make_article()
        make_translation(article, "en")
        late = form(article, es={"title": "Tarde", "body": "Escrito tarde."})
        make_translation(article, "es", title="Antes")
        response = self.client.post(f"/admin/articles/article/{article.pk}/change/", late)
        self.assertContains(response, "Somebody has written this language meanwhile")
        self.assertContains(response, "Escrito tarde.")

    def test_an_overlong_text_is_refused_and_kept(self):
        response = self.client.post("/admin/articles/article/add/", form(en={"title": "T", "body": "x" * 50_001}))
        self.assertContains(response, "50000")
        assert not Translation.objects.exists()

    def test_a_category_below_itself_or_on_a_third_level_is_refused(self):
        top = make_category()
        below = make_category(parent=top)
        for category, parent in ((top, top), (top, below), (make_category(), below)):
            category.parent = parent
            with pytest.raises(ValidationError):
                category.clean()

    def test_who_may_only_look_sees_no_boxes(self):
        article = make_article()
        make_translation(article, title="Only to read")
        self.client.force_login(make_staff("agent"))
        response = self.client.get(f"/admin/articles/article/{article.pk}/change/")
        self.assertContains(response, "Only to read")
        self.assertNotContains(response, "<textarea")
