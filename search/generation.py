"""One generation of an index, opened once in a process and kept until another one takes its place."""

from __future__ import annotations

import json
import math
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.reading import IndexReader, TermNotFound

from .analysis import fold, term
from .folder import CONTENTS, Identity, IndexFolder
from .spelling import Vocabulary

TEXT, TITLE, KEYWORDS = "text", "title", "keywords"
FIELDS = (TEXT, TITLE, KEYWORDS)

Postings = tuple[Sequence[int], Sequence[float]]


class Document(NamedTuple):
    """What ranking needs to know of a document; texts are terms, one space around each."""

    identifier: str
    fingerprint: str
    category: int
    lengths: tuple[int, int, int]  # words in each of FIELDS
    title: str
    keywords: tuple[str, ...]  # a line each
    summary: str


class Word(NamedTuple):
    frequency: int  # documents that hold it
    term: str
    is_named: bool  # whether a title or a keyword holds it


class Generation:
    """Nothing here changes but caches, so that threads may share it; the files may be gone meanwhile."""

    def __init__(self, files: dict[str, bytes], language: str) -> None:
        contents = json.loads(files[CONTENTS])
        self.language = language
        self.documents = [row and _document(row) for row in contents["documents"]]
        self.words = {spelled: Word(*word) for spelled, word in contents["words"].items()}
        self.count = sum(document is not None for document in self.documents)
        self.impacts: dict[tuple[str, bool], Postings] = {}
        self._lines: dict[str, float] = {}
        self._reader = _reader(files)
        self._reading = threading.Lock()
        self._spellings: dict[str, list[str]] = {}
        for spelled, word in self.words.items():
            self._spellings.setdefault(word.term, []).append(spelled)

    def knows(self, wanted: str) -> bool:
        """Whether a document holds the term."""
        return wanted in self._spellings

    def weight(self, wanted: str) -> float:
        """How much it says about a document that it holds the term; most, where none does.  BM25's idf."""
        # Asked for each word of each title that is looked at closely, so it is computed for all of them at once.
        return self._weights.get(wanted, self.rarest)

    def weight_of_line(self, line: str) -> float:
        """What the different terms of a title or of a line of keywords weigh together."""
        if line not in self._lines:
            self._lines[line] = sum(map(self.weight, set(line.split())))
        return self._lines[line]

    def frequencies(self, field: str, wanted: str) -> Counter[int]:
        """How often each document holds the term, in any spelling, in the field; by number."""
        found: Counter[int] = Counter()
        for spelled in self._spellings.get(wanted, ()):
            if field == TEXT or self.words[spelled].is_named:
                for number, frequency in self._postings(field, spelled):
                    found[number] += frequency
        return found

    def stored(self, number: int) -> dict[str, Any]:
        with self._reading:
            return dict(self._reader.stored_fields(number))

    def completions(self, begun: str) -> list[str]:
        """The words of titles and keywords that begin so (folded)."""
        first = bisect_left(self._named, (begun, ""))
        found = []
        for folded, spelled in self._named[first:]:
            if not folded.startswith(begun):
                break
            found.append(spelled)
        return found

    @cached_property
    def _weights(self) -> dict[str, float]:
        return {
            wanted: self._weight(sum(self.words[spelled].frequency for spelled in spellings))
            for wanted, spellings in self._spellings.items()
        }

    @cached_property
    def rarest(self) -> float:
        return self._weight(0)

    def _weight(self, found: int) -> float:
        held = min(found, self.count)
        return math.log(1 + (self.count - held + 0.5) / (held + 0.5))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The documents by identifier."""
        return {found.identifier: number for number, found in enumerate(self.documents) if found}

    @cached_property
    def mean_lengths(self) -> tuple[float, ...]:
        """Words in each of FIELDS."""
        lengths = [document.lengths for document in self.documents if document]
        return (
            tuple(max(sum(of_field) / len(lengths), 1.0) for of_field in zip(*lengths, strict=True)) or (1.0,) * 3
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All words, for the correction of others."""
        return Vocabulary({spelled: word.frequency for spelled, word in self.words.items()})

    @cached_property
    def beginnings(self) -> Vocabulary:
        """The words of titles and keywords."""
        return Vocabulary({spelled: word.frequency for spelled, word in self.words.items() if word.is_named})

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        return sorted((fold(spelled), spelled) for spelled, word in self.words.items() if word.is_named)

    def _postings(self, field: str, spelled: str) -> Iterator[tuple[int, int]]:
        # Whoosh's files have one position each, which threads would fight over.
        with self._reading:
            for leaf, offset in self._reader.leaf_readers():
                try:
                    matcher = leaf.postings(field, spelled)
                except TermNotFound:
                    continue
                for number, frequency in _pairs(matcher):
                    yield offset + number, frequency


