"""What an editor does to a draft version beyond filling in its forms: adding, moving, copying, removing."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext, override

from articles.languages import current_language

from .cases import changes
from .graph import Graph, Kind, Outcome, text
from .labels import name_of, texts
from .models import FlowCase, FlowVersion, Option, Step
from .stepforms import FIXED_KEYS

LONGEST_SLUG = 50

NOT_SURE_KEY = "not-sure"


def add_step(version: FlowVersion, kind: Kind, after: Step | None = None) -> Step:
    """A step without words, after the given one, else at the end; with the options that its kind has."""
    last = version.steps.aggregate(Max("position"))["position__max"]
    step = Step.objects.create(
        version=version,
        slug=blank_slug(version),
        kind=kind,
        position=0 if last is None else last + 1,
        title={},
    )
    if after:
        move_step(step, to=place_of(after) + 1)
    fit_options(step)
    if kind == Kind.QUESTION:
        for _number in range(2):
            add_option(step)
    return step


def blank_slug(version: FlowVersion) -> str:
    """A slug that says that nobody has named the step yet."""
    taken = set(version.steps.values_list("slug", flat=True))
    return next(slug for number in range(1, len(taken) + 2) if (slug := f"step-{number}") not in taken)


def blank_key(step: Step) -> str:
    taken = set(step.options.values_list("key", flat=True))
    return next(key for number in range(1, len(taken) + 2) if (key := f"option-{number}") not in taken)


def free_name(wanted: str, taken: Container[str], longest: int) -> str:
    """The name, with a number behind it where it is taken."""
    number, name = 2, wanted
    while name in taken:
        ending = f"-{number}"
        number, name = number + 1, wanted[: longest - len(ending)] + ending
    return name


def named(label: Any, taken: Container[str]) -> str:
    """A name made of the label's words in the site's language, else in another, that nobody has yet; or empty."""
    words = texts(label)
    made = slugify(words.get(settings.LANGUAGE_CODE) or next(iter(words.values()), ""))[:LONGEST_SLUG].strip("-")
    return free_name(made, taken, LONGEST_SLUG) if made else ""


def fit_options(step: Step) -> None:
    """A step to try and a date have the options that they must have; others stay, and are a problem."""
    wanted = FIXED_KEYS.get(step.kind, ())
    there = {option.key: option for option in step.options.all()}
    for key in {key for keys in FIXED_KEYS.values() for key in keys} - set(wanted):
        # Made by us for another kind, and never touched.
        if (option := there.get(key)) and option.leads_to_id is None and not texts(option.label):
            option.delete()
    for key in wanted:
        if key not in there:
            _append_option(step, key, {})


def add_option(step: Step) -> Option:
    return _append_option(step, blank_key(step), {})


def add_not_sure(step: Step) -> Option:
    """The answer for who does not know, in every language of the site."""
    taken = set(step.options.values_list("key", flat=True))
    label = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            label[code] = gettext("I’m not sure")
    return _append_option(step, free_name(NOT_SURE_KEY, taken, 50), label)


def _append_option(step: Step, key: str, label: dict[str, str]) -> Option:
    last = step.options.aggregate(Max("position"))["position__max"]
    return Option.objects.create(step=step, key=key, label=label, position=0 if last is None else last + 1)


def move_step(step: Step, to: int) -> None:
    """The step is the one with this index, counted from 0; those between have made room."""
    order = _order(step.version)
    order.remove(step.pk)
    order.insert(max(to, 0), step.pk)
    _number(Step, order)


def move_option(option: Option, by: int) -> None:
    order = list(option.step.options.values_list("pk", flat=True))
    place = order.index(option.pk)
    order.remove(option.pk)
    order.insert(max(place + by, 0), option.pk)
    _number(Option, order)


def _order(version: FlowVersion) -> list[int]:
    return list(version.steps.values_list("pk", flat=True))


def _number(model: type[Step] | type[Option], order: list[int]) -> None:
    places = dict(model._default_manager.filter(pk__in=order).values_list("pk", "position"))
    for position, pk in enumerate(order):
        if places[pk] != position:
            model._default_manager.filter(pk=pk).update(position=position)


def duplicate(step: Step) -> Step:
    """A copy right after the step, its options leading where those of the original lead."""
    original, options = step.pk, list(step.options.all())
    copy = Step.objects.get(pk=original)
    taken = set(copy.version.steps.values_list("slug", flat=True))
    copy.pk, copy._state.adding = None, True
    copy.slug = free_name(copy.slug, taken, 50)
    copy.save()
    for option in options:
        option.pk, option._state.adding, option.step = None, True, copy
        option.save()
    move_step(copy, to=_order(copy.version).index(original) + 1)
    return copy


@dataclass(frozen=True)
class Consequences:
    """What follows when a step is removed."""

    loose: list[str]  # the options that would lead nowhere, each with its step, by the words that they have
    lost: list[str]  # the steps that no customer could come to any more, in their order
    cases: list[str]  # the flow cases that would come elsewhere
    is_start: bool
    is_last_contact: bool


def consequences(graph: Graph, slug: str, cases: list[FlowCase]) -> Consequences:
    """What would follow if the step were removed."""
    without = graph_without(graph, slug)
    names = names_in(graph)
    leads_here = [
        f"{names[step.slug]}: {words_of(option.label) or option.key}"
        for step in without.steps.values()
        for option in graph.steps[step.slug].options
        if option.leads_to == slug
    ]
    still = without.reachable() if without.steps else set()
    ends_in_contact = [step.outcome == Outcome.CONTACT for step in without.outcomes()] if without.steps else []
    return Consequences(
        loose=leads_here,
        lost=[name for each, name in names.items() if each in graph.reachable() - still - {slug}],
        cases=changes(cases, graph, without),
        is_start=graph.start.slug == slug,
        is_last_contact=graph.steps[slug].outcome == Outcome.CONTACT and not any(ends_in_contact),
    )


def names_in(graph: Graph) -> dict[str, str]:
    """Each step's number and name as its page shows them, by its slug."""
    steps = enumerate(graph.steps.values(), 1)
    return {step.slug: f"{number}. {name_of(step.title, step.slug)}" for number, step in steps}


def graph_without(graph: Graph, slug: str) -> Graph:
    """The same flow without the step; what led to it leads nowhere."""
    return Graph.of(
        replace(
            step,
            options=tuple(
                replace(option, leads_to=None if option.leads_to == slug else option.leads_to)
                for option in step.options
            ),
        )
        for step in graph.steps.values()
        if step.slug != slug
    )


def title_of(step: Step) -> str:
    """Its words in whatever language it has, for a sentence about it."""
    return name_of(step.title, step.slug)


def words_of(label: Any) -> str:
    """The label as this editor reads it: in their language, else in one that it has."""
    return text(texts(label), current_language())


def place_of(step: Step) -> int:
    """Its index among the steps, counted from 0."""
    return _order(step.version).index(step.pk)
