"""What is wrong with a flow, and what makes it hard: pure, no Django."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from .graph import RESERVED_SLUGS, Due, Graph, Kind, Outcome, Step, Tried


class Code(StrEnum):
    """What can be wrong with a flow; `flows.sentences` says it in words."""

    EMPTY = "empty"
    RESERVED = "reserved"
    DEAD_END = "dead-end"
    LOST_OPTION = "lost-option"
    TRY_OPTIONS = "try-options"
    DATE_OPTIONS = "date-options"
    NO_WAIT = "no-wait"
    OUTCOME_OPTIONS = "outcome-options"
    NO_OUTCOME = "no-outcome"
    NO_TOPIC = "no-topic"
    URGENT_END = "urgent-end"
    URGENT_WAIT = "urgent-wait"
    NO_ARTICLE = "no-article"
    UNREACHABLE = "unreachable"
    LOOP = "loop"
    LABEL = "label"
    NO_CONTACT = "no-contact"
    HIDDEN = "hidden"  # only the database knows what readers can reach: flows.checking finds these
    NOT_SURE = "not-sure"
    MANY_OPTIONS = "many-options"
    LONG_PATH = "long-path"
    BROKEN = "broken"  # likewise only the database knows which links to other sites fail


# What the warnings tell: customers get through, and could get through better.
WARNINGS = frozenset({Code.NOT_SURE, Code.MANY_OPTIONS, Code.LONG_PATH, Code.BROKEN})
MOST_OPTIONS = 7
LONGEST_PATH = 10  # steps
NOT_SURE = ("not-sure", "cannot-")  # how the key of an answer begins that needs no knowledge


@dataclass(frozen=True)
class Problem:
    """Something that stops publishing, or a warning; `step` is the slug it is about (empty: the whole flow)."""

    code: Code
    step: str = ""
    about: str = ""


def problems(graph: Graph, languages: Sequence[str] = ()) -> list[Problem]:
    """All that stops publishing, with the labels missing in `languages`; empty when it can be published."""
    if not graph.steps:
        return [Problem(Code.EMPTY)]
    problems = [problem for step in graph.steps.values() for problem in _problems_at(graph, step)]
    reachable = graph.reachable()
    problems += [Problem(Code.UNREACHABLE, slug) for slug in graph.steps if slug not in reachable]
    problems += [Problem(Code.URGENT_WAIT, slug) for slug in _urgent_after_a_wait(graph)]
    if loop := _loop(graph):
        problems.append(Problem(Code.LOOP, loop[0], " → ".join(loop)))
    if not any(step.outcome == Outcome.CONTACT for step in graph.outcomes()):
        problems.append(Problem(Code.NO_CONTACT))
    return problems + _labels_missing_in(graph, languages)


def warnings(graph: Graph) -> list[Problem]:
    """What does not stop publishing, and would be easier on customers otherwise."""
    found = []
    for step in graph.steps.values():
        if step.kind == Kind.QUESTION and not any(option.key.startswith(NOT_SURE) for option in step.options):
            found.append(Problem(Code.NOT_SURE, step.slug))
        if len(step.options) > MOST_OPTIONS:
            found.append(Problem(Code.MANY_OPTIONS, step.slug, str(len(step.options))))
    if (path := longest_path(graph)) and len(path) > LONGEST_PATH:
        found.append(Problem(Code.LONG_PATH, path[LONGEST_PATH], str(len(path))))
    return found


def longest_path(graph: Graph) -> list[str]:
    """The slugs of the most steps that a customer can meet; empty where there is a loop, or no step."""
    beyond: dict[str, list[str]] = {}
    try:
        for slug in TopologicalSorter(graph.leads_to()).static_order():
            following = max((beyond[each] for each in graph.leads_to_of(slug)), key=len, default=[])
            beyond[slug] = [slug, *following]
    except CycleError:
        return []
    return beyond[graph.start.slug] if graph.steps else []


def languages(graph: Graph) -> set[str]:
    """The languages in which no label is missing."""
    spoken = {language for step in graph.steps.values() for language in step.title}
    return {language for language in spoken if not any(_missing_labels(graph, language))}


def _problems_at(graph: Graph, step: Step) -> Iterator[Problem]:
    if step.slug in RESERVED_SLUGS:
        yield Problem(Code.RESERVED, step.slug)
    for option in step.options:
        if option.leads_to not in graph.steps:
            yield Problem(Code.LOST_OPTION, step.slug, option.key)
    if step.kind == Kind.OUTCOME:
        yield from _problems_of_outcome(step)
    elif not step.options:
        yield Problem(Code.DEAD_END, step.slug)
    elif step.kind == Kind.TRY and {option.key for option in step.options} != set(Tried):
        yield Problem(Code.TRY_OPTIONS, step.slug)
    elif step.kind == Kind.DATE and {option.key for option in step.options} != set(Due):
        yield Problem(Code.DATE_OPTIONS, step.slug)
    if step.kind == Kind.DATE and not (step.wait and step.wait.is_sound):
        yield Problem(Code.NO_WAIT, step.slug)
    if step.is_urgent and step.outcome != Outcome.CONTACT:
        yield Problem(Code.URGENT_END, step.slug)


def _urgent_after_a_wait(graph: Graph) -> list[str]:
    """The urgent steps behind a date: safety has no wait rule."""
    dates = [step.slug for step in graph.steps.values() if step.kind == Kind.DATE]
    behind = graph.reachable(*dates) if dates else set()
    return [slug for slug, step in graph.steps.items() if step.is_urgent and slug in behind]


def _loop(graph: Graph) -> list[str]:
    """The slugs of one loop, the first one again at the end; empty when there is none."""
    try:
        TopologicalSorter(graph.leads_to()).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _labels_missing_in(graph: Graph, languages: Sequence[str]) -> list[Problem]:
    """One problem for each step that lacks a text, with all the texts that it lacks."""
    lacking: dict[str, list[str]] = {}
    for language in languages:
        for problem in _missing_labels(graph, language):
            lacking.setdefault(problem.step, []).append(problem.about)
    return [Problem(Code.LABEL, step, "; ".join(lacking[step])) for step in graph.steps if step in lacking]


def _missing_labels(graph: Graph, language: str) -> Iterator[Problem]:
    for step in graph.steps.values():
        if not step.title.get(language):
            yield Problem(Code.LABEL, step.slug, f"title, {language}")
        if any(step.body.values()) and not step.body.get(language):
            yield Problem(Code.LABEL, step.slug, f"text, {language}")
        for option in step.options:
            is_given = step.kind in (Kind.TRY, Kind.DATE) and not any(option.label.values())
            if not is_given and not option.label.get(language):
                yield Problem(Code.LABEL, step.slug, f"{option.key}, {language}")
        if step.wait and any(step.wait.reason.values()) and not step.wait.reason.get(language):
            yield Problem(Code.LABEL, step.slug, f"because, {language}")


def _problems_of_outcome(step: Step) -> Iterator[Problem]:
    if step.options:
        yield Problem(Code.OUTCOME_OPTIONS, step.slug)
    if step.outcome is None:
        yield Problem(Code.NO_OUTCOME, step.slug)
    if step.outcome == Outcome.CONTACT and not step.topic:
        yield Problem(Code.NO_TOPIC, step.slug)
    if step.outcome == Outcome.READ and not step.article:
        yield Problem(Code.NO_ARTICLE, step.slug)
