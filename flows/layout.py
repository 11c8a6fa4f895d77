"""Where the boxes of a map stand and how its lines run: pure, no Django.

Columns from left to right, by the longest way to each box.  A line that crosses columns has a lane in each, shared
by all lines to the same box, and bends only between columns: none runs through a box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .columns import LANE, SWEEPS, Box, Grid, Line, Link, Slot, in_columns, neighbours

MARGIN = 56
GUTTER = 76  # between two columns
GAP = 26  # between two boxes

Point = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """The left upper corner of each box, and the points of each line: it bends where both x and y change."""

    width: int
    height: int
    places: Mapping[str, Point]
    routes: Mapping[Line, Sequence[Point]]


def lay_out(boxes: Sequence[Box], lines: Sequence[Line]) -> Layout:
    """Everything has its place: no two boxes overlap, no line runs through a box; the first box is the start."""
    grid = in_columns(boxes, lines)
    tops = _tops(grid)
    rails = _Rails.of(grid)
    places = {slot.name: (rails.lefts[slot.column], top) for slot, top in tops.items() if not slot.is_lane}
    bottom = max((top + grid.height(slot) for slot, top in tops.items()), default=MARGIN // 2)
    routes = {line: _across(line, chain, grid, tops, rails) for line, chain in grid.chains.items()}
    round_about = [line for line in lines if line not in grid.chains]
    levels = {name: level for level, name in enumerate(dict.fromkeys(line.target for line in round_about))}
    for line in round_about:
        level = levels[line.target]
        routes[line] = _round(line, grid, places, bottom + GAP + LANE * level, 14 + 4 * (level % 6))
    height = bottom + bool(levels) * (GAP + LANE * len(levels)) + MARGIN // 2
    return Layout(rails.width, height, places, routes)


@dataclass(frozen=True)
class _Rails:
    """Where each column begins and ends."""

    lefts: Sequence[int]
    rights: Sequence[int]

    @classmethod
    def of(cls, grid: Grid) -> _Rails:
        lefts: list[int] = []
        rights: list[int] = []
        for column in grid.columns:
            lefts.append(rights[-1] + GUTTER if rights else MARGIN)
            rights.append(lefts[-1] + max(grid.boxes[slot.name].width for slot in column if not slot.is_lane))
        return cls(lefts, rights)

    @property
    def width(self) -> int:
        return (self.rights[-1] if self.rights else 0) + MARGIN


def _tops(grid: Grid) -> dict[Slot, int]:
    """How far down each slot begins, near to what it is linked with."""
    tops: dict[Slot, int] = {}
    for column in grid.columns:
        tops.update(_spread(column, grid, {}))
    before, after = neighbours(grid)
    for sweep in range(SWEEPS):
        if sweep % 2:
            for column in reversed(grid.columns):
                tops.update(_spread(column, grid, {slot: _ahead(after[slot], grid, tops) for slot in column}))
        else:
            for column in grid.columns:
                tops.update(_spread(column, grid, {slot: _behind(before[slot], grid, tops) for slot in column}))
    highest = min(tops.values(), default=0)
    return {slot: top - highest + MARGIN // 2 for slot, top in tops.items()}


def _ahead(links: Sequence[Link], grid: Grid, tops: Mapping[Slot, int]) -> float | None:
    """Where the links would be level, seen from what they leave."""
    near = [tops[link.target] + grid.arrives(link.target) - grid.leans(link) for link in links]
    return sum(near) / len(near) if near else None


def _behind(links: Sequence[Link], grid: Grid, tops: Mapping[Slot, int]) -> float | None:
    """The same, seen from what they lead to."""
    near = [tops[link.source] + grid.leans(link) - grid.arrives(link.target) for link in links]
    return sum(near) / len(near) if near else None


def _spread(column: Sequence[Slot], grid: Grid, wishes: Mapping[Slot, float | None]) -> dict[Slot, int]:
    """The column without overlaps, in its order, as near to the wishes as can be (pool adjacent violators)."""
    below, offset = {}, 0
    for slot in column:
        below[slot] = offset
        offset += grid.height(slot) + (0 if slot.is_lane else GAP)
    pools: list[tuple[float, int]] = []  # mean of what is wished, and of how many
    for slot in column:
        wish = wishes.get(slot)
        mean, size = 0.0 if wish is None else wish - below[slot], 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    shifts = (round(mean) for mean, size in pools for _ in range(size))
    return {slot: below[slot] + shift for slot, shift in zip(column, shifts, strict=True)}


def _across(
    line: Line, chain: Sequence[Slot], grid: Grid, tops: Mapping[Slot, int], rails: _Rails
) -> tuple[Point, ...]:
    """The line's points from column to column, straight through its lanes."""
    source, target, box = chain[0], chain[-1], grid.boxes[line.source]
    start = tops[source] + box.ports[line.port]
    points = [(rails.lefts[source.column] + box.width, start), (rails.rights[source.column], start)]
    for slot in chain[1:-1]:
        y = tops[slot] + LANE // 2
        points += [(rails.lefts[slot.column], y), (rails.rights[slot.column], y)]
    points.append((rails.lefts[target.column], tops[target] + grid.arrives(target)))
    return tuple(dict.fromkeys(points))


def _round(line: Line, grid: Grid, places: Mapping[str, Point], low: int, aside: int) -> tuple[Point, ...]:
    """The line's points where it goes down beside its column, below everything, and up again before its target."""
    (left, top), (end, top_of_target) = places[line.source], places[line.target]
    box, entry = grid.boxes[line.source], top_of_target + grid.boxes[line.target].entry
    start = top + box.ports[line.port]
    right = max(box.width + left for box, left in _column_of(line.source, grid, places)) + aside
    before = end - aside
    return ((left + box.width, start), (right, start), (right, low), (before, low), (before, entry), (end, entry))


def _column_of(name: str, grid: Grid, places: Mapping[str, Point]) -> list[tuple[Box, int]]:
    """The boxes in the column of this one, with where they begin."""
    left = places[name][0]
    return [(grid.boxes[other], x) for other, (x, _top) in places.items() if x == left]
