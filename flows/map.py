"""The map of a flow version: its steps as cards, joined by what leads where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .cards import WIDTH, Card, Remarks, cards
from .columns import Line
from .graph import Graph, Kind
from .layout import Point, lay_out

CUT = 12  # off the corners of a step to try


@dataclass(frozen=True)
class Placed:
    """A card where it stands."""

    card: Card
    left: int
    top: int

    @property
    def frame(self) -> str:
        """The outline, whose shape says the kind: cut corners for a try, square ones for a date."""
        radius = {Kind.QUESTION: 6, Kind.TRY: 0, Kind.DATE: 0, Kind.OUTCOME: 20}[self.card.step.kind]
        return _cut(self.card.height) if self.card.step.kind == Kind.TRY else _rounded(self.card.height, radius)


@dataclass(frozen=True)
class FlowMap:
    """What templates/admin/flows/_map.html draws."""

    width: int
    height: int
    placed: Sequence[Placed]
    lines: Sequence[str]  # paths

    @property
    def cards(self) -> list[Card]:
        return [placed.card for placed in self.placed]

    @property
    def has_problems(self) -> bool:
        """Whether there is anything to mend, or to think about."""
        return any(card.problems or card.warnings for card in self.cards)


def draw(graph: Graph, remarks: Remarks) -> FlowMap:
    """The picture of the graph, whatever is wrong with it, with what there is to remark on its steps."""
    made = cards(graph, remarks)
    joined = [
        Line(card.step.slug, port, row.leads_to)
        for card in made
        for port, row in enumerate(card.rows)
        if row.leads_to
    ]
    drawn = lay_out([card.box for card in made], joined)
    placed = [Placed(card, *drawn.places[card.step.slug]) for card in made]
    lines = dict.fromkeys(_path(drawn.routes[line]) for line in joined)
    return FlowMap(drawn.width, drawn.height, placed, list(lines))


def _path(points: Sequence[Point]) -> str:
    """The points as a path that bends gently where both x and y change."""
    (x, y), parts = points[0], []
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) // 2
        if x0 == x1 or y0 == y1:
            parts.append(f"L{x1} {y1}")
        else:
            parts.append(f"C{middle} {y0} {middle} {y1} {x1} {y1}")
    return f"M{x} {y}{''.join(parts)}"


def _rounded(height: int, radius: int) -> str:
    across, down, arc = WIDTH - 2 * radius, height - 2 * radius, f"a{radius} {radius} 0 0 1"
    right = f"h{across}{arc} {radius} {radius}v{down}{arc} -{radius} {radius}"
    return f"M{radius} 0{right}h-{across}{arc} -{radius} -{radius}v-{down}{arc} {radius} -{radius}z"


def _cut(height: int) -> str:
    return (
        f"M{CUT} 0H{WIDTH - CUT}L{WIDTH} {CUT}V{height - CUT}L{WIDTH - CUT} {height}H{CUT}L0 {height - CUT}V{CUT}z"
    )
