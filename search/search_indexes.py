"""What is indexed, and nowhere else: published translations, and flows offered in the index's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from django.utils.functional import SimpleLazyObject
from haystack import indexes

from articles import facts
from articles.models import PolicyFact, Translation
from flows.models import Flow

from .engine import language_of
from .snippets import own_words

# Part of every fingerprint: raise it when the analysis or the fields change, and each index mends itself.
VERSION = "3"


class ContentIndex(indexes.SearchIndex):
    """What every kind of content has; `fingerprint` tells without preparing it whether it has changed."""

    text = indexes.CharField(document=True)  # words that are in none of the others
    title = indexes.CharField()
    keywords = indexes.CharField()  # a line each
    summary = indexes.CharField()
    shown = indexes.CharField()  # what snippets are taken from, a line for each paragraph
    category = indexes.IntegerField()
    fingerprint = indexes.CharField()

    def prepare_fingerprint(self, instance: Any) -> str:
        # Asked only where the text uses one; most do not, and a rebuild prepares all of them.
        known: Any = SimpleLazyObject(known_facts)
        return self.fingerprint_of(instance, known)

    def prepare_title(self, instance: Any) -> str:
        raise NotImplementedError

    def prepare_keywords(self, instance: Any) -> str:
        raise NotImplementedError

    def fingerprint_of(self, instance: Any, known: Mapping[str, str]) -> str:
        """Differs whenever the document would; `known` are the policy facts."""
        raise NotImplementedError


class TranslationIndex(ContentIndex, indexes.Indexable):
    def get_model(self) -> type[Translation]:
        return Translation

    def index_queryset(self, using: str | None = None) -> QuerySet[Translation]:
        published = Translation.objects.published().in_language(language_of(using))
        return published.select_related("article__category")

    def prepare_title(self, translation: Translation) -> str:
        return translation.title

    def prepare_keywords(self, translation: Translation) -> str:
        return translation.keywords

    def prepare_summary(self, translation: Translation) -> str:
        return facts.fill(translation.summary, translation.language)

    def prepare_shown(self, translation: Translation) -> str:
        return _lines(
            self.prepare_summary(translation), own_words(facts.fill(translation.body, translation.language))
        )

    def prepare_category(self, translation: Translation) -> int:
        return translation.article.category_id

    def prepare_text(self, translation: Translation) -> str:
        return translation.article.category.name.localize(translation.language)

    def fingerprint_of(self, translation: Translation, known: Mapping[str, str]) -> str:
        texts = (translation.title, translation.summary, translation.keywords, translation.body)
        used = sorted(facts.used_in(translation.summary) | facts.used_in(translation.body))
        category = translation.article.category.name.localize(translation.language)
        place = str(translation.article.category_id)
        return _digest((*texts, category, place, *(known.get(key, "") for key in used)))


class FlowIndex(ContentIndex, indexes.Indexable):
    def get_model(self) -> type[Flow]:
        return Flow

    def index_queryset(self, using: str | None = None) -> QuerySet[Flow]:
        language = language_of(using)
        offered = Flow.objects.offered(language).select_related("category", "published_version")
        return offered.prefetch_related("published_version__steps").annotate(indexed_in=Value(language))

    def prepare_title(self, flow: Any) -> str:
        return flow.title.localize(flow.indexed_in)

    def prepare_keywords(self, flow: Flow) -> str:
        return ""

    def prepare_summary(self, flow: Any) -> str:
        return facts.fill(flow.summary.localize(flow.indexed_in), flow.indexed_in)

    def prepare_shown(self, flow: Any) -> str:
        return own_words(facts.fill(_lines(*_texts_of(flow)), flow.indexed_in))

    def prepare_category(self, flow: Flow) -> int:
        return flow.category_id

    def prepare_text(self, flow: Any) -> str:
        return flow.category.name.localize(flow.indexed_in)

    def fingerprint_of(self, flow: Any, known: Mapping[str, str]) -> str:
        title, category = (label.localize(flow.indexed_in) for label in (flow.title, flow.category.name))
        texts = _texts_of(flow)
        used = sorted(facts.used_in(_lines(*texts)))
        said = (known.get(key, "") for key in used)
        return _digest((title, category, str(flow.category_id), *texts, *said))


def known_facts() -> dict[str, str]:
    """What each policy fact says now in all languages."""
    return {fact.key: f"{fact.said.number} {fact.said.phrase}" for fact in PolicyFact.objects.at()}


def _texts_of(flow: Any) -> list[str]:
    """What it solves, and its steps, as they were written."""
    steps = flow.published_version.steps.all() if flow.published_version else ()
    said = (f"{step.title.localize(flow.indexed_in)}\n{step.body.localize(flow.indexed_in)}" for step in steps)
    return [flow.summary.localize(flow.indexed_in), *said]


def _lines(*texts: str) -> str:
    return "\n".join(texts)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join((VERSION, *texts)).encode(), digest_size=16).hexdigest()
