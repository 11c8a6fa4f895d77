"""All that can be said about a flow version: what its graph tells, and what only the database knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.conf import settings

from articles import facts, fetching, links, uses
from articles.external import page
from articles.markdown import render
from articles.models import ExternalLink, Image
from articles.reading import read
from articles.uses import Kind

from . import problems as rules
from .graph import Graph, Step
from .problems import Code, Problem

ADDRESS = re.compile(r"https?:[^\s<>()\[\]\"'`]*", re.IGNORECASE)
OTHER_PICTURE = re.compile(r"!\[[^\]]*\](?!\(\s*<?image:)")


def problems(graph: Graph) -> list[Problem]:
    """All that stops publishing at the desk; empty when customers can walk it."""
    return [*rules.problems(graph, settings.REQUIRED_LANGUAGES), *_hidden(graph)]


def warnings(graph: Graph) -> list[Problem]:
    """What would be easier on customers otherwise, links to other sites that fail among it."""
    return [*rules.warnings(graph), *_broken(graph)]


def _broken(graph: Graph) -> Iterator[Problem]:
    """The links to other sites in steps' texts that are known to be broken, each with its languages.

    One query at most, however many steps: only a text that names the host of a broken link is read as Markdown.
    """
    hosts = {step.slug: _hosts(step) for step in graph.steps.values()} if settings.CHECK_LINKS else {}
    if not (named := set().union(*hosts.values())):
        return
    said = {link.address: link for link in ExternalLink.objects.broken().filter(host__in=named)}
    failing = {link.host for link in said.values()}
    for slug, own in hosts.items():
        for address, languages in _addresses(graph.steps[slug]).items() if own & failing else ():
            if link := said.get(page(address)):
                yield Problem(Code.BROKEN, slug, f"{address} ({', '.join(languages)}) {link.said}")


def _hosts(step: Step) -> set[str]:
    """The hosts that a step's text seems to link to; the empty one is of addresses that cannot be asked for."""
    found = {address for words in step.body.values() for address in ADDRESS.findall(words)}
    return {fetching.host_of(address.rstrip(".,;:!?*_"))[:255] for address in found} | ({""} if found else set())


def _addresses(step: Step) -> Mapping[str, list[str]]:
    """The external links of a step's text, each with the names of the languages that have it."""
    names = dict(settings.LANGUAGES)
    found: dict[str, list[str]] = {}
    for code, words in step.body.items():
        for address in dict.fromkeys(link.target for link in read(words, {}).external):
            found.setdefault(address, []).append(str(names.get(code, code)))
    return found


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
