"""The desk shows which texts help least, why, and whether the last edit helped."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.test import TestCase
from django.utils import timezone

from articles.models import Translation, Vote
from articles.review import Act
from tests.articles.desk import do, person, write
from tests.factories import FewerThan, make_translation
from tests.hostile import HOSTILE_MARKDOWN

pytestmark = pytest.mark.ignore_template_errors
VOTES = "/admin/articles/article/votes/"


def vote(translation: Translation, yes: int = 0, no: int = 0, days: int = 0, **given: Any) -> None:
    """So many votes on what the text says now."""
    revision = Translation.objects.get(pk=translation.pk).applied
    at = timezone.now() - timedelta(days=days)
    Vote.objects.bulk_create(
        Vote(revision=revision, key=uuid4().hex, is_helpful=number < yes, voted_at=at, **given)
        for number in range(yes + no)
    )


def edit(translation: Translation, by: Any) -> None:
    do(Act.PUBLISH, write(translation, by, f"After {uuid4()}."), by)


class Tags(HTMLParser):
    """What a page would run: scripts without an address, handlers, addresses of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_ours = (given.get("src") or "").startswith("/static/") or given.get("type") == "application/json"
        if tag in ("script", "iframe", "object", "embed", "svg", "math", "base", "style") and not is_ours:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or "javascript:" in (value or "") or name == "style":
                self.found.append(f"{tag} {name}={value}")


def active(html: str) -> list[str]:
    tags = Tags()
    tags.feed(html[html.index('id="content-main"') :].split('id="footer"')[0])
    return tags.found


class WorstTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)

    def titles(self, query: str = "") -> list[str]:
        page = self.client.get(VOTES + query)
        return [said.translation.title for said in page.context["page"]]

    def test_the_surest_no_comes_first_and_a_few_votes_do_not_count_as_much(self):
        vote(make_translation(title="Liked"), yes=50, no=1)
        vote(make_translation(title="Hated by many"), yes=10, no=40)
        vote(make_translation(title="Hated by few"), no=5)
        vote(make_translation(title="Hated by one"), no=1)
        assert self.titles() == ["Hated by many", "Hated by few", "Liked"]
        assert self.titles("?least=1") == ["Hated by many", "Hated by few", "Hated by one", "Liked"]
        assert self.titles("?least=20") == ["Hated by many", "Liked"]

    def test_where_all_have_few_votes_one_click_shows_them(self):
        self.assertNotContains(self.client.get(VOTES), "Show those with fewer")
        vote(make_translation(title="New"), no=1)
        page = self.client.get(f"{VOTES}?language=en")
        self.assertContains(page, "No text here has 5 votes yet.")
        assert page.context["fewer"].endswith("?show=worst&language=en&days=30&least=1")
        assert self.titles("?least=1") == ["New"]

    def test_by_days_and_language(self):
        vote(make_translation(title="Long ago"), no=9, days=60)
        vote(make_translation(title="Hace poco", language="es"), no=9)
        assert self.titles() == ["Hace poco"]
        assert self.titles("?days=90") == ["Long ago", "Hace poco"]
        assert self.titles("?days=90&language=en") == ["Long ago"]
        assert self.titles("?days=x&language=zz&show=1&least=-4&page=99") == ["Hace poco"]

    def test_an_edit_begins_anew_and_says_whether_it_helped(self):
        better, worse = make_translation(title="Better"), make_translation(title="Worse")
        vote(better, yes=2, no=8)
        vote(worse, yes=9, no=1)
        for text in (better, worse):
            edit(text, self.ana)
        assert self.titles() == []
        vote(better, yes=9, no=1)
        vote(worse, yes=1, no=9)
        assert self.titles() == ["Worse", "Better"]
        assert self.titles("?show=edited") == ["Better", "Worse"]
        page = self.client.get(f"{VOTES}?show=edited")
        self.assertContains(page, "<strong>10%</strong> say No: 1 of 10")
        self.assertContains(page, "Before its last edit, 80%: 8 of 10.")
        self.assertContains(page, "fewer say No since", 1)
        self.assertContains(page, "more say No since", 1)

    def test_shows_reasons_and_the_newest_words_of_each(self):
        text = make_translation()
        vote(text, no=4, reason="missing")
        vote(text, no=2, reason="confusing", words="What is a hub?")
        for number in range(4):
            vote(text, no=1, words=f"Words {number}")
        page = self.client.get(VOTES)
        self.assertContains(page, "Something is missing: 4 · It is confusing: 2")
        assert [quote.words for quote in page.context["page"][0].quotes] == ["Words 3", "Words 2", "Words 1"]

    def test_what_readers_wrote_is_a_list_of_its_own(self):
        vote(make_translation(title="Parcel"), no=1, words="Where is it?")
        self.assertContains(self.client.get(f"{VOTES}?show=words"), "Where is it?")

    def test_costs_the_same_queries_with_two_texts_and_with_sixty(self):
        counts = []
        for number in (2, 58):
            for _ in range(number):
                vote(make_translation(), no=6, reason="missing", words="Something")
            for show in ("worst", "edited", "words"):
                with self.assertNumQueries(FewerThan(13)) as queries:
                    self.client.get(f"{VOTES}?show={show}")
                counts.append((show, len(queries)))
        assert counts[:3] == counts[3:]

    def test_only_for_who_writes(self):
        text = make_translation()
        pages = (VOTES, f"/admin/articles/article/text/{text.pk}/votes/")
        for group, status in (("author", 200), ("translator-es", 200), ("editor", 200), ("agent", 403)):
            self.client.force_login(person(group))
            for page in pages:
                assert self.client.get(page).status_code == status, (group, page)
        self.client.logout()
        assert self.client.get(VOTES).status_code == 302


class TextTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)
        self.text = make_translation()
        self.address = f"/admin/articles/article/text/{self.text.pk}/votes/"

    def test_shows_votes_by_revision_and_reason(self):
        vote(self.text, no=3, reason="missing")
        edit(self.text, self.ana)
        vote(self.text, yes=2, reason="easy")
        page = self.client.get(self.address)
        assert [(number, tally.yes, tally.no) for number, _at, tally in page.context["revisions"]] == [
            (2, 2, 0),
            (1, 0, 3),
        ]
        assert [(row["reason"], row["now"], row["before"]) for row in page.context["reasons"]] == [
            ("missing", 0, 3),
            ("easy", 2, 0),
        ]

    def test_a_text_without_votes_says_so(self):
        self.assertContains(self.client.get(self.address), "Nobody has voted on it as it is now.")

    def test_costs_the_same_queries_with_one_comment_and_with_forty(self):
        counts = []
        for number in (1, 39):
            vote(self.text, no=number, words="Something", reason="other")
            with self.assertNumQueries(FewerThan(14)) as queries:
                self.client.get(self.address)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_hostile_words_run_nowhere_at_the_desk(self):
        for payload in HOSTILE_MARKDOWN:
            vote(self.text, no=1, words=payload, reason="other")
        first = Vote.objects.exclude(words="").last()
        task = {"vote": str(first.pk), "next": "/admin/"}
        self.client.post(f"/admin/articles/article/text/{self.text.pk}/task/", task)
        pages = [
            *(f"{VOTES}?show={show}&least=1" for show in ("worst", "words")),
            *(f"{VOTES}?show=words&page=2", self.address, f"{self.address}?page=2"),
            f"/admin/articles/article/text/{self.text.pk}/",
            f"/admin/articles/article/text/{self.text.pk}/task/?vote={first.pk}",
        ]
        for address in pages:
            page = self.client.get(address).content.decode()
            assert "hit()" in page, address  # it is there, as words
            assert active(page) == [], address

    def test_the_check_would_notice(self):
        for payload in ("<script>hit()</script>", "<img src=x onerror=hit()>", "<a href=javascript:hit()>x</a>"):
            assert active(f'<div id="content-main">{payload}</div>'), payload
