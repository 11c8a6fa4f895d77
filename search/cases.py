"""Search cases: questions with what must come up, and what search makes of them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from articles.models import Translation

from .engine import backend_of
from .evaluation import Mistake, Query, measure
from .models import SearchCase
from .results import FLOW, TRANSLATION, search

LOOKED_AT = 10


def place(case: SearchCase) -> int:
    """Where the expected text stands among the results that readers see, from 1; 0: not among them."""
    ids, is_shown = ask(case.question, case.language)
    expected = key(case)
    return ids.index(expected) + 1 if is_shown and expected in ids else 0


def ask(question: str, language: str) -> tuple[list[str], bool]:
    """What readers get, best first, by neutral key; and whether it is shown rather than the honest page."""
    found = search(question, language)
    references = found.references()
    pks = [pk for label, pk in references if label == TRANSLATION]
    articles = dict(Translation.objects.filter(pk__in=pks).values_list("pk", "article_id"))
    keys = [f"flow {pk}" if label == FLOW else f"article {articles[pk]}" for label, pk in references]
    return keys, found.is_good


def key(case: SearchCase) -> str:
    return f"article {case.article_id}" if case.article_id else f"flow {case.flow_id}"


def evaluate(language: str) -> dict[str, Any]:
    """The figures of evaluate_search for the site's own content and cases; Mistake where there are none."""
    cases = list(SearchCase.objects.filter(language=language))
    if not cases:
        raise Mistake(f"The site has no search case in the language {language!r}. The admin takes them.")
    queries = [Query(case.question, frozenset({key(case)})) for case in cases]

    def first(question: str) -> tuple[Sequence[str], bool]:
        ids, is_shown = ask(question, language)
        return ids[:LOOKED_AT], is_shown

    backend = backend_of(language)
    return measure(queries, first) | {
        "documents": backend.generation().count,
        "build_s": None,  # the index of the site is not built for this
        "index_mb": round(backend.folder.size / 1e6, 3),
    }
