"""The rules of a flow: pure, no Django.  A graph of steps is walked with responses, checked and printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

Label = Mapping[str, str]  # language → text

# A step with such a slug could not be told from the flow's own parameters in the address.
RESERVED_SLUGS = frozenset({"continue", "moved", "was", "flow", "article", "category", "search", "topic"})


class Kind(StrEnum):
    QUESTION = "question"
    TRY = "try"
    OUTCOME = "outcome"


class Outcome(StrEnum):
    SOLVED = "solved"
    READ = "read"
    CONTACT = "contact"


class Tried(StrEnum):
    """The keys of a try step's options: exactly these three."""

    SOLVED = "solved"
    NOT_SOLVED = "not-solved"
    COULD_NOT = "could-not"


@dataclass(frozen=True)
class Option:
    """One answer to choose; `leads_to` is the slug of a step, None where the editor has not said yet."""

    key: str
    label: Label
    leads_to: str | None


@dataclass(frozen=True)
class Step:
    """One page of a flow.  `topic` and `article` are keys; only outcomes have them."""

    slug: str
    kind: Kind
    title: Label
    body: Label = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    outcome: Outcome | None = None
    topic: str | None = None
    article: str | None = None

    def option(self, key: str | None) -> Option | None:
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True)
class Taken:
    """A step of the trail with the option chosen there."""

    step: Step
    option: Option


@dataclass(frozen=True)
class Walk:
    """Where responses lead: the trail, the step it has come to, and the responses beyond that still may hold."""

    trail: tuple[Taken, ...]
    current: Step
    later: Mapping[str, str]

    @property
    def responses(self) -> dict[str, str]:
        """The responses of the trail, in its order."""
        return {taken.step.slug: taken.option.key for taken in self.trail}

    def responses_without(self, slug: str) -> dict[str, str]:
        """All responses but the step's own: what the address of *Change this answer* carries."""
        return {step: key for step, key in {**self.responses, **self.later}.items() if step != slug}


class Code(StrEnum):
    """What can be wrong with a flow; `flows.problems` says it in words."""

    EMPTY = "empty"
    RESERVED = "reserved"
    DEAD_END = "dead-end"
    LOST_OPTION = "lost-option"
    TRY_OPTIONS = "try-options"
    OUTCOME_OPTIONS = "outcome-options"
    NO_OUTCOME = "no-outcome"
    NO_TOPIC = "no-topic"
    NO_ARTICLE = "no-article"
    UNREACHABLE = "unreachable"
    LOOP = "loop"
    LABEL = "label"


@dataclass(frozen=True)
class Problem:
    """Something that stops publishing; `step` is the slug it is about (empty: the whole flow)."""

    code: Code
    step: str = ""
    about: str = ""


