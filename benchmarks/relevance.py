"""With RELEVANCE=DIR: how well questions with known answers are answered, and those without one refused."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.models import Translation
from search.engine import Backend, alias_of
from search.evaluation import Query, evaluate_files, measure, read_queries
from search.results import is_good

from .figures import Figure
from .typos import misspelt

SEED = 7
WANTED = {"stackfaq-half": (0.95, 0.77), "login-gov-en": (0.98, 0.84)}  # recall@5, recall@1
MOST_LOST, MOST_REFUSED, LEAST_REFUSED = 0.03, 0.03, 0.7

Row = tuple[str, Figure]


def report(folder: Path) -> None:
    """The table is printed: a line for each figure of each set, in each language of the site."""
    print("relevance")
    for queries in sorted(folder.glob("*/queries.jsonl")):
        rows = _rows(queries)
        for language in sorted({row.get("language", settings.LANGUAGE_CODE) for row in rows}):
            if language in settings.SEARCH_ALIASES:
                for name, figure in _figures(queries, rows, language):
                    print(
                        f"{f'{queries.parent.name} ({language}): {name}':56}{figure.value:9.4f}  {figure.verdict}"
                    )
    print()


def _rows(queries: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in queries.read_text(encoding="utf-8").splitlines() if line.strip()]


def _figures(queries: Path, rows: list[dict[str, Any]], language: str) -> Iterator[Row]:
    documents = queries.with_name("documents.jsonl")
    if not documents.exists():
        yield "honest page, asked of the demo", Figure(_refused_by_demo(queries, language), least=LEAST_REFUSED)
        return
    recall, first = WANTED.get(queries.parent.name, (None, None))
    found = evaluate_files(documents, queries, language)
    yield "recall@5", Figure(found["recall_at_5"], least=recall)
    yield "recall@1", Figure(found["recall_at_1"], least=first)
    yield "honest page", Figure(found["no_result"], most=MOST_REFUSED)
    mistyped = _evaluate_misspelt(documents, rows, language)
    lost = round(found["recall_at_5"] - mistyped["recall_at_5"], 4)
    yield "recall@5 lost by typos", Figure(lost, most=MOST_LOST)
    yield "honest page with typos", Figure(mistyped["no_result"])


def _evaluate_misspelt(documents: Path, rows: list[dict[str, Any]], language: str) -> dict[str, float]:
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="helpcenter-typos-") as place:
        queries = Path(place) / "queries.jsonl"
        mistyped = (json.dumps(row | {"query": misspelt(row["query"], chance)}) for row in rows)
        queries.write_text("\n".join(mistyped), encoding="utf-8")
        return evaluate_files(documents, queries, language)


def _refused_by_demo(queries: Path, language: str) -> float:
    """The share of the queries for which a site with the demo content alone says that it has no answer."""
    with tempfile.TemporaryDirectory(prefix="helpcenter-demo-") as place:
        demo = Backend(alias_of(language), PATH=f"{place}/index", LANGUAGE=language)
        demo.rebuild(_demo_documents(demo))

        def ask(question: str) -> tuple[list[str], bool]:
            return [], is_good(demo.answer(question).scores)

        asked: list[Query] = read_queries(queries, language, known=())
        return measure(asked, ask)["no_result"]


def _demo_documents(demo: Backend) -> Iterator[dict[str, Any]]:
    for index in demo.indexes():
        objects = index.index_queryset(using=demo.connection_alias)
        if index.get_model() is Translation:
            objects = objects.exclude(article__key__startswith="bench-")
        yield from demo.documents(index, objects)
