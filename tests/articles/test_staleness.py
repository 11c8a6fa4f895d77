"""A translation says what its source said once: who is told when the source changes, and where it shows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.models import Notification, Translation
from articles.review import Act
from tests.articles.desk import do, person, write
from tests.articles.forms import Opened
from tests.factories import make_article, make_category, make_translation

pytestmark = pytest.mark.ignore_template_errors
TOLD = "Esta traducción"


class StaleTestCase(TestCase):
    def setUp(self) -> None:
        self.ana, self.luz = person("editor", "ana"), person("translator-es", "luz")
        self.article = make_article()
        self.source = make_translation(self.article, "en", slug="return", title="How to return?")
        self.spanish = make_translation(self.article, "es", slug="devolver")
        self.translate = f"/admin/articles/article/{self.article.pk}/translate/es/"

    def change_source(self, significance: str, body: str = "After.") -> None:
        do(Act.PUBLISH, write(self.source, self.ana, body, significance=significance), self.ana)

    def told(self) -> list[str]:
        return [told.recipient.username for told in Notification.objects.all()]

    def is_stale(self) -> bool:
        return Translation.objects.get(pk=self.spanish.pk).stale_since is not None


class ToldTests(StaleTestCase):
    def test_a_typo_tells_nobody(self):
        self.change_source("typo")
        assert (self.told(), self.is_stale()) == ([], False)

    def test_a_minor_change_tells_translators_only(self):
        self.change_source("minor")
        assert (self.told(), self.is_stale()) == (["luz"], False)

    def test_a_major_one_tells_readers_too_for_no_query_more(self):
        with CaptureQueriesContext(connection) as before:
            self.client.get("/es/articles/devolver/")
        self.change_source("major")
        with CaptureQueriesContext(connection) as after:
            page = self.client.get("/es/articles/devolver/")
        self.assertContains(page, "How to return?")
        self.assertContains(page, 'class="notice outdated"')
        self.assertNotContains(self.client.get("/en/articles/return/"), "outdated")
        assert len(after) == len(before)
        assert self.told() == ["luz"]

    def test_a_change_that_is_not_published_tells_nobody(self):
        write(self.source, self.ana, significance="major")
        assert (self.told(), self.is_stale()) == ([], False)

    def test_a_typo_on_top_of_a_major_change_does_not_hide_it(self):
        write(self.source, self.ana, "Quite different.", significance="major")
        self.change_source("typo", "Quite different!")
        assert self.is_stale()

    def test_one_mail_names_all_that_are_theirs(self):
        """A person is told once of a deed: of two languages, one was never heard of."""
        french = make_translation(self.article, "fr", title="Comment renvoyer ?")
        french.applied.mark(author=self.luz)
        self.change_source("minor")
        told = Notification.objects.get()
        assert told.recipient == self.luz
        assert f"“{self.spanish.title}”" in told.sentence and "“Comment renvoyer ?”" in told.sentence
        assert told.path == "/admin/articles/article/coverage/"

    def test_where_nobody_translates_its_author_is_told(self):
        self.luz.delete()
        do(Act.PUBLISH, write(self.spanish, self.ana, "De Ana."), self.ana)
        eva = person("editor", "eva")
        do(Act.PUBLISH, write(self.source, eva, significance="minor"), eva)
        assert self.told() == ["ana"]


class TranslatingTests(StaleTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.change_source("major", "Within 14 days.")
        self.client.force_login(self.luz)

    def test_the_source_shows_what_has_changed_and_the_save_brings_it_up_to_date(self):
        opened = Opened(self.client, self.translate)
        self.assertContains(opened.page, "it was number 1, it is number 2")
        self.assertContains(opened.page, "<ins>Within")
        assert opened.save(body="En 14 días.").status_code == 302
        assert self.is_stale()
        waiting = Translation.objects.get(pk=self.spanish.pk).waiting
        assert waiting.made_from == Translation.objects.get(pk=self.source.pk).applied
        do(Act.PUBLISH, waiting, self.ana)
        assert not self.is_stale()
        self.assertNotContains(self.client.get("/es/articles/devolver/"), "outdated")

    def test_a_correction_alone_leaves_the_mark(self):
        opened = Opened(self.client, self.translate)
        del opened.values["is_in_step"]
        opened.save(body="Corregido.")
        do(Act.PUBLISH, Translation.objects.get(pk=self.spanish.pk).waiting, self.ana)
        assert self.is_stale()

    def test_what_was_changed_while_it_was_translated_is_not_forgotten(self):
        opened = Opened(self.client, self.translate)
        self.change_source("major", "Within 7 days.")
        opened.save(body="En 14 días.")
        do(Act.PUBLISH, Translation.objects.get(pk=self.spanish.pk).waiting, self.ana)
        assert self.is_stale()

    def test_a_missing_language_is_written_here_too(self):
        other = make_translation(language="en", title="Only in English")
        opened = Opened(self.client, f"/admin/articles/article/{other.article_id}/translate/es/")
        assert opened.save(title="También en español", body="Texto.").status_code == 302
        made = Translation.objects.get(article=other.article, language="es")
        assert (made.applied.made_from, made.applied.author) == (other.applied, self.luz)
        assert not made.is_published

    def test_translators_write_their_own_language_alone(self):
        english = person("translator-en", "lea")
        self.client.force_login(english)
        assert self.client.get(self.translate).status_code == 403
        assert self.client.post(self.translate, {"title": "x", "body": "y", "language": "es"}).status_code == 403
        change = f"/admin/articles/article/{self.article.pk}/change/"
        assert self.client.post(change, {"key": "x"}).status_code == 403
        for nonsense in ("en", "xx"):
            address = f"/admin/articles/article/{self.article.pk}/translate/{nonsense}/"
            assert self.client.get(address).status_code == 404

    def test_the_language_is_that_of_the_address_whatever_is_posted(self):
        other = make_translation(language="es", article=make_article(source_language="es"))
        self.client.force_login(person("translator-en", "lea"))
        opened = Opened(self.client, f"/admin/articles/article/{other.article_id}/translate/en/")
        opened.save(title="In English", body="Text.", language="es")
        assert sorted(other.article.translations.values_list("language", flat=True)) == ["en", "es"]
        opened = Opened(self.client, f"/admin/articles/article/{other.article_id}/translate/en/")
        opened.save(body="Again.", language="es")
        assert Translation.objects.get(pk=other.pk).newest.number == 1

    def test_what_is_wrong_is_a_sentence_and_the_text_is_kept(self):
        opened = Opened(self.client, self.translate)
        page = opened.save(body="En {{ no_such_fact }} días.", title="")
        self.assertContains(page, "no_such_fact")
        assert opened.values["body"] == "En {{ no_such_fact }} días."


class CoverageTests(StaleTestCase):
    def test_counts_by_category_and_language_and_says_what_there_is_to_do(self):
        self.change_source("major")
        make_translation(make_article(category=self.article.category), "en", title="Not yet in Spanish")
        self.client.force_login(self.luz)
        with CaptureQueriesContext(connection) as asked:
            page = self.client.get("/admin/articles/article/coverage/")
        assert not any('"body"' in query["sql"] for query in asked)  # all texts three times in memory
        self.assertContains(page, "1 of 2")
        self.assertContains(page, "1 outdated")
        self.assertContains(page, "Not yet in Spanish")
        self.assertContains(page, self.translate)

    def test_costs_the_same_for_two_articles_and_for_twenty(self):
        self.client.force_login(self.ana)
        counts = []
        for _round in range(2):
            for _number in range(9):
                article = make_article(category=make_category())
                make_translation(article, "en")
                make_translation(article, "es")
            with CaptureQueriesContext(connection) as captured:
                self.client.get("/admin/articles/article/coverage/")
            counts.append(len(captured))
        assert counts[0] == counts[1]


class ImportTests(TestCase):
    def test_what_is_imported_together_is_in_step(self):
        from django.conf import settings

        from helpcenter.content import import_folder

        import_folder(settings.BASE_DIR / "fixtures" / "demo")
        for translation in Translation.objects.select_related("article", "applied__made_from"):
            assert translation.revisions.get().number == 1
            if not translation.is_source:
                assert translation.applied.made_from == translation.article.source.applied
