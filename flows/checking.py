"""All that can be said about a flow version: what its graph tells, and what only the database knows."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from articles import links
from articles.markdown import render

from . import problems as rules
from .graph import Graph
from .problems import Code, Problem


def problems(graph: Graph) -> list[Problem]:
    """All that stops publishing at the desk; empty when customers can walk it."""
    return [*rules.problems(graph, settings.REQUIRED_LANGUAGES), *_hidden(graph)]


def _hidden(graph: Graph) -> Iterator[Problem]:
    """What steps lead to, by their article or in their text, and readers cannot reach now."""
    language = settings.LANGUAGE_CODE
    keys = {step.article for step in graph.steps.values() if step.article}
    reachable = links.articles(keys, language)
    for step in graph.steps.values():
        if step.article and step.article not in reachable:
            yield Problem(Code.HIDDEN, step.slug, f"article:{step.article}")
        missing = {name for code, text in step.body.items() for name in render(text, code).missing}
        for name in sorted(missing):
            yield Problem(Code.HIDDEN, step.slug, name)
