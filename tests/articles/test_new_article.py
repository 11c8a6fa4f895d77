"""A new article asks for no more than its writer knows: where it is filed is made from what they wrote."""

from __future__ import annotations

from django.test import Client, TestCase

from articles.models import Article, Translation
from tests.articles.forms import Opened
from tests.factories import make_article, make_category, make_staff, make_translation

ADD = "/admin/articles/article/add/"


class NewArticleTests(TestCase):
    def setUp(self) -> None:
        self.editor = make_staff("editor")
        self.client.force_login(self.editor)
        self.category = str(make_category().pk)

    def write(self, **titles: str) -> Article | None:
        """Open the page, give these titles, save."""
        page = Opened(self.client, ADD)
        number = {page.values[f"translations-{n}-language"]: n for n in range(2)}
        fields = {}
        for language, title in titles.items():
            fields |= {f"translations-{number[language]}-{name}": title for name in ("title", "body")}
        self.answer = page.save(category=self.category, **fields)
        return Article.objects.order_by("-pk").first()

    def test_has_a_key_made_of_its_title(self):
        assert self.write(en="How do I return it?").key == "how-do-i-return-it"

    def test_has_a_key_that_no_other_article_has(self):
        make_article(key="lost")
        make_article(key="lost-2")
        assert self.write(en="Lost").key == "lost-3"

    def test_cuts_no_word_of_a_long_title(self):
        key = self.write(en="I bought from another seller and want to return it or complain").key
        assert key == "i-bought-from-another-seller-and-want-to"

    def test_keeps_the_key_that_was_written(self):
        page = Opened(self.client, ADD)
        texts = {"translations-0-title": "How?", "translations-0-body": "So."}
        page.save(category=self.category, key="mine", **texts)
        assert Article.objects.filter(key="mine").exists()

    def test_without_any_title_is_asked_for_one(self):
        assert self.write() is None
        self.assertContains(self.answer, "Write a title in one of the languages below, or a key.")

    def test_is_written_in_the_language_that_it_has(self):
        article = self.write(es="¿Cómo lo devuelvo?")
        assert (article.key, article.source_language) == ("como-lo-devuelvo", "es")

    def test_is_written_in_the_usual_language_where_it_has_both(self):
        assert self.write(es="¿Cómo?", en="How?").source_language == "en"

    def test_begins_with_the_language_of_who_writes_it(self):
        spanish = Client(headers={"Accept-Language": "es"})
        spanish.force_login(self.editor)
        page, english = Opened(spanish, ADD), Opened(self.client, ADD)
        assert [one.values["translations-0-language"] for one in (page, english)] == ["es", "en"]
        english.client = spanish  # an English page sent by who reads Spanish by now: its order stays
        for one in (page, english):
            texts = {"translations-0-title": "¿Qué?", "translations-0-body": "Eso."}
            assert one.save(category=self.category, **texts).status_code == 302
        assert set(Translation.objects.values_list("language", flat=True)) == {"es", "en"}

    def test_the_language_that_it_is_written_in_stays_first(self):
        article = make_article(source_language="es")
        for language in ("en", "es"):
            make_translation(article, language)
        page = Opened(self.client, f"/admin/articles/article/{article.pk}/change/")
        assert [page.values[f"translations-{n}-language"] for n in range(2)] == ["es", "en"]

    def test_is_kept_true_by_who_writes_it(self):
        assert self.write(en="How?").owner == self.editor

    def test_an_article_that_is_there_needs_its_key(self):
        page = Opened(self.client, make_article().work_url)
        self.assertContains(page.save(key=""), "This field is required.")
