"""All that can be said about a flow version: what its graph tells, and what only the database knows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings

from articles import facts, links, uses
from articles.markdown import render
from articles.models import Image
from articles.uses import Kind

from . import problems as rules
from .graph import Graph
from .problems import Code, Problem

OTHER_PICTURE = re.compile(r"!\[[^\]]*\](?!\(\s*<?image:)")


def problems(graph: Graph) -> list[Problem]:
    """All that stops publishing at the desk; empty when customers can walk it."""
    return [*rules.problems(graph, settings.REQUIRED_LANGUAGES), *_hidden(graph)]


def _hidden(graph: Graph) -> Iterator[Problem]:
    """What steps lead to, by their article or in their text, and readers cannot reach now.

    A few queries, however many steps: only a text that may lack something is laid out, to know what.
    """
    keys = {step.article for step in graph.steps.values() if step.article}
    reachable = links.articles(keys, settings.LANGUAGE_CODE)
    bodies = [body for step in graph.steps.values() for body in step.body.items()]
    unknown = {code: _unknown([text for each, text in bodies if each == code], code) for code in dict(bodies)}
    for step in graph.steps.values():
        if step.article and step.article not in reachable:
            yield Problem(Code.HIDDEN, step.slug, f"article:{step.article}")
        suspects = [body for body in step.body.items() if _may_lack(body[1], unknown[body[0]])]
        missing = {name for code, text in suspects for name in render(text, code).missing}
        for name in sorted(missing):
            yield Problem(Code.HIDDEN, step.slug, name)


def _unknown(texts: list[str], language: str) -> set[tuple[str, str]]:
    """The kind and the key of what the texts name and readers of the language cannot reach."""
    named = uses.named_in(*texts)
    keys = {kind.value: {key for each, key in named if each == kind} for kind in Kind}
    known = {(Kind.FACT.value, key) for key in facts.values(" ".join(texts), language)}
    for kind in (Kind.ARTICLE.value, Kind.FLOW.value):
        known |= {(kind, key) for key in links.resolve(kind, keys[kind], language)}
    images = keys[Kind.IMAGE.value]
    found = Image.objects.filter(name__in=images).values_list("name", flat=True) if images else ()
    return named - known - {(Kind.IMAGE.value, name) for name in found}


def _may_lack(text: str, unknown: set[tuple[str, str]]) -> bool:
    """Whether the text names something that is unknown, or shows a picture that is not ours."""
    return bool(uses.named_in(text) & unknown or OTHER_PICTURE.search(text))
