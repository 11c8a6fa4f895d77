"""What a question finds: hits of the engine, each checked against the database before it counts or shows."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from articles import facts
from articles.languages import offered
from articles.models import Category, Translation
from flows.models import Flow

from . import engine, fallback
from .analysis import Question, question_words, term
from .answering import Reference
from .snippets import readable, snippet

MOST_HITS = 1000
MOST_SUGGESTIONS = 6
NEAR = 5  # hits that may answer a question, or else whose categories are near it
LOOKED_AT = 50  # hits that are looked up for them; a stale index may name hidden ones
FROM_LETTERS = 3

GOOD = 0.19  # of what a text would say that holds every word of the question in title, keywords and text

log = logging.getLogger(__name__)

TRANSLATION, FLOW = Translation._meta.label_lower, Flow._meta.label_lower


Answered = tuple[engine.Answer, bool]  # and whether the index could be asked


@dataclass(frozen=True)
class Result:
    title: str
    url: str
    category: Category
    is_flow: bool
    snippet: SafeString
    reference: str  # "articles.translation.7", for the count of what was opened


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
    """The visible hits, best first, each with its category."""

    question: str  # the one that was answered: the one that was asked, or with its unknown words mended
    language: str
    visible: Mapping[Reference, Category]
    is_complete: bool  # False: the index could not be asked
    is_good: bool  # whether the best of them answers the question rather than sharing a word with it
    is_corrected: bool = False

    def references(self, category: Category | None = None) -> list[Reference]:
        """All of them, or those in the category and below it."""
        return [ref for ref, place in self.visible.items() if category is None or category in place.line()]

    @cached_property
    def places(self) -> list[Place]:
        """The categories of the home page that have results."""
        counts = Counter(category.line()[0] for category in self.visible.values())
        return [Place(category, counts[category]) for category in sorted(counts, key=lambda c: (c.position, c.pk))]

    @property
    def nearest(self) -> list[Category]:
        """The categories of the best hits, the best one's first."""
        return list(dict.fromkeys(category.line()[0] for category in list(self.visible.values())[:NEAR]))

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
                reference=f"{ref[0]}.{ref[1]}",
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


def search(question: str, language: str, *, is_exact: bool = False) -> Found:
    """All that the question finds; without an index, what its titles and keywords say.

    `is_exact`: no word of it is replaced by another one.
    """
    answered = _answers([question], language, is_exact=is_exact)[question]
    return _found(question, language, answered, _places(_looked_up(answered), language))


def search_all(questions: Iterable[str], language: str) -> dict[str, Found]:
    """The same for each of the questions, in as many queries as for one."""
    answers = _answers(questions, language)
    places = _places(list(chain.from_iterable(map(_looked_up, answers.values()))), language)
    return {question: _found(question, language, answered, places) for question, answered in answers.items()}


def _looked_up(answered: Answered) -> list[Reference]:
    answer, _is_complete = answered
    return [*answer.references[:MOST_HITS], *chain.from_iterable(answer.evidence)]


def _found(question: str, language: str, answered: Answered, places: Mapping[Reference, Category]) -> Found:
    answer, is_complete = answered
    if answer.corrected and not all(any(ref in places for ref in held) for held in answer.evidence):
        # The index is stale: the word it would be mended by stands in texts only that nobody may see any more.
        return search(question, language, is_exact=True)
    visible = {ref: places[ref] for ref in answer.references[:MOST_HITS] if ref in places}
    scores = [score for ref, score in zip(answer.references, answer.scores, strict=False) if ref in visible]
    return Found(
        question=answer.corrected or question,
        language=language,
        visible=visible,
        is_complete=is_complete,
        is_good=is_good(scores) if is_complete else bool(visible),
        is_corrected=bool(answer.corrected),
    )


def in_other_languages(question: str, language: str) -> list[Found]:
    """What answers the question in other languages, taken at its word."""
    others = (search(question, code, is_exact=True) for code in offered() if code != language)
    return [found for found in others if found.is_good and found.visible]


def _places(references: Sequence[Reference], language: str) -> dict[Reference, Category]:
    """Those that readers may see, each with its category."""
    translations, flows = _shown(references, language)
    categories = {category.pk: category for category in Category.objects.select_related("parent")}
    keys = {(TRANSLATION, pk): place for pk, place in translations.values_list("pk", "article__category")}
    keys |= {(FLOW, pk): place for pk, place in flows.values_list("pk", "category")}
    return {reference: categories[place] for reference, place in keys.items() if place in categories}


def suggest(question: str, language: str) -> list[Suggestion]:
    """A few whose title or keywords have words that begin like those of the question; flows first."""
    if len("".join(question_words(question))) < FROM_LETTERS:
        return []
    try:
        references = engine.complete(question, language)
    except engine.Unavailable as error:
        _log_unavailable(error, language)
        references = fallback.complete(question, language)
    translations, flows = _shown(references[:LOOKED_AT], language)
    shown = {(TRANSLATION, t.pk): Suggestion(t.title, t.get_absolute_url(), False) for t in translations}
    shown |= {(FLOW, f.pk): Suggestion(f.title.localize(language), f.get_absolute_url(), True) for f in flows}
    found = [shown[reference] for reference in references if reference in shown]
    return sorted(found, key=lambda suggestion: not suggestion.is_flow)[:MOST_SUGGESTIONS]


def _answers(questions: Iterable[str], language: str, *, is_exact: bool = False) -> dict[str, Answered]:
    asked = list(questions)
    try:
        found = engine.answers(asked, language, is_exact=is_exact)
        return {question: (answer, True) for question, answer in found.items()}
    except engine.Unavailable as error:
        _log_unavailable(error, language)
        instead = ((question, fallback.find(question, language)) for question in asked)
        return {question: (engine.Answer(references=found), False) for question, found in instead}


def _log_unavailable(error: Exception, language: str) -> None:
    """Once a minute: the worker mends it in that time, and every reader would fill the log."""
    if not cache.add(f"search.unavailable.{language}", True, timeout=60):
        return
    # Without its traceback, which may hold the question.
    log.error("The search index for %s cannot be asked (%s); the database answers.", language, error)


def _shown(references: Sequence[Reference], language: str) -> tuple[QuerySet[Translation], QuerySet[Flow]]:
    """Those that readers may see: every page, total and suggestion comes through here."""
    keys = {label: [pk for kind, pk in references if kind == label] for label in (TRANSLATION, FLOW)}
    translations = Translation.objects.published().in_language(language).filter(pk__in=keys[TRANSLATION])
    return translations, Flow.objects.offered(language).filter(pk__in=keys[FLOW])


def is_good(scores: Sequence[float]) -> bool:
    """Whether the best of these answers the question rather than sharing a word with it."""
    return max(scores[:NEAR], default=0.0) >= GOOD
