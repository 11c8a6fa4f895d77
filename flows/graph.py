"""The rules of a flow: pure, no Django.  A graph of steps is walked with responses, checked and printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter

from .waiting import Opening, Wait, WaitRule, read_response, wait

Label = Mapping[str, str]  # language → text

# A step with such a slug could not be told from the flow's own parameters in the address.
RESERVED_SLUGS = frozenset(
    {"continue", "moved", "was", "flow", "urgent", "article", "category", "search", "topic"}
)


class Kind(StrEnum):
    QUESTION = "question"
    TRY = "try"
    DATE = "date"
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


class Due(StrEnum):
    """The keys of a date step's options: exactly these two, of which the date chooses one."""

    TOO_EARLY = "too-early"
    DUE = "due"


ALWAYS = Opening()


@dataclass(frozen=True)
class Option:
    """One answer to choose; `leads_to` is the slug of a step, None where the editor has not said yet."""

    key: str
    label: Label
    leads_to: str | None


@dataclass(frozen=True)
class Step:
    """One page of a flow.  `topic` and `article` are keys, and only outcomes have them; `wait` and `detail` are a
    date step's: its rule, and the key of the detail that its date is.
    """

    slug: str
    kind: Kind
    title: Label
    body: Label = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    outcome: Outcome | None = None
    topic: str | None = None
    article: str | None = None
    wait: WaitRule | None = None
    detail: str | None = None
    is_urgent: bool = False

    def option(self, key: str | None) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    def take(self, response: str, now: datetime, opening: Opening = ALWAYS) -> Taken | None:
        """The step with what the response chooses; None where it holds no longer, as a date to come."""
        if self.kind != Kind.DATE:
            option = self.option(response)
            return Taken(self, option, response) if option else None
        waited = wait(response, self.wait, now, opening) if self.wait else None
        option = self.option(Due.DUE if waited and waited.is_due else Due.TOO_EARLY)
        return Taken(self, option, response, waited) if waited and option else None

    def knows(self, response: str, now: datetime) -> bool:
        """Whether the response is one that this step may have been given."""
        if self.kind == Kind.DATE:
            return read_response(response, now) is not None
        return self.option(response) is not None


@dataclass(frozen=True)
class Taken:
    """A step of the trail with the option chosen there, by a customer or by the date they gave."""

    step: Step
    option: Option
    response: str  # as it stands in the address
    wait: Wait | None = None


@dataclass(frozen=True)
class Walk:
    """Where responses lead: the trail, the step it has come to, and the responses beyond that still may hold."""

    trail: tuple[Taken, ...]
    current: Step
    later: Mapping[str, str]

    @property
    def responses(self) -> dict[str, str]:
        """The responses of the trail, in its order."""
        return {taken.step.slug: taken.response for taken in self.trail}

    @property
    def too_early(self) -> Taken | None:
        """The date just given, where it is too early to contact us about it."""
        last = self.trail[-1] if self.trail else None
        return last if last and last.wait and not last.wait.is_due else None

    @property
    def has_dates(self) -> bool:
        """Whether the walk may lead elsewhere tomorrow."""
        return self.current.kind == Kind.DATE or any(taken.wait for taken in self.trail)

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


# What `Graph.warnings` tells: customers get through, and could get through better.
WARNINGS = frozenset({Code.NOT_SURE, Code.MANY_OPTIONS, Code.LONG_PATH})
MOST_OPTIONS = 7
LONGEST_PATH = 10  # steps
NOT_SURE = ("not-sure", "cannot-")  # how the key of an answer begins that needs no knowledge


