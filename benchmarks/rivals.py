"""Other engines with the same texts and work: the ten best with snippets, counts by category, the total."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from haystack import connections, indexes
from haystack.query import SearchQuerySet

from articles.models import Translation
from search.search_indexes import TranslationIndex

from . import corpus

SHOWN = 10
TITLE_WEIGHT = 1.5


class Text(NamedTuple):
    title: str
    keywords: str
    body: str
    category: str


def texts() -> list[Text]:
    """All that is published in the language of the corpus."""
    found = published().values_list("title", "keywords", "summary", "body", "article__category")
    return [
        Text(title, keywords, f"{summary}\n{body}", str(place)) for title, keywords, summary, body, place in found
    ]


def published() -> QuerySet[Translation]:
    return Translation.objects.published().in_language(corpus.LANGUAGE)


class Fts5:
    """SQLite's own index, in a file that stays in its cache; words joined by OR, as ours are."""

    def __init__(self, place: Path, found: Sequence[Text]) -> None:
        self.database = sqlite3.connect(place / "fts5.sqlite3")
        self.database.execute("PRAGMA cache_size = -262144")  # KB: all of it
        self.database.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(title, keywords, body, tokenize = 'porter unicode61')"
        )
        self.database.execute("CREATE TABLE places (id INTEGER PRIMARY KEY, category TEXT)")
        self.database.executemany("INSERT INTO texts VALUES (?, ?, ?)", [text[:3] for text in found])
        self.database.executemany("INSERT INTO places (category) VALUES (?)", [(text.category,) for text in found])
        self.database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self.database.commit()

    def ask(self, question: str) -> int:
        wanted = (" OR ".join(f'"{word}"' for word in question.split()),)
        self.database.execute(
            "SELECT rowid, title, snippet(texts, 2, '<mark>', '</mark>', '…', 32) FROM texts WHERE texts MATCH ?"
            " ORDER BY bm25(texts, ?, 1.0, 1.0) LIMIT ?",
            (*wanted, TITLE_WEIGHT, SHOWN),
        ).fetchall()
        # The quickest way to count that we know; counts by an unindexed column of the texts take longer.
        places = self.database.execute(
            "SELECT category, count(*) FROM texts JOIN places ON id = texts.rowid WHERE texts MATCH ?"
            " GROUP BY category",
            wanted,
        ).fetchall()
        return sum(count for _place, count in places)


class _StockIndex(indexes.SearchIndex, indexes.Indexable):
    """As in Haystack's tutorial: all words in one document field, and a facet."""

    text = indexes.CharField(document=True)
    category = indexes.CharField(model_attr="article__category_id", faceted=True)

    get_model = TranslationIndex.get_model

    def index_queryset(self, using: str | None = None) -> QuerySet[Translation]:
        return published().select_related("article")

    def prepare_text(self, translation: Translation) -> str:
        return "\n".join((translation.title, translation.keywords, translation.summary, translation.body))


class Stock:
    """Haystack with the Whoosh backend that it comes with.  Its speller is on: ours corrects, too."""

    ALIAS = "stock"
    AT_ONCE = 1000  # as Haystack's own command does

    def __init__(self, place: Path) -> None:
        settings.HAYSTACK_CONNECTIONS[self.ALIAS] = {
            "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
            "PATH": str(place / "stock"),
            "INCLUDE_SPELLING": True,
        }
        index = _StockIndex()
        connections[self.ALIAS].get_unified_index().build([index])
        objects = index.index_queryset().order_by("pk")
        for start in range(0, objects.count(), self.AT_ONCE):
            connections[self.ALIAS].get_backend().update(index, objects[start : start + self.AT_ONCE])

    def ask(self, question: str) -> int:
        return ask(question, self.ALIAS)


def ask(question: str, alias: str = "default") -> int:
    """One page of results as a view asks Haystack for it; the number of all."""
    found = SearchQuerySet(using=alias).auto_query(question).highlight().facet("category")
    for result in found[:SHOWN]:
        _snippet = result.highlighted
    _counts = found.facet_counts()
    return len(found)


class Tantivy:
    """If it happens to be installed."""

    FIELDS = ("title", "keywords", "body")

    def __init__(self, found: Sequence[Text]) -> None:
        import tantivy

        self.made: Any = tantivy
        builder = tantivy.SchemaBuilder()
        for name in self.FIELDS:
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        builder.add_text_field("category", stored=True, fast=True, tokenizer_name="raw")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        writer = self.index.writer(num_threads=1)
        for text in found:
            writer.add_document(tantivy.Document(**text._asdict()))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, question: str) -> int:
        query = self.index.parse_query(question, list(self.FIELDS), field_boosts={"title": TITLE_WEIGHT})
        found = self.searcher.search(query, SHOWN, count=True)
        snippets = self.made.SnippetGenerator.create(self.searcher, query, self.schema, "body")
        for _score, address in found.hits:
            snippets.snippet_from_doc(self.searcher.doc(address)).to_html()
        self.searcher.aggregate(query, {"places": {"terms": {"field": "category", "size": 100}}})
        return int(found.count)


def tantivy(found: Sequence[Text]) -> Tantivy | None:
    with suppress(ImportError):
        return Tantivy(found)
    return None
