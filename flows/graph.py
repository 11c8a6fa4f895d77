"""The rules of a flow: pure, no Django.  A graph of steps is walked with responses, and printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .waiting import NOT_KNOWN, Opening, Wait, WaitRule, read_response, wait

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
    """The keys of a date step's options: exactly these two, of which the date chooses one.

    Who does not know the date goes on as if it were due: nobody is sent to wait for a moment we cannot name.
    """

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
        if response == NOT_KNOWN:
            due = self.option(Due.DUE)
            return Taken(self, due, response) if due else None
        waited = wait(response, self.wait, now, opening) if self.wait else None
        option = self.option(Due.DUE if waited and waited.is_due else Due.TOO_EARLY)
        return Taken(self, option, response, waited) if waited and option else None

    def knows(self, response: str, now: datetime) -> bool:
        """Whether the response is one that this step may have been given."""
        if self.kind == Kind.DATE:
            return response == NOT_KNOWN or read_response(response, now) is not None
        return self.option(response) is not None


@dataclass(frozen=True)
class Taken:
    """A step of the trail with the option chosen there, by a customer or by the date they gave.

    A date step without a wait is one whose date they do not know.
    """

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

    def likely_topic(self, slug: str) -> str | None:
        """What most outcomes ahead of the step are about, of equals what most of all are; None if it is open."""
        reached = self.reachable(slug)
        topics = [(step.topic, step.slug in reached) for step in self.outcomes() if step.topic]
        ahead = Counter(topic for topic, is_ahead in topics if is_ahead)
        anywhere = Counter(topic for topic, _is_ahead in topics)
        ranks = {topic: (ahead[topic], anywhere[topic]) for topic in ahead}
        first = [topic for topic, rank in ranks.items() if rank == max(ranks.values())]
        return first[0] if len(first) == 1 else None

    def outline(self, language: str, *, texts: bool = False, say: Callable[[str], str] = str) -> str:
        """The flow as indented text: each step with its kind and title, below it where its options lead.

        With its texts it says everything that customers read, so that a comparison misses nothing.  `say` puts
        our own words, such as “question”, into the language of who reads it.
        """
        return "\n".join(self.outlines(language, texts=texts, say=say).values())

    def outlines(self, language: str, *, texts: bool = False, say: Callable[[str], str] = str) -> dict[str, str]:
        """The same step by step."""
        return {slug: "\n".join(_outline_of(step, language, texts, say)) for slug, step in self.steps.items()}

    def leads_to(self) -> dict[str, list[str]]:
        """Each step's slug → those of the steps that its options lead to."""
        return {slug: self.leads_to_of(slug) for slug in self.steps}

    def leads_to_of(self, slug: str) -> list[str]:
        options = self.steps[slug].options
        return [option.leads_to for option in options if option.leads_to and option.leads_to in self.steps]


def _outline_of(step: Step, language: str, texts: bool, say: Callable[[str], str]) -> Iterator[str]:
    words = ["urgent"] * step.is_urgent + [str(word) for word in (step.kind, step.outcome) if word]
    kind = " ".join(say(word) for word in words)
    points_at = [f"{say(name)} {key}" for name, key in (("topic", step.topic), ("article", step.article)) if key]
    yield f"{step.slug} ({', '.join([kind, *points_at])}): {text(step.title, language)}"
    if texts and (body := text(step.body, language)):
        yield from (f"    | {line}" for line in body.splitlines())
    if step.wait:
        amount = step.wait.fact or step.wait.amount
        wait, because = say("wait"), say("because")
        yield f"    {wait} {amount} {say(step.wait.unit)}, {because} {text(step.wait.reason, language)}"
    for option in step.options:
        label = f": {text(option.label, language)}" if any(option.label.values()) else ""
        yield f"    {option.key}{label} → {option.leads_to or '?'}"


def text(label: Label, language: str) -> str:
    """The label in the language, else in the first one it has."""
    return label.get(language) or next((words for words in label.values() if words), "")
