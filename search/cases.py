"""Search cases: questions with what must come up, and what search makes of them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articles.models import Translation

from .engine import backend_of
from .evaluation import Mistake, Query, measure
from .models import SearchCase
from .results import FLOW, TRANSLATION, Found, search_all

LOOKED_AT = 10


def places(cases: Iterable[SearchCase]) -> dict[int, int]:
    """Where each case’s text stands among the results that readers see, from 1; 0: not among them; by its id."""
    by_language: defaultdict[str, list[SearchCase]] = defaultdict(list)
    for case in cases:
        by_language[case.language].append(case)
    found = {}
    for language, asked in by_language.items():
        answers = ask([case.question for case in asked], language)
        for case in asked:
            ids, is_shown = answers[case.question]
            expected = key(case)
            found[case.pk] = ids.index(expected) + 1 if is_shown and expected in ids else 0
    return found


def ask(questions: Iterable[str], language: str) -> dict[str, tuple[list[str], bool]]:
    """What readers get, best first, by neutral key; and whether it is shown rather than the honest page."""
    answers = search_all(questions, language)
    pks = {pk for found in answers.values() for label, pk in found.references() if label == TRANSLATION}
    articles = dict(Translation.objects.filter(pk__in=pks).values_list("pk", "article_id"))
    return {question: (_keys(found, articles), found.is_good) for question, found in answers.items()}


def _keys(found: Found, articles: Mapping[int, int]) -> list[str]:
    return [f"flow {pk}" if label == FLOW else f"article {articles[pk]}" for label, pk in found.references()]


def key(case: SearchCase) -> str:
    return f"article {case.article_id}" if case.article_id else f"flow {case.flow_id}"


def evaluate(language: str) -> dict[str, Any]:
    """The figures of evaluate_search for the site's own content and cases; Mistake where there are none."""
    cases = list(SearchCase.objects.filter(language=language))
    if not cases:
        raise Mistake(f"The site has no search case in the language {language!r}. The admin takes them.")
    queries = [Query(case.question, frozenset({key(case)})) for case in cases]

    def first(question: str) -> tuple[Sequence[str], bool]:
        ids, is_shown = ask([question], language)[question]
        return ids[:LOOKED_AT], is_shown

    backend = backend_of(language)
    return measure(queries, first) | {
        "documents": backend.generation().count,
        "build_s": None,  # the index of the site is not built for this
        "index_mb": round(backend.folder.size / 1e6, 3),
    }
