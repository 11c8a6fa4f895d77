"""The one door to the engine: Haystack's interface over Whoosh, one index per language.

A question never reaches a query parser.  It is analysed into terms, and documents are found by terms alone, so
that operators, wildcards and names of fields are nothing but characters between words.  Whoosh keeps the terms;
what is kept of a text is in documents.py, what is read of it in generation.py, and which of them answer a question
in answering.py and ranking.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from haystack import connections
from haystack.backends import BaseEngine, BaseSearchBackend, BaseSearchQuery, SearchNode
from haystack.constants import DJANGO_CT, ID
from haystack.exceptions import SearchBackendError
from haystack.indexes import SearchIndex
from haystack.models import SearchResult
from haystack.utils import get_identifier, get_model_ct
from whoosh.filedb.filestore import FileStorage

from . import documents, generation, ranking, synonyms
from .analysis import asked_words, question_words, term, terms
from .answering import Answer, Reference, answered, ranked, reference
from .completion import complete_words
from .folder import Damaged, IndexFolder
from .generation import Generation
from .ranking import alike
from .snippets import snippet

WAIT_FOR_WRITER = 30.0  # seconds
# Megabytes of postings that are sorted in memory.  Past it Whoosh sorts them on disk, which costs half as long
# again at 5,000 texts, and more than in proportion.
WRITER_MEMORY = 256


class Unavailable(Exception):
    """The index of a language is missing or broken."""


def find(question: str, language: str) -> list[Reference]:
    """What the question may mean, best first; Unavailable when the index cannot be asked."""
    return answer(question, language).references


def answer(question: str, language: str, *, is_exact: bool = False) -> Answer:
    """The same with all that is known about it; `is_exact`: no word is replaced by another one."""
    return answers([question], language, is_exact=is_exact)[question]


def answers(questions: Iterable[str], language: str, *, is_exact: bool = False) -> dict[str, Answer]:
    """The same for each of the questions."""
    with _available():
        return backend_of(language).answers(questions, is_exact=is_exact)


def complete(question: str, language: str) -> list[Reference]:
    """What has, for every word begun in the question, a word in its title or keywords; best first."""
    with _available():
        return backend_of(language).complete(question)


def near(title: str, text: str, language: str, most: int) -> list[Reference]:
    """What is named by the words of the title, and what holds the rarest words of the text; so many of each."""
    with _available():
        return backend_of(language).near(title, text, most)


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # A damaged index can raise anything: struct.error, EOFError, UnpicklingError, MemoryError.
        raise Unavailable(type(error).__name__) from error


def alias_of(language: str) -> str:
    return settings.SEARCH_ALIASES[language]


def language_of(alias: str | None) -> str:
    """The language that the index of this alias holds."""
    return connections[alias or "default"].options["LANGUAGE"]


def backend_of(language: str) -> Backend:
    return connections[alias_of(language)].get_backend()


def backends() -> list[Backend]:
    """The index of every language."""
    return [connections[alias].get_backend() for alias in settings.SEARCH_ALIASES.values()]


@dataclass(frozen=True)
class Asked:
    """A question as the backend takes it; an empty one asks for everything."""

    question: str = ""
    is_exact: bool = False


class AskedQuery(BaseSearchQuery):
    """Haystack's filters, of which nothing but what is asked is kept."""

    def build_query(self) -> Asked:
        leaves = list(_leaves(self.query_filter))
        return Asked(
            question=" ".join(text for _kind, text in leaves),
            is_exact=any(kind == "exact" for kind, _text in leaves),
        )


def _leaves(node: SearchNode) -> Iterator[tuple[str, str]]:
    if node.negated:
        raise SearchBackendError("This engine looks for words; it cannot exclude any.")
    for child in node.children:
        if isinstance(child, SearchNode):
            yield from _leaves(child)
        else:
            _field, filter_type = node.split_expression(child[0])
            yield filter_type, str(getattr(child[1], "query_string", child[1]))


