"""The demo help center is complete, whole, and keeps to what docs/editing.md asks of a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.test import TestCase

from articles.models import Translation
from flows.graph import Kind
from flows.models import Flow
from helpcenter.content import import_folder
from search import cases
from tests.search.steps import fresh_index, run_worker

pytestmark = pytest.mark.any_database

DEMO = settings.BASE_DIR / "fixtures" / "demo"
LANGUAGES = ("en", "es")
SHINGLE = 5  # words that stand side by side
CLICKS = 3
LINK = re.compile(r'(?:href|src)="([^"]+)"')


class Text:
    """One file of an article."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.key, self.language, _ = path.name.split(".")
        _, front, self.body = path.read_text(encoding="utf-8").split("---\n", 2)
        self.fields = yaml.safe_load(front)
        self.words = re.findall(r"\w+", re.sub(r"\]\([^)]*\)|\{\{ \w+ \}\}", "] 1", self.body).lower())

    @property
    def shingles(self) -> set[tuple[str, ...]]:
        return {tuple(self.words[start : start + SHINGLE]) for start in range(len(self.words) - SHINGLE + 1)}


TEXTS = [Text(path) for path in sorted((DEMO / "articles").iterdir())]


def faulty(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def test_there_are_45_articles_and_more_in_each_language():
    counts = Counter(text.language for text in TEXTS)
    assert set(counts) == set(LANGUAGES)
    assert min(counts.values()) >= 45


def test_every_article_is_in_every_language_and_in_the_same_place():
    places = [(text.key, text.fields["category"], text.fields["position"]) for text in TEXTS]
    assert set(Counter(places).values()) == {len(LANGUAGES)}


def test_a_text_is_neither_too_short_nor_too_long():
    assert faulty(text.name for text in TEXTS if not 120 <= len(text.words) <= 400) == []


def test_a_text_begins_with_its_answer_and_has_numbered_steps():
    assert faulty(text.name for text in TEXTS if text.body.startswith(("#", "!", "|", "1."))) == []
    assert faulty(text.name for text in TEXTS if not re.search(r"^1\. ", text.body, re.MULTILINE)) == []


def test_a_text_leads_on_to_others():
    assert faulty(text.name for text in TEXTS if not re.search(r"\]\((article|flow):", text.body)) == []


def test_people_ask_for_each_in_five_ways_and_more():
    assert faulty(text.name for text in TEXTS if len(set(text.fields["keywords"])) < 5) == []


def test_titles_and_summaries_fit_where_they_are_shown():
    assert faulty(text.name for text in TEXTS if len(text.fields["title"]) > 70) == []
    assert faulty(text.name for text in TEXTS if not 0 < len(text.fields["summary"]) <= 300) == []


def test_each_language_has_its_own_quotation_marks():
    foreign = {"en": "«»", "es": "“”"}
    assert faulty(text.name for text in TEXTS if set(foreign[text.language]) & set(text.body)) == []


def test_no_text_says_what_another_says():
    of = {text.name: text.shingles for text in TEXTS}
    alike = [
        (one, other)
        for one, other in combinations(of, 2)
        if len(of[one] & of[other]) > 0.1 * min(len(of[one]), len(of[other]))
    ]
    assert alike == []


class FlowTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(DEMO) == []

    def test_there_are_twelve_flows_and_more_each_in_both_languages(self):
        for language in LANGUAGES:
            assert Flow.objects.offered(language).count() == Flow.objects.count() >= 12

    def test_each_has_four_cases_and_more(self):
        assert faulty(flow.slug for flow in Flow.objects.all() if flow.cases.count() < 4) == []

    def test_every_question_takes_i_am_not_sure_and_offers_at_most_seven_answers(self):
        for flow in Flow.objects.all():
            for step in flow.graph().steps.values():
                keys = [option.key for option in step.options]
                with self.subTest(f"{flow.slug}/{step.slug}"):
                    assert step.kind != Kind.QUESTION or any(map(re.compile("not-sure$|cannot-").match, keys))
                    assert len(keys) <= 7

    def test_no_way_is_longer_than_ten_steps_and_a_person_can_be_reached(self):
        for flow in Flow.objects.all():
            graph = flow.graph()
            with self.subTest(flow.slug):
                assert longest(graph, graph.start) <= 10
                assert any(step.topic for step in graph.outcomes())


def longest(graph, step) -> int:
    return 1 + max((longest(graph, graph.steps[option.leads_to]) for option in step.options), default=0)


class ReadingTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(DEMO) == []

    def test_every_article_is_three_clicks_from_home(self):
        for language in LANGUAGES:
            known = set(Translation.objects.filter(language=language).values_list("slug", flat=True))
            with self.subTest(language):
                assert {found for found in self.reached(language) if found in known} == known

    def test_home_has_a_flow_of_every_category_and_the_urgent_one(self):
        shown = {
            link.rstrip("/").rsplit("/", 1)[-1]
            for link in LINK.findall(main(self.read("/es/")))
            if "/resolve/" in link
        }
        tops = {flow.category.parent or flow.category for flow in Flow.objects.filter(slug__in=shown)}
        assert tops == {flow.category.parent or flow.category for flow in Flow.objects.all()}
        assert "someone-in-my-account" in shown

    def test_links_pictures_and_anchors_are_whole(self):
        pages = {address: html for language in LANGUAGES for address, html in self.articles(language)}
        anchors = [
            address + link
            for address, html in pages.items()
            for link in set(LINK.findall(html))
            if link.startswith("#") and f'id="{link[1:]}"' not in html
        ]
        links = {link for html in pages.values() for link in LINK.findall(main(html)) if link.startswith("/")}
        assert anchors == []
        assert [link for link in sorted(links) if self.status(link) not in (200, 302)] == []

    def articles(self, language: str) -> Iterator[tuple[str, str]]:
        for translation in Translation.objects.filter(language=language):
            address = translation.get_absolute_url()
            yield address, self.client.get(address).content.decode()

    def status(self, link: str) -> int:
        response = self.client.get(link)
        b"".join(response)  # a picture is a file, which is closed at its end
        return response.status_code

    def reached(self, language: str) -> set[str]:
        """The slugs of what is linked on home, on categories, and on categories in these."""
        level, seen = {f"/{language}/"}, set()
        for _click in range(CLICKS):
            links = {link for address in level for link in LINK.findall(main(self.read(address)))}
            seen |= links
            level = {link for link in links if link.startswith(f"/{language}/categories/")}
        return {link.strip("/").rsplit("/", 1)[-1] for link in seen}

    def read(self, address: str) -> str:
        return self.client.get(address).content.decode()


def main(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.fixture
def indexed(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh_index(tmp_path, monkeypatch)
    assert import_folder(DEMO) == []
    run_worker()


def test_every_article_is_found_by_its_title_and_each_keyword(indexed: None):
    lost = []
    for translation in Translation.objects.all():
        for question in [translation.title, *translation.keywords.split("\n")]:
            found, is_shown = cases.ask([question], translation.language)[question]
            if not is_shown or f"article {translation.article_id}" not in found[:5]:
                lost.append(question)
    assert lost == []


def test_customers_find_what_they_look_for(indexed: None):
    for language in LANGUAGES:
        figures = cases.evaluate(language)
        assert figures["queries"] >= 150
        assert figures["recall_at_1"] >= 0.85
        assert figures["recall_at_5"] >= 0.97
