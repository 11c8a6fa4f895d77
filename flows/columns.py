"""The columns of a map, and the order of what stands in each: pure, no Django.

Layers by the longest way, lanes for lines that cross columns, barycentres against crossings.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

LANE = 18  # the height that a lane takes
FARTHEST = 24  # columns; a line that goes farther, or back, has no lanes
SWEEPS = 6


@dataclass(frozen=True)
class Box:
    """Something with a size.  Lines leave on its right, each at its port, and arrive on its left at the entry."""

    name: str
    width: int
    height: int
    entry: int
    ports: tuple[int, ...] = ()  # below its top, as the entry


@dataclass(frozen=True)
class Line:
    source: str
    port: int
    target: str


@dataclass(frozen=True)
class Slot:
    """A box in its column, or the lane of the lines to a box in a column before its own."""

    name: str
    column: int
    is_lane: bool = False


@dataclass
class Link:
    """From a slot to one in the next column."""

    source: Slot
    target: Slot
    port: int = 0


@dataclass
class Grid:
    """The columns with what stands in them, and what is linked; `chains` are the slots of each line."""

    boxes: Mapping[str, Box]
    columns: list[list[Slot]]
    chains: dict[Line, list[Slot]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def height(self, slot: Slot) -> int:
        return LANE if slot.is_lane else self.boxes[slot.name].height

    def arrives(self, slot: Slot) -> int:
        """How far below its slot's top a line comes in."""
        return LANE // 2 if slot.is_lane else self.boxes[slot.name].entry

    def leans(self, link: Link) -> float:
        """The same for one that leaves, as if all ports stood about the entry: what follows is level."""
        if link.source.is_lane:
            return LANE // 2
        box = self.boxes[link.source.name]
        return box.entry + box.ports[link.port] - sum(box.ports) / len(box.ports)


def in_columns(boxes: Sequence[Box], lines: Sequence[Line]) -> Grid:
    """Each box in its column, each column in an order with few crossings; lines without a chain go round.

    The same for the same boxes and lines, loops and boxes that no line leads to included.
    """
    by_name = {box.name: box for box in boxes}
    forward = _without_loops(by_name, lines)
    column_of = _columns(by_name, forward)
    grid = _grid(by_name, column_of, [line for line in forward if _span(line, column_of) <= FARTHEST])
    _untangle(grid)
    return grid


def _span(line: Line, column_of: Mapping[str, int]) -> int:
    return column_of[line.target] - column_of[line.source]


def _without_loops(boxes: Mapping[str, Box], lines: Iterable[Line]) -> list[Line]:
    """The lines but those that lead back to a box on the way to them."""
    leaving: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        leaving[line.source].append(line)
    forward, on_the_way, done = [], set[str](), set[str]()
    for name in boxes:
        waiting: list[tuple[str, Iterator[Line]]] = [] if name in done else [(name, iter(leaving[name]))]
        on_the_way.update(start for start, _ in waiting)
        while waiting:
            current, ahead = waiting[-1]
            found = next(ahead, None)
            if found is None:
                waiting.pop()
                on_the_way.discard(current)
                done.add(current)
            elif found.target not in on_the_way:
                forward.append(found)
                if found.target not in done:
                    on_the_way.add(found.target)
                    waiting.append((found.target, iter(leaving[found.target])))
    return forward


def _columns(boxes: Mapping[str, Box], forward: Iterable[Line]) -> dict[str, int]:
    """One column after the last that leads there; a stray box stands just before what it leads to."""
    before: dict[str, list[str]] = {name: [] for name in boxes}
    after: dict[str, list[str]] = {name: [] for name in boxes}
    for line in forward:
        before[line.target].append(line.source)
        after[line.source].append(line.target)
    found: dict[str, int] = {}
    for name in TopologicalSorter(before).static_order():
        found[name] = max((found[source] + 1 for source in before[name]), default=0)
    for name in list(boxes)[1:]:
        if not before[name] and after[name]:
            found[name] = min(found[target] for target in after[name]) - 1
    return found


def _grid(boxes: Mapping[str, Box], column_of: Mapping[str, int], lines: Iterable[Line]) -> Grid:
    grid = Grid(boxes, [[] for _ in range(max(column_of.values(), default=-1) + 1)])
    for name in boxes:
        grid.columns[column_of[name]].append(Slot(name, column_of[name]))
    seen: set[tuple[Slot, Slot, int]] = set()
    for line in lines:
        first, last = column_of[line.source], column_of[line.target]
        lanes = [Slot(line.target, column, is_lane=True) for column in range(first + 1, last)]
        chain = [Slot(line.source, first), *lanes, Slot(line.target, last)]
        grid.chains[line] = chain
        for source, target in zip(chain, chain[1:], strict=False):
            port = 0 if source.is_lane else line.port
            if (source, target, port) not in seen:
                seen.add((source, target, port))
                grid.links.append(Link(source, target, port))
    order = {name: number for number, name in enumerate(boxes)}
    known = {slot for link in grid.links for slot in (link.source, link.target) if slot.is_lane}
    for slot in sorted(known, key=lambda slot: (slot.column, order[slot.name])):
        grid.columns[slot.column].append(slot)
    return grid


def _untangle(grid: Grid) -> None:
    """Each column is in the order of what it is linked with: of all tried, the one that crosses least."""
    before, after = neighbours(grid)
    places = _places(grid)
    best, fewest = [list(column) for column in grid.columns], _crossings(grid)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        is_back = sweep % 2 == 1
        for column in reversed(grid.columns) if is_back else grid.columns:
            _sort(column, grid, after if is_back else before, places, is_back)
        if (crossings := _crossings(grid)) < fewest:
            best, fewest = [list(column) for column in grid.columns], crossings
    grid.columns[:] = best


def neighbours(grid: Grid) -> tuple[dict[Slot, list[Link]], dict[Slot, list[Link]]]:
    before: dict[Slot, list[Link]] = defaultdict(list)
    after: dict[Slot, list[Link]] = defaultdict(list)
    for link in grid.links:
        before[link.target].append(link)
        after[link.source].append(link)
    return before, after


def _sort(
    column: list[Slot], grid: Grid, links: Mapping[Slot, list[Link]], places: dict[Slot, int], is_back: bool
) -> None:
    """The column by the means of the places it is linked with; what has no link stays about where it is."""
    means = {}
    for place, slot in enumerate(column):
        near = links.get(slot, ())
        ends = [places[link.target] if is_back else places[link.source] + _part(link, grid) for link in near]
        means[slot] = sum(ends) / len(ends) if ends else float(place)
    column.sort(key=means.__getitem__)
    places.update((slot, place) for place, slot in enumerate(column))


def _places(grid: Grid) -> dict[Slot, int]:
    return {slot: place for column in grid.columns for place, slot in enumerate(column)}


def _part(link: Link, grid: Grid) -> float:
    """Which of its box's ports it leaves by, from 0 to less than 1."""
    return 0.0 if link.source.is_lane else link.port / len(grid.boxes[link.source.name].ports)


def _crossings(grid: Grid) -> int:
    places = _places(grid)
    between: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for link in grid.links:
        between[link.source.column].append((places[link.source] + _part(link, grid), places[link.target]))
    count = 0
    for pairs in between.values():
        passed: list[int] = []
        for _start, end in sorted(pairs):
            count += len(passed) - bisect_right(passed, end)
            insort(passed, end)
    return count