class Backend(BaseSearchBackend):
    """One language's index."""

    def __init__(self, connection_alias: str, **options: Any) -> None:
        super().__init__(connection_alias, **options)
        self.folder = IndexFolder(options["PATH"])
        self.language = options["LANGUAGE"]
        self._synonyms = options.get("SYNONYMS", synonyms.groups)

    # Reading

    def search(self, query_string: Asked | str, **options: Any) -> dict[str, Any]:
        """Haystack's way to ask: a page of results, their number, counts by category, highlighted texts."""
        asked = query_string if isinstance(query_string, Asked) else Asked(query_string)
        current = self.generation()
        groups = self._synonyms(self.language) if asked.question else []
        found = ranked(current, asked.question, groups, is_exact=asked.is_exact)
        labels = {get_model_ct(model) for model in options.get("models") or ()}
        numbers = [n for n in found.numbers if not labels or reference(current, n)[0] in labels]
        words = found.question.words if options.get("highlight") else ()
        result_class = options.get("result_class") or SearchResult
        shown = numbers[options.get("start_offset") or 0 : options.get("end_offset")]
        return {
            "results": [self._result(current, number, result_class, words) for number in shown],
            "hits": len(numbers),
            "facets": {"fields": _facets(current, numbers, options.get("facets") or ())},
            "spelling_suggestion": found.said or None,
        }

    def answer(self, asked: str, *, is_exact: bool = False) -> Answer:
        return self.answers([asked], is_exact=is_exact)[asked]

    def answers(self, questions: Iterable[str], *, is_exact: bool = False) -> dict[str, Answer]:
        found = {question: Answer() for question in questions}
        if asked := [question for question in found if asked_words(question)]:
            current, groups = self.generation(), self._synonyms(self.language)
            found |= {each: answered(current, each, groups, is_exact=is_exact) for each in asked}
        return found

    def similar(self, identifier: str, most: int) -> list[Reference]:
        """Those that say most of what this document's title, keywords and summary say."""
        current = self.generation()
        own = current.numbers.get(identifier)
        numbers = [] if own is None else alike(current, own)
        return [reference(current, number) for number in numbers[:most]]

    def near(self, title: str, text: str, most: int) -> list[Reference]:
        current = self.generation()
        named = ranking.near(current, terms(title, self.language), most, only_named=True)
        held = ranking.near(current, terms(text, self.language), most)
        return [reference(current, number) for number in dict.fromkeys([*named, *held])]

    def complete(self, asked: str) -> list[Reference]:
        current = self.generation()
        return [reference(current, number) for number in complete_words(current, question_words(asked))]

    def generation(self) -> Generation:
        """What is asked; raises what reading a missing or damaged index does."""
        return generation.opened(self.folder, self.language)

    def fingerprints(self) -> dict[str, str]:
        """Of everything in the index, by identifier."""
        return {found.identifier: found.fingerprint for found in self.generation().documents if found}

    def _result(
        self, current: Generation, number: int, result_class: type[SearchResult], words: Collection[str]
    ) -> SearchResult:
        label, pk = reference(current, number)
        found = current.documents[number]
        extra: dict[str, Any] = {"category": found and found.category}
        if words:
            text = current.stored(number)["shown"]
            wanted = {term(word, self.language) for word in words}
            extra["highlighted"] = [snippet("", text, wanted, self.language)]
        return result_class(*label.split("."), pk, 0, **extra)

    # Writing

    def update(self, index: SearchIndex, iterable: Iterable[Model], commit: bool = True) -> None:
        self.write(self.documents(index, iterable))

    def remove(self, obj_or_string: Model | str, commit: bool = True) -> None:
        self.write([], [get_identifier(obj_or_string)])

    def clear(self, models: Collection[type[Model]] | None = None, commit: bool = True) -> None:
        if models is None:
            self.rebuild([])
            return
        with self._writer(empty=False) as writer:
            for model in models:
                writer.delete_by_term(DJANGO_CT, get_model_ct(model))

    def write(self, documents: Iterable[dict[str, Any]], removed: Iterable[str] = ()) -> None:
        """Readers find the documents, and no longer what was removed: all of it at one moment."""
        with self._writer(empty=not self.folder.exists) as writer:
            for identifier in removed:
                writer.delete_by_term(ID, identifier)
            for document in documents:
                writer.update_document(**document)

    def rebuild(self, documents: Iterable[dict[str, Any]]) -> int:
        """The index holds these documents and nothing else, all of it at one moment; their number.

        Damaged when it came to hold another number of them: then nothing has changed.
        """
        added: list[str] = []
        with self._writer(empty=True, added=added) as writer:
            for document in documents:
                writer.add_document(**document)
                added.append(document[ID])
        return len(added)

    def indexes(self) -> list[SearchIndex]:
        """What is indexed: one for each kind of content."""
        return list(connections[self.connection_alias].get_unified_index().get_indexes().values())

    def documents(self, index: SearchIndex, objects: Iterable[Model]) -> Iterator[dict[str, Any]]:
        """What Whoosh keeps of each object; one that cannot be prepared is logged and left out."""
        return documents.prepared(index, objects, self.language)

    @contextmanager
    def _writer(self, *, empty: bool, added: Sequence[str] | None = None) -> Iterator[Any]:
        with self.folder.next(empty=empty) as place:
            storage = FileStorage(str(place), supports_mmap=False)
            schema = documents.SCHEMA
            index = storage.create_index(schema) if empty else storage.open_index(schema=schema)
            with index.writer(timeout=WAIT_FOR_WRITER, limitmb=WRITER_MEMORY) as writer:
                yield writer
            index.close()
            count = generation.describe(place, self.language)
            if added is not None and count != len(added):
                raise Damaged(f"{len(added)} documents were written to {place}, but it holds {count}.")


def _facets(
    current: Generation, numbers: Iterable[int], wanted: Iterable[str]
) -> dict[str, list[tuple[Any, int]]]:
    if "category" not in wanted:
        return {}
    found = (current.documents[number] for number in numbers)
    return {"category": Counter(document.category for document in found if document).most_common()}


class Engine(BaseEngine):
    backend = Backend
    query = AskedQuery
