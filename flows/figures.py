"""What the counts of a flow version say: who came to each step, what they chose, where they left.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from .graph import Graph, Kind, Outcome, Step


class Counted(StrEnum):
    START = "start"
    ANSWER = "answer"
    HAND_OFF = "hand-off"


Row = tuple[str, str, str, int]  # what was counted, at which step, with which option, how often


@dataclass(frozen=True)
class Figures:
    """How many, by the slug of a step, or by that and the key of an option.

    Who comes by a saved link is counted from their first answer on, and who goes back by the browser's own button
    answers twice: so a step may have more answers than arrivals, and then nobody is said to have left there.
    """

    starts: int = 0
    arrived: Counter[str] = field(default_factory=Counter)
    chosen: Counter[tuple[str, str]] = field(default_factory=Counter)
    handed_off: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    @classmethod
    def of(cls, graph: Graph, rows: Iterable[Row]) -> Figures:
        counted = [(what, graph.steps[slug], key, count) for what, slug, key, count in rows if slug in graph.steps]
        found = cls(sum(count for what, _step, _key, count in counted if what == Counted.START))
        for what, step, key, count in counted:
            if what == Counted.START:
                found.arrived[step.slug] += count
            elif what == Counted.HAND_OFF:
                found.handed_off[step.slug] += count
            elif option := step.option(key):
                found.chosen[step.slug, key] += count
                found.arrived[option.leads_to or ""] += count
        for step in graph.steps.values():
            if step.outcome:
                found.outcomes[step.outcome] += found.arrived[step.slug]
            if step.kind != Kind.OUTCOME:
                found.left[step.slug] = max(0, found.arrived[step.slug] - found._went_on(step))
        return found

    def _went_on(self, step: Step) -> int:
        return self.handed_off[step.slug] + sum(self.chosen[step.slug, option.key] for option in step.options)

    def __bool__(self) -> bool:
        return bool(self.starts or self.chosen or self.handed_off)

    def share_left(self, slug: str) -> int:
        """In percent of those who came to the step."""
        return round(100 * self.left[slug] / self.arrived[slug]) if self.arrived[slug] else 0