_opened: dict[Path, tuple[Identity, Generation]] = {}
_opening = threading.Lock()


def opened(folder: IndexFolder, language: str) -> Generation:
    """The current generation; FileNotFoundError or Damaged when it cannot be read."""
    identity = folder.identity()
    known = _opened.get(folder.path)
    if known and known[0] == identity:
        return known[1]
    with _opening:
        known = _opened.get(folder.path)
        if known and known[0] == identity:
            return known[1]
        found, files = folder.read()
        _opened[folder.path] = found, Generation(files, language)
        return _opened[folder.path][1]


def forget() -> None:
    """The next question opens its generation anew."""
    _opened.clear()


def describe(place: Path, language: str) -> int:
    """The index in this folder says what it holds in contents.json; the number of its documents."""
    index = FileStorage(str(place), supports_mmap=False).open_index()
    with index.reader() as reader:
        documents = [
            None if reader.is_deleted(number) else _row(reader.stored_fields(number))
            for number in range(reader.doc_count_all())
        ]
        named = {_text(text) for field in (TITLE, KEYWORDS) for text, _info in _lexicon(reader, field)}
        words = {
            spelled: (info.doc_frequency(), term(fold(spelled), language), spelled in named)
            for text, info in _lexicon(reader, TEXT)
            if (spelled := _text(text))
        }
    index.storage.close()
    new = place / f"{CONTENTS}.new"  # the old one is perhaps another generation's too
    new.write_text(json.dumps({"documents": documents, "words": words}))
    new.replace(place / CONTENTS)
    return sum(row is not None for row in documents)


def _reader(files: dict[str, bytes]) -> IndexReader:
    storage = RamStorage()
    storage.files = {name: data for name, data in files.items() if name != CONTENTS}
    return storage.open_index().reader()


def _pairs(matcher: Any) -> Iterator[tuple[int, int]]:
    """Numbers and frequencies; those of removed documents, too, which `Generation.documents` does not know."""
    matcher = getattr(matcher, "child", matcher)
    while matcher.is_active():
        if isinstance(matcher, W3LeafMatcher):
            matcher.id(), matcher.weight()  # reads the block; one posting after the other takes five times as long
            yield from zip(matcher._ids, map(int, matcher._weights), strict=True)
            matcher._next_block()
        else:
            yield matcher.id(), int(matcher.weight())
            matcher.next()


def _lexicon(reader: IndexReader, field: str) -> Iterator[tuple[bytes, Any]]:
    return reader.iter_field(field) if field in reader.schema else iter(())


def _text(text: bytes | str) -> str:
    return text.decode() if isinstance(text, bytes) else text


def _row(stored: dict[str, Any]) -> list[Any]:
    return [stored["id"], stored["fingerprint"], stored["category"], *stored["about"]]


def _document(row: list[Any]) -> Document:
    identifier, fingerprint, category, lengths, title, keywords, summary = row
    return Document(identifier, fingerprint, category, tuple(lengths), title, tuple(keywords), summary)