@dataclass(frozen=True)
class Graph:
    """The steps of one flow version; the first one is the start."""

    steps: Mapping[str, Step]

    @classmethod
    def of(cls, steps: Iterable[Step]) -> Graph:
        return cls({step.slug: step for step in steps})

    def is_same_as(self, other: Graph) -> bool:
        """Whether both have equal steps in the same order."""
        return list(self.steps.values()) == list(other.steps.values())

    @property
    def start(self) -> Step:
        return next(iter(self.steps.values()))

    def walk(self, responses: Mapping[str, str]) -> Walk:
        """Follow the responses from the start until one is missing or no longer holds; always ends."""
        trail: list[Taken] = []
        step, seen = self.start, {self.start.slug}
        while option := step.option(responses.get(step.slug)):
            following = self.steps.get(option.leads_to or "")
            if following is None or following.slug in seen:
                break
            trail.append(Taken(step, option))
            seen.add(following.slug)
            step = following
        later = {
            slug: responses[slug]
            for slug, other in self.steps.items()
            if slug in responses and slug not in seen and other.option(responses[slug])
        }
        return Walk(tuple(trail), step, later)

    def languages(self) -> set[str]:
        """The languages in which no label is missing."""
        spoken = {language for step in self.steps.values() for language in step.title}
        return {language for language in spoken if not any(self._missing_labels(language))}

    def reachable(self) -> set[str]:
        """The slugs of the steps that some customer can come to."""
        found, waiting = set(), [self.start.slug] if self.steps else []
        while waiting:
            slug = waiting.pop()
            if slug in found or slug not in self.steps:
                continue
            found.add(slug)
            waiting.extend(option.leads_to for option in self.steps[slug].options if option.leads_to)
        return found

    def outcomes(self) -> list[Step]:
        """The outcomes that some customer can come to."""
        reachable = self.reachable()
        return [step for step in self.steps.values() if step.kind == Kind.OUTCOME and step.slug in reachable]

    def problems(self, languages: Sequence[str] = ()) -> list[Problem]:
        """All that stops publishing, with the labels missing in `languages`; empty when it can be published."""
        if not self.steps:
            return [Problem(Code.EMPTY)]
        problems = [problem for step in self.steps.values() for problem in self._problems_at(step)]
        reachable = self.reachable()
        problems += [Problem(Code.UNREACHABLE, slug) for slug in self.steps if slug not in reachable]
        if loop := self._loop():
            problems.append(Problem(Code.LOOP, loop[0], " → ".join(loop)))
        return problems + [problem for language in languages for problem in self._missing_labels(language)]

    def outline(self, language: str, *, texts: bool = False) -> str:
        """The flow as indented text: each step with its kind and title, below it where its options lead.

        With its texts it says everything that customers read, so that a comparison misses nothing.
        """
        return "\n".join(line for step in self.steps.values() for line in _outline_of(step, language, texts))

    def _problems_at(self, step: Step) -> Iterator[Problem]:
        if step.slug in RESERVED_SLUGS:
            yield Problem(Code.RESERVED, step.slug)
        for option in step.options:
            if option.leads_to not in self.steps:
                yield Problem(Code.LOST_OPTION, step.slug, option.key)
        if step.kind == Kind.OUTCOME:
            yield from _problems_of_outcome(step)
        elif not step.options:
            yield Problem(Code.DEAD_END, step.slug)
        elif step.kind == Kind.TRY and {option.key for option in step.options} != set(Tried):
            yield Problem(Code.TRY_OPTIONS, step.slug)

    def _loop(self) -> list[str]:
        """The slugs of one loop, the first one again at the end; empty when there is none."""
        leads_to = {
            step.slug: [option.leads_to for option in step.options if option.leads_to in self.steps]
            for step in self.steps.values()
        }
        try:
            TopologicalSorter(leads_to).prepare()
        except CycleError as error:
            return list(reversed(error.args[1]))
        return []

    def _missing_labels(self, language: str) -> Iterator[Problem]:
        for step in self.steps.values():
            if not step.title.get(language):
                yield Problem(Code.LABEL, step.slug, f"title, {language}")
            if any(step.body.values()) and not step.body.get(language):
                yield Problem(Code.LABEL, step.slug, f"text, {language}")
            for option in step.options:
                is_given = step.kind == Kind.TRY and not any(option.label.values())
                if not is_given and not option.label.get(language):
                    yield Problem(Code.LABEL, step.slug, f"{option.key}, {language}")


def _problems_of_outcome(step: Step) -> Iterator[Problem]:
    if step.options:
        yield Problem(Code.OUTCOME_OPTIONS, step.slug)
    if step.outcome is None:
        yield Problem(Code.NO_OUTCOME, step.slug)
    if step.outcome == Outcome.CONTACT and not step.topic:
        yield Problem(Code.NO_TOPIC, step.slug)
    if step.outcome == Outcome.READ and not step.article:
        yield Problem(Code.NO_ARTICLE, step.slug)


def _outline_of(step: Step, language: str, texts: bool) -> Iterator[str]:
    kind = f"{step.kind} {step.outcome}" if step.outcome else str(step.kind)
    points_at = [f"topic {step.topic}"] * bool(step.topic) + [f"article {step.article}"] * bool(step.article)
    yield f"{step.slug} ({', '.join([kind, *points_at])}): {text(step.title, language)}"
    if texts and (body := text(step.body, language)):
        yield from (f"    | {line}" for line in body.splitlines())
    for option in step.options:
        label = f": {text(option.label, language)}" if any(option.label.values()) else ""
        yield f"    {option.key}{label} → {option.leads_to or '?'}"


def text(label: Label, language: str) -> str:
    """The label in the language, else in the first one it has."""
    return label.get(language) or next((words for words in label.values() if words), "")
