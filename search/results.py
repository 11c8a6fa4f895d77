"""What a question finds: hits of the engine, each checked against the database before it counts or shows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from articles import facts
from articles.models import Category, Translation
from flows.models import Flow

from . import engine, fallback
from .analysis import Question, question_words, term
from .engine import Reference
from .snippets import readable, snippet

MOST_SUGGESTIONS = 6
LOOKED_AT = 50  # hits that are looked up for them; a stale index may name hidden ones
FROM_LETTERS = 3

GOOD = 0.64  # of the score that a text has which holds every word of the question about once

log = logging.getLogger(__name__)

TRANSLATION, FLOW = Translation._meta.label_lower, Flow._meta.label_lower


@dataclass(frozen=True)
class Result:
    title: str
    url: str
    category: Category
    is_flow: bool
    snippet: SafeString


@dataclass(frozen=True)
class Suggestion:
    title: str
    url: str
    is_flow: bool


@dataclass(frozen=True)
class Place:
    """A category with the number of results in it and below it."""

    category: Category
    count: int


@dataclass(frozen=True)
class Found:
    """The visible hits, best first, each with its category; `is_complete` unless the index could not be asked."""

    question: str
    language: str
    visible: Mapping[Reference, Category]
    is_complete: bool

    def references(self, category: Category | None = None) -> list[Reference]:
        """All of them, or those in the category and below it."""
        return [ref for ref, place in self.visible.items() if category is None or category in place.line()]

    @cached_property
    def places(self) -> list[Place]:
        """The categories of the home page that have results."""
        counts = Counter(category.line()[0] for category in self.visible.values())
        return [Place(category, counts[category]) for category in sorted(counts, key=lambda c: (c.position, c.pk))]

    def results(self, references: Sequence[Reference]) -> list[Result]:
        """Those of one page as readers see them, read from the database once more."""
        terms = {term(word, self.language) for word in Question.of(self.question, self.language).words}
        texts = self._texts(references)
        known = facts.values(
            "\n".join(f"{summary}\n{body}" for _r, _u, summary, body in texts.values()), self.language
        )
        return [
            Result(
                title=title,
                url=url,
                category=self.visible[ref],
                is_flow=ref[0] == FLOW,
                snippet=snippet(
                    facts.fill_with(summary, known), facts.fill_with(readable(body), known), terms, self.language
                ),
            )
            for ref, (title, url, summary, body) in texts.items()
        ]

    def _texts(self, references: Sequence[Reference]) -> dict[Reference, tuple[str, str, str, str]]:
        """Title, address, summary and body; in the order of the references."""
        translations, flows = _shown(references, self.language)
        texts: dict[Reference, tuple[str, str, str, str]] = {
            (TRANSLATION, found.pk): (found.title, found.get_absolute_url(), found.summary, found.body)
            for found in translations
        }
        for flow in flows:
            summary = flow.summary.localize(self.language)
            texts[FLOW, flow.pk] = (flow.title.localize(self.language), flow.get_absolute_url(), summary, "")
        return {reference: texts[reference] for reference in references if reference in texts}


def search(question: str, language: str) -> Found:
    """All that the question finds; without an index, what its titles and keywords say."""
    references, is_complete = _from_index(engine.find, fallback.find, question, language)
    translations, flows = _shown(references, language)
    categories = {category.pk: category for category in Category.objects.select_related("parent")}
    places = {(TRANSLATION, pk): place for pk, place in translations.values_list("pk", "article__category")}
    places |= {(FLOW, pk): place for pk, place in flows.values_list("pk", "category")}
    visible = {ref: categories[places[ref]] for ref in references if places.get(ref) in categories}
    return Found(question, language, visible, is_complete)


def suggest(question: str, language: str) -> list[Suggestion]:
    """A few whose title or keywords have words that begin like those of the question."""
    if len("".join(question_words(question))) < FROM_LETTERS:
        return []
    references, _is_complete = _from_index(engine.complete, fallback.complete, question, language)
    translations, flows = _shown(references[:LOOKED_AT], language)
    shown = {(TRANSLATION, t.pk): Suggestion(t.title, t.get_absolute_url(), False) for t in translations}
    shown |= {(FLOW, f.pk): Suggestion(f.title.localize(language), f.get_absolute_url(), True) for f in flows}
    return [shown[reference] for reference in references if reference in shown][:MOST_SUGGESTIONS]


Ask = Callable[[str, str], list[Reference]]


def _from_index(ask: Ask, ask_database: Ask, question: str, language: str) -> tuple[list[Reference], bool]:
    try:
        return ask(question, language), True
    except engine.Unavailable as error:
        # Without its traceback, which may hold the question.
        log.error("The search index for %s cannot be asked (%s); the database answers.", language, error)
        return ask_database(question, language), False


def _shown(references: Sequence[Reference], language: str) -> tuple[QuerySet[Translation], QuerySet[Flow]]:
    """Those that readers may see: every page, total and suggestion comes through here."""
    keys = {label: [pk for kind, pk in references if kind == label] for label in (TRANSLATION, FLOW)}
    translations = Translation.objects.published().in_language(language).filter(pk__in=keys[TRANSLATION])
    return translations, Flow.objects.offered(language).filter(pk__in=keys[FLOW])


def is_good(scores: Sequence[float]) -> bool:
    """Whether the best of these answers the question rather than sharing a word with it."""
    return bool(scores) and max(scores) >= GOOD
