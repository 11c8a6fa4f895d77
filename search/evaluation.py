"""How well the engine answers questions of which the answer is known."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from haystack.constants import DJANGO_CT, DJANGO_ID, ID

from . import synonyms
from .answering import Answer
from .documents import document as indexed
from .engine import Backend, alias_of
from .results import is_good
from .snippets import own_words

LABEL = "evaluation.document"
LOOKED_AT = 10  # results that count


class Mistake(Exception):
    """What is wrong with a file, in a sentence with its line."""


@dataclass(frozen=True)
class Query:
    text: str
    expected: frozenset[str]  # any of these is right; none: there is no answer


Ask = Callable[[str], tuple[Sequence[str], bool]]  # ids, best first, and whether they are shown at all


def evaluate_files(documents: Path, queries: Path, language: str) -> dict[str, float]:
    """The figures for an index of these documents alone, made for it and thrown away."""
    given = read_documents(documents, language)
    asked = read_queries(queries, language, given.keys())
    with tempfile.TemporaryDirectory(prefix="helpcenter-evaluate-") as place:
        options = {"PATH": f"{place}/index", "LANGUAGE": language, "SYNONYMS": _known_synonyms}
        backend = Backend(alias_of(language), **options)
        ids = list(given)
        began = time.perf_counter()
        backend.rebuild(_prepared(backend, number, given[key]) for number, key in enumerate(ids))
        built = time.perf_counter() - began

        def ask(question: str) -> tuple[Sequence[str], bool]:
            answer: Answer = backend.answer(question)
            return [ids[number] for _label, number in answer.references[:LOOKED_AT]], is_good(answer.scores)

        found = measure(asked, ask)
        megabytes = backend.folder.size / 1e6
    return found | {"documents": len(ids), "build_s": round(built, 3), "index_mb": round(megabytes, 3)}


def _known_synonyms(language: str) -> list[tuple[str, ...]]:
    """Those of the site; none where it has no database yet."""
    try:
        return synonyms.groups(language)
    except DatabaseError:
        return []


def measure(queries: Sequence[Query], ask: Ask) -> dict[str, float]:
    """Shares of the queries, and times in milliseconds; recall counts what would have been found in any case."""
    times, ranks, refused = [], [], 0
    for query in queries:
        began = time.perf_counter()
        ids, is_shown = ask(query.text)
        times.append((time.perf_counter() - began) * 1000)
        refused += not is_shown
        if query.expected:
            ranks.append(next((rank for rank, key in enumerate(ids, 1) if key in query.expected), 0))
    times.sort()
    answerable = len(ranks) or 1
    return {
        "recall_at_1": round(sum(rank == 1 for rank in ranks) / answerable, 4),
        "recall_at_5": round(sum(1 <= rank <= 5 for rank in ranks) / answerable, 4),
        "mrr_at_10": round(sum(1 / rank for rank in ranks if rank) / answerable, 4),
        "no_result": round(refused / len(queries), 4),
        "queries": len(queries),
        "p50_ms": round(times[len(times) // 2], 3),
        "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 3),
    }


def read_documents(path: Path, language: str) -> dict[str, dict[str, Any]]:
    """The documents of that language, by id."""
    found: dict[str, dict[str, Any]] = {}
    for place, line in _lines(path):
        for name in ("id", "title", "body"):
            if not isinstance(line.get(name), str):
                raise Mistake(f"{place}: “{name}” must be a text.")
        if line["id"] in found:
            raise Mistake(f"{place}: the id {line['id']!r} is there twice.")
        if line.get("language", language) == language:
            found[line["id"]] = line
    if not found:
        raise Mistake(f"{path}: there is no document in the language {language!r}.")
    return found


def read_queries(path: Path, language: str, known: Iterable[str]) -> list[Query]:
    """The queries of that language; every id that they expect is known."""
    known, found = set(known), []
    for place, line in _lines(path):
        expected = line.get("expected")
        if not isinstance(line.get("query"), str) or not line["query"].strip():
            raise Mistake(f"{place}: “query” must be a text.")
        if not isinstance(expected, list) or not all(isinstance(key, str) for key in expected):
            raise Mistake(f"{place}: “expected” must be a list of ids.")
        if line.get("language", language) != language:
            continue
        if unknown := sorted(set(expected) - known):
            raise Mistake(f"{place}: there is no document with the id {unknown[0]!r}.")
        found.append(Query(line["query"], frozenset(expected)))
    if not found:
        raise Mistake(f"{path}: there is no query in the language {language!r}.")
    return found


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            found = json.loads(line)
        except ValueError as error:
            raise Mistake(f"{place}: this is no JSON ({error}).") from error
        if not isinstance(found, dict):
            raise Mistake(f"{place}: this is no JSON object.")
        yield place, found


def _prepared(backend: Backend, number: int, document: Mapping[str, Any]) -> dict[str, Any]:
    keywords = document.get("keywords") or ""
    summary = document.get("summary") or ""
    return indexed(
        {
            ID: f"{LABEL}.{number}",
            DJANGO_CT: LABEL,
            DJANGO_ID: str(number),
            "text": str(document.get("category") or ""),
            "title": document["title"],
            "keywords": "\n".join(keywords) if isinstance(keywords, list) else str(keywords),
            "summary": str(summary),
            "shown": f"{summary}\n{own_words(document['body'])}",
            "category": 0,
            "fingerprint": "",
        },
        backend.language,
    )