@dataclass(frozen=True)
class Problem:
    """Something that stops publishing, or a warning; `step` is the slug it is about (empty: the whole flow)."""

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

    def walk(self, responses: Mapping[str, str], now: datetime, opening: Opening = ALWAYS) -> Walk:
        """Follow the responses from the start until one is missing or no longer holds; always ends.

        `now` is aware, in the site's time zone; a date without a time counts from its end there.
        """
        trail: list[Taken] = []
        step, seen = self.start, {self.start.slug}
        while taken := step.take(responses.get(step.slug, ""), now, opening):
            following = self.steps.get(taken.option.leads_to or "")
            if following is None or following.slug in seen:
                break
            trail.append(taken)
            seen.add(following.slug)
            step = following
        later = {
            slug: responses[slug]
            for slug, other in self.steps.items()
            if slug in responses and slug not in seen and other.knows(responses[slug], now)
        }
        return Walk(tuple(trail), step, later)

    def languages(self) -> set[str]:
        """The languages in which no label is missing."""
        spoken = {language for step in self.steps.values() for language in step.title}
        return {language for language in spoken if not any(self._missing_labels(language))}

    def reachable(self, *starts: str) -> set[str]:
        """The slugs of the steps that some customer can come to, from these or from the start."""
        found, waiting = set(), list(starts or [self.start.slug] * bool(self.steps))
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
        problems += [Problem(Code.URGENT_WAIT, slug) for slug in self._urgent_after_a_wait()]
        if loop := self._loop():
            problems.append(Problem(Code.LOOP, loop[0], " → ".join(loop)))
        if not any(step.outcome == Outcome.CONTACT for step in self.outcomes()):
            problems.append(Problem(Code.NO_CONTACT))
        return problems + [problem for language in languages for problem in self._missing_labels(language)]

    def warnings(self) -> list[Problem]:
        """What does not stop publishing, and would be easier on customers otherwise."""
        found = []
        for step in self.steps.values():
            if step.kind == Kind.QUESTION and not any(option.key.startswith(NOT_SURE) for option in step.options):
                found.append(Problem(Code.NOT_SURE, step.slug))
            if len(step.options) > MOST_OPTIONS:
                found.append(Problem(Code.MANY_OPTIONS, step.slug, str(len(step.options))))
        if (path := self.longest_path()) and len(path) > LONGEST_PATH:
            found.append(Problem(Code.LONG_PATH, path[LONGEST_PATH], str(len(path))))
        return found

    def longest_path(self) -> list[str]:
        """The slugs of the most steps that a customer can meet; empty where there is a loop, or no step."""
        beyond: dict[str, list[str]] = {}
        try:
            for slug in TopologicalSorter(self.leads_to()).static_order():
                following = max((beyond[each] for each in self._leads_to_of(slug)), key=len, default=[])
                beyond[slug] = [slug, *following]
        except CycleError:
            return []
        return beyond[self.start.slug] if self.steps else []

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
        elif step.kind == Kind.DATE and {option.key for option in step.options} != set(Due):
            yield Problem(Code.DATE_OPTIONS, step.slug)
        if step.kind == Kind.DATE and not (step.wait and step.wait.is_sound):
            yield Problem(Code.NO_WAIT, step.slug)
        if step.is_urgent and step.outcome != Outcome.CONTACT:
            yield Problem(Code.URGENT_END, step.slug)

    def _urgent_after_a_wait(self) -> list[str]:
        """The urgent steps behind a date: safety has no wait rule."""
        dates = [step.slug for step in self.steps.values() if step.kind == Kind.DATE]
        behind = self.reachable(*dates) if dates else set()
        return [slug for slug, step in self.steps.items() if step.is_urgent and slug in behind]

    def _loop(self) -> list[str]:
        """The slugs of one loop, the first one again at the end; empty when there is none."""
        try:
            TopologicalSorter(self.leads_to()).prepare()
        except CycleError as error:
            return list(reversed(error.args[1]))
        return []

    def leads_to(self) -> dict[str, list[str]]:
        """Each step's slug → those of the steps that its options lead to."""
        return {slug: self._leads_to_of(slug) for slug in self.steps}

    def _leads_to_of(self, slug: str) -> list[str]:
        options = self.steps[slug].options
        return [option.leads_to for option in options if option.leads_to and option.leads_to in self.steps]

    def _missing_labels(self, language: str) -> Iterator[Problem]:
        for step in self.steps.values():
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


def _outline_of(step: Step, language: str, texts: bool) -> Iterator[str]:
    kind = " ".join(["urgent"] * step.is_urgent + [str(word) for word in (step.kind, step.outcome) if word])
    points_at = [f"topic {step.topic}"] * bool(step.topic) + [f"article {step.article}"] * bool(step.article)
    yield f"{step.slug} ({', '.join([kind, *points_at])}): {text(step.title, language)}"
    if texts and (body := text(step.body, language)):
        yield from (f"    | {line}" for line in body.splitlines())
    if step.wait:
        amount = step.wait.fact or step.wait.amount
        yield f"    wait {amount} {step.wait.unit}, because {text(step.wait.reason, language)}"
    for option in step.options:
        label = f": {text(option.label, language)}" if any(option.label.values()) else ""
        yield f"    {option.key}{label} → {option.leads_to or '?'}"


def text(label: Label, language: str) -> str:
    """The label in the language, else in the first one it has."""
    return label.get(language) or next((words for words in label.values() if words), "")
