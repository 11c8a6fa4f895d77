"""What is indexed, and nowhere else: published translations, and flows offered in the index's language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet, Value
from haystack import indexes

from articles import facts
from articles.markdown import plain_text
from articles.models import PolicyFact, Translation
from flows.models import Flow

from .engine import language_of

# Part of every fingerprint: raise it when the analysis or the fields change, and each index mends itself.
VERSION = "1"


class ContentIndex(indexes.SearchIndex):
    """What every kind of content has; `fingerprint` tells without preparing it whether it has changed."""

    text = indexes.CharField(document=True)
    title = indexes.CharField(boost=1.5)
    keywords = indexes.CharField(boost=2.0)
    prefixes = indexes.EdgeNgramField()
    fingerprint = indexes.CharField(indexed=False)

    def prepare_prefixes(self, instance: Any) -> str:
        return f"{self.prepare_title(instance)} {self.prepare_keywords(instance)}"

    def prepare_fingerprint(self, instance: Any) -> str:
        return self.fingerprint_of(instance, known_facts())

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

    def prepare_text(self, translation: Translation) -> str:
        language = translation.language
        return _lines(
            translation.title,
            facts.fill(translation.summary, language),
            translation.keywords,
            translation.article.category.name.localize(language),
            plain_text(translation.body, language),
        )

    def fingerprint_of(self, translation: Translation, known: Mapping[str, str]) -> str:
        texts = (translation.title, translation.summary, translation.keywords, translation.body)
        used = sorted(facts.used_in(translation.summary) | facts.used_in(translation.body))
        category = translation.article.category.name.localize(translation.language)
        return _digest((*texts, category, *(known.get(key, "") for key in used)))


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

    def prepare_text(self, flow: Flow) -> str:
        return _lines(*_words_of(flow))

    def fingerprint_of(self, flow: Flow, known: Mapping[str, str]) -> str:
        return _digest(_words_of(flow))


def known_facts() -> dict[str, str]:
    """What each policy fact says in all languages."""
    return {fact.key: f"{fact.number} {fact.phrase.data}" for fact in PolicyFact.objects.all()}


def _words_of(flow: Any) -> list[str]:
    steps = flow.published_version.steps.all() if flow.published_version else ()
    labels = [flow.title, flow.summary, flow.category.name, *(step.title for step in steps)]
    return [label.localize(flow.indexed_in) for label in labels]


def _lines(*texts: str) -> str:
    return "\n".join(texts)


def _digest(texts: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join((VERSION, *texts)).encode(), digest_size=16).hexdigest()
