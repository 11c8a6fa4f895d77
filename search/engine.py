"""The one door to the engine: Haystack's interface over Whoosh, one index per language.

A question never reaches a query parser.  It is analysed into terms, and a query is built from terms alone, so
that quotes, operators, wildcards and names of fields are nothing but characters between words.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Model
from haystack import connections
from haystack.backends import SQ, BaseEngine, BaseSearchBackend, BaseSearchQuery, SearchNode
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.exceptions import SearchBackendError
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.query import SearchQuerySet
from haystack.utils import get_identifier, get_model_ct
from whoosh import fields as whoosh_fields
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.index import FileIndex
from whoosh.query import And, Every, Or, Prefix, Query, Term
from whoosh.searching import Searcher

from .analysis import meant_words, question_words, term, terms, words
from .folder import IndexFolder

MOST_HITS = 1000
SEARCHED = ("text", "title", "keywords")
WAIT_FOR_WRITER = 30.0  # seconds

log = logging.getLogger(__name__)

Reference = tuple[str, int]  # model label and primary key: ("articles.translation", 7)


class Unavailable(Exception):
    """The index of a language is missing or broken."""


def find(question: str, language: str) -> list[Reference]:
    """What the question may mean, best first; Unavailable when the index cannot be asked.

    The index may be stale: whoever shows these asks the database first.
    """
    return _ask(language, "content", meant_words(question, language))


def complete(question: str, language: str) -> list[Reference]:
    """What has, for every word begun in the question, a word in its title or keywords; best first."""
    return _ask(language, "prefixes", question_words(question))


def _ask(language: str, field: str, asked: list[str]) -> list[Reference]:
    if not asked:
        return []
    wanted = reduce(or_, (SQ(**{field: word}) for word in asked))
    try:
        hits = SearchQuerySet(using=alias_of(language)).filter(wanted)[:MOST_HITS]
        return [(f"{hit.app_label}.{hit.model_name}", int(hit.pk)) for hit in hits]
    except Exception as error:
        # A damaged index can raise anything: struct.error, EOFError, UnpicklingError, MemoryError.
        raise Unavailable(type(error).__name__) from error


def alias_of(language: str) -> str:
    return settings.SEARCH_ALIASES[language]


def language_of(alias: str | None) -> str:
    """The language that the index of this alias holds."""
    return connections[alias or "default"].options["LANGUAGE"]


def backends() -> list[Backend]:
    """The index of every language."""
    return [connections[alias].get_backend() for alias in settings.SEARCH_ALIASES.values()]


@dataclass(frozen=True)
class Asked:
    """A question as the backend takes it: words and beginnings of words; without any, everything."""

    words: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()


class AskedQuery(BaseSearchQuery):
    """Haystack's filters, of which nothing but the words is kept."""

    def build_query(self) -> Asked:
        leaves = list(_leaves(self.query_filter))
        return Asked(
            words=tuple(word for field, text in leaves if field != "prefixes" for word in words(text)),
            prefixes=tuple(word for field, text in leaves if field == "prefixes" for word in words(text)),
        )


def _leaves(node: SearchNode) -> Iterator[tuple[str, str]]:
    if node.negated:
        raise SearchBackendError("This engine looks for words; it cannot exclude any.")
    for child in node.children:
        if isinstance(child, SearchNode):
            yield from _leaves(child)
        else:
            field, _filter_type = node.split_expression(child[0])
            yield field, str(getattr(child[1], "query_string", child[1]))


