"""Finding among many articles: words in any language, and filters that ask one and the same text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import folded, review
from articles.models import Article, FoldedText, Translation
from articles.review import Act
from tests.articles.desk import do, person, write
from tests.factories import make_article, make_category, make_translation

pytestmark = pytest.mark.ignore_template_errors

LIST = "/admin/articles/article/"
DAY = timedelta(days=1)


class Finding(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)

    def found(self, **asked: str) -> set[str]:
        response = self.client.get(LIST, asked)
        assert response.status_code == 200
        return {article.key for article in response.context["cl"].result_list}


class WordTests(Finding):
    def setUp(self) -> None:
        super().setUp()
        article = make_article(key="returns")
        make_translation(article, "en", title="Send it back", body="The **parcel** goes home.", keywords="refund")
        self.spanish = make_translation(article, "es", title="Devolución", slug="devolver", body="Así de fácil.")
        make_translation(make_article(key="gifts"), title="Gifts", body="Wrapped.")

    def test_finds_titles_bodies_and_keywords_of_every_language_without_accents_and_capitals(self):
        for asked in ("send BACK", "parc", "refund", "devolucion", "DEVOLUCIÓN facil", "returns"):
            with self.subTest(asked):
                assert self.found(q=asked) == {"returns"}
        assert self.found(q="wrapped parcel") == set()
        assert self.found(q="") == {"returns", "gifts"}

    def test_a_percent_sign_is_a_percent_sign(self):
        assert self.found(q="%") == set()

    def test_finds_what_waits_and_forgets_what_was_discarded(self):
        revision = write(self.spanish, self.ana, body="Con un **albarán**.")
        assert self.found(q="albaran") == {"returns"}
        do(Act.DISCARD, revision, self.ana)
        assert self.found(q="albaran") == set()

    def test_finds_what_was_published_and_no_longer_what_it_replaced(self):
        do(Act.PUBLISH, write(self.spanish, self.ana, body="Nuevo."), self.ana)
        assert (self.found(q="nuevo"), self.found(q="facil")) == ({"returns"}, set())

    def test_texts_put_in_beside_are_filled_in(self):
        FoldedText.objects.all().delete()
        assert self.found(q="devolucion") == set()
        folded.fill(Translation.objects, FoldedText.objects)
        assert self.found(q="devolucion") == {"returns"}


class FilterTests(Finding):
    def test_states(self):
        now = timezone.now()
        moments = {
            "draft": {"published": False},
            "live": {},
            "scheduled": {"published_at": now + DAY},
            "leaving": {"withdrawn_at": now + DAY},
            "withdrawn": {"withdrawn_at": now - timedelta(hours=1)},
            "waits": {},
        }
        for key, fields in moments.items():
            text = make_translation(make_article(key=key), **fields)
            if key == "waits":
                write(text, self.ana)
        expected = {key: {key} for key in moments} | {"live": {"live", "waits", "leaving"}}
        assert {key: self.found(state=key) for key in moments} == expected
        assert self.found(state="nonsense") == set(moments)

    def test_a_planned_revision_of_a_live_text_is_scheduled(self):
        text = make_translation(make_article(key="planned"))
        do(Act.SCHEDULE, write(text, self.ana), self.ana, at=timezone.now() + DAY)
        assert self.found(state="scheduled") == {"planned"}

    def test_language_and_state_ask_the_same_text(self):
        mixed, spanish_draft = make_article(key="mixed"), make_article(key="spanish-draft")
        make_translation(mixed, "en", published=False)
        make_translation(mixed, "es")
        make_translation(spanish_draft, "es", published=False)
        assert self.found(state="draft") == {"mixed", "spanish-draft"}
        assert self.found(state="draft", language="es") == {"spanish-draft"}

    def test_what_is_missing_in_a_language(self):
        both, english = make_article(key="both"), make_article(key="english")
        for article, language in ((both, "en"), (both, "es"), (english, "en")):
            make_translation(article, language)
        assert (self.found(language="-es"), self.found(language="-en")) == ({"english"}, set())

    def test_owner_and_category_with_those_below_it(self):
        top = make_category()
        below = make_category(parent=top)
        make_article(key="mine", owner=self.ana, category=top)
        make_article(key="his", owner=person("editor", "ben"), category=below)
        make_article(key="nobodys")
        assert self.found(owner="me") == {"mine"}
        assert self.found(owner="nobody") == {"nobodys"}
        assert self.found(owner=str(Article.objects.get(key="his").owner_id)) == {"his"}
        assert (self.found(category=str(top.pk)), self.found(category=str(below.pk))) == ({"mine", "his"}, {"his"})

    def test_what_is_outdated_and_what_lags_behind(self):
        for key, significance in (("typo", "typo"), ("minor", "minor"), ("major", "major")):
            article = make_article(key=key)
            source = make_translation(article, "en")
            make_translation(article, "es")
            do(Act.PUBLISH, write(source, self.ana, significance=significance), self.ana)
        make_translation(make_article(key="alone"), "en")
        assert self.found(stale="outdated") == {"major"}
        assert self.found(stale="behind") == {"minor", "major"}
        spanish = Translation.objects.get(article__key="major", language="es")
        newest = spanish.article.source.applied
        review.do(Act.PUBLISH, write(spanish, self.ana, made_from=newest), self.ana)
        assert (self.found(stale="outdated"), self.found(stale="behind")) == (set(), {"minor"})


class QueryTests(TestCase):
    def test_at_most_twelve_however_many_there_are_and_whoever_asks(self):
        chief = get_user_model().objects.create_superuser("chief")
        asked = [{}, {"q": "title"}, {"state": "waits", "language": "en", "stale": "behind", "owner": "me"}]
        for who in (chief, person("editor"), person("author")):
            self.client.force_login(who)
            counts = []
            for _round in range(2):
                for _number in range(15):
                    make_translation(make_article(owner=person("author")))
                counts.append([self.count(each) for each in asked])
            assert counts[0] == counts[1]
            assert max(counts[0]) <= 12, counts

    def count(self, asked: dict[str, str]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert self.client.get(LIST, asked).status_code == 200
        return len(queries)
