"""The answer while there is no index: titles and keywords, straight from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from articles.models import Translation
from flows.models import Flow

from .analysis import meant_words, question_words, term, words
from .answering import Reference

MOST_HITS = 1000


def find(question: str, language: str) -> list[Reference]:
    """Those with most of the question's words in title or keywords first."""
    wanted = {term(word, language) for word in meant_words(question, language)}
    return _best(language, lambda named: len(wanted & {term(word, language) for word in named}))


def complete(question: str, language: str) -> list[Reference]:
    """Those with, for every word begun in the question, a word in title or keywords."""
    begun = question_words(question)
    return _best(language, lambda named: all(any(word.startswith(start) for word in named) for start in begun))


def _best(language: str, worth: Callable[[set[str]], int]) -> list[Reference]:
    found = [(worth(set(words(text))), reference) for reference, text in _titles(language)]
    ranked = sorted((item for item in found if item[0]), key=lambda item: -item[0])
    return [reference for _worth, reference in ranked[:MOST_HITS]]


def _titles(language: str) -> Iterator[tuple[Reference, str]]:
    published = Translation.objects.published().in_language(language).in_order()
    for pk, title, keywords in published.values_list("pk", "title", "keywords"):
        yield (Translation._meta.label_lower, pk), f"{title} {keywords}"
    for flow in Flow.objects.offered(language):
        yield (Flow._meta.label_lower, flow.pk), flow.title.localize(language)