class Backend(BaseSearchBackend):
    """One language's index.  Of the contents nothing is stored: what is shown comes from the database."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.folder = IndexFolder(options["PATH"])
        self.language = options["LANGUAGE"]

    # Reading

    def search(self, query_string: Asked | str, **options: Any) -> dict[str, Any]:
        asked = query_string if isinstance(query_string, Asked) else Asked(words=tuple(words(query_string)))
        labels = {get_model_ct(model) for model in options.get("models") or ()}
        start, end = options.get("start_offset") or 0, options.get("end_offset")
        with self._index() as index, index.searcher() as searcher:
            stored = (searcher.stored_fields(number) for number in self._ranked(searcher, asked))
            hits = [hit for hit in stored if not labels or hit[DJANGO_CT] in labels]
        result_class = options.get("result_class") or SearchResult
        shown = [
            result_class(*hit[DJANGO_CT].split("."), hit[DJANGO_ID], 0, id=hit[ID]) for hit in hits[start:end]
        ]
        return {"results": shown, "hits": len(hits)}

    def fingerprints(self) -> dict[str, str]:
        """Of everything in the index, by identifier."""
        with self._index() as index, index.reader() as reader:
            return {stored[ID]: stored["fingerprint"] for stored in reader.all_stored_fields()}

    def _ranked(self, searcher: Searcher, asked: Asked) -> list[int]:
        """The numbers of the documents: those with more of the words first, then by score."""
        if not asked.words and not asked.prefixes:
            return list(Every().docs(searcher))
        if asked.prefixes:
            query = And([Prefix("prefixes", prefix, constantscore=False) for prefix in asked.prefixes])
            return [number for number, _score in searcher.search(query, limit=MOST_HITS).items()]
        matched: dict[int, int] = defaultdict(int)
        scores: dict[int, float] = defaultdict(float)
        for wanted in dict.fromkeys(term(word, self.language) for word in asked.words):
            for number, score in searcher.search(self._query(wanted), limit=None).items():
                matched[number] += 1
                scores[number] += score
        return sorted(matched, key=lambda number: (-matched[number], -scores[number]))[:MOST_HITS]

    def _query(self, wanted: str) -> Query:
        searched = {name: field for name, field in self._fields().items() if name in SEARCHED}
        return Or([Term(name, wanted, boost=field.boost) for name, field in searched.items()])

    @contextmanager
    def _index(self) -> Iterator[FileIndex]:
        with self.folder.storage() as storage:
            yield storage.open_index(schema=self._schema())

    # Writing

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        self.write(self.documents(index, iterable))

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        self.write([], [get_identifier(obj_or_string)])

    def clear(self, models: Collection[type[Model]] | None = None, commit: bool = True) -> None:
        if models is None:
            self.rebuild([])
            return
        with self._writer() as writer:
            for model in models:
                writer.delete_by_term(DJANGO_CT, get_model_ct(model))

    def write(self, documents: Iterable[dict[str, str]], removed: Iterable[str] = ()) -> None:
        """Readers find the documents, and no longer what was removed: all of it at one moment."""
        if not self.folder.exists:
            self.rebuild([])
        with self._writer() as writer:
            for identifier in removed:
                writer.delete_by_term(ID, identifier)
            for document in documents:
                writer.update_document(**document)

    def rebuild(self, documents: Iterable[dict[str, str]]) -> None:
        """The index holds these documents and nothing else: all of it at one moment."""
        with self.folder.replacing() as storage, storage.create_index(self._schema()).writer() as writer:
            for document in documents:
                writer.add_document(**document)

    def indexes(self) -> list[SearchIndex]:
        """What is indexed: one for each kind of content."""
        return list(connections[self.connection_alias].get_unified_index().get_indexes().values())

    def documents(self, index: SearchIndex, objects: Iterable[Model]) -> Iterator[dict[str, str]]:
        """What Whoosh keeps of each object; one that cannot be prepared is logged and left out."""
        for instance in objects:
            try:
                prepared = index.full_prepare(instance)
            except DatabaseError:
                raise
            except Exception:
                log.exception("%s cannot be indexed.", get_identifier(instance))
                continue
            yield {name: self._analysed(name, value or "") for name, value in prepared.items()}

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        with self.folder.writing() as storage:
            index = storage.open_index(schema=self._schema())
            with index.writer(timeout=WAIT_FOR_WRITER) as writer:
                yield writer

    def _analysed(self, name: str, value: str) -> str:
        """As Whoosh splits it at spaces: terms, or whole words where their beginnings are looked for."""
        field = self._fields().get(name)
        if field is None or not field.indexed:
            return value
        return " ".join(words(value) if field.field_type == "edge_ngram" else terms(value, self.language))

    def _fields(self) -> dict[str, Any]:
        return connections[self.connection_alias].get_unified_index().all_searchfields()

    def _schema(self) -> whoosh_fields.Schema:
        split = whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
        own = {name: split if field.indexed else whoosh_fields.STORED() for name, field in self._fields().items()}
        return whoosh_fields.Schema(
            **own,
            **{
                ID: whoosh_fields.ID(stored=True, unique=True),
                DJANGO_CT: whoosh_fields.ID(stored=True),
                DJANGO_ID: whoosh_fields.ID(stored=True),
            },
        )


class Engine(BaseEngine):
    backend = Backend
    query = AskedQuery
