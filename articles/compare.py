"""The difference between two texts, word by word: as pieces, which templates escape and mark."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 1_500  # of one changed passage: the time of comparing grows with their square
MOST_LINES = 2_000
MOST_WORK = 20_000_000  # pairs of equal words or lines, times how often they may be gone through: some seconds
NEIGHBOURS = 2  # unchanged lines shown around a change

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Row:
    """A line as it was and as it is, in pieces; `is_gap` stands for unchanged lines that are left out."""

    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()
    is_gap: bool = False

    @property
    def has_changed(self) -> bool:
        return any(piece.kind != "same" for piece in (*self.old, *self.new))

    @property
    def both(self) -> list[Piece]:
        """The line with what is gone and what is new in one."""
        return _interleave(self.old, self.new)


def rows(old: str, new: str) -> list[Row]:
    """The lines of both texts side by side, unchanged ones only near a change; none where they are equal."""
    if old == new:
        return []
    return list(_without_far_ones(list(_rows(_lines(old), _lines(new)))))


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    matcher = _matcher(old, new, MOST_LINES)
    if matcher is None:
        yield Row(_pieces("gone", "\n".join(old)), _pieces("new", "\n".join(new)))
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (Row(_pieces("same", line), _pieces("same", line)) for line in old[a:b])
        else:
            yield from _changed(old[a:b], new[c:d])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Lines in the place of others: paired in their order, the rest by themselves."""
    paired = min(len(old), len(new))
    for before, after in zip(old, new, strict=False):
        yield Row(*_words(before, after))
    yield from (Row(_pieces("gone", line), ()) for line in old[paired:])
    yield from (Row((), _pieces("new", line)) for line in new[paired:])


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    matcher = _matcher(before, after, MOST_WORDS)
    if matcher is None:
        return _pieces("gone", old), _pieces("new", new)
    was: list[Piece] = []
    now: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        was += _pieces("same" if tag == "equal" else "gone", "".join(before[a:b]))
        now += _pieces("same" if tag == "equal" else "new", "".join(after[c:d]))
    return tuple(was), tuple(now)


def _matcher(old: Sequence[str], new: Sequence[str], most: int) -> SequenceMatcher[str] | None:
    """What compares them; None where that would take too long.

    Spaces and empty lines belong to what stands beside them: as words of their own, each is compared with each.
    """
    if max(len(old), len(new)) > most:
        return None
    counts = Counter(old)
    pairs = sum(counts[part] for part in new if not _is_blank(part))
    if pairs * min(len(old), len(new)) > MOST_WORK:
        return None
    return SequenceMatcher(_is_blank, old, new, autojunk=False)


def _is_blank(part: str) -> bool:
    return not part.strip()


def _pieces(kind: Kind, text: str) -> tuple[Piece, ...]:
    return (Piece(kind, text),) if text or kind != "same" else (Piece(kind, ""),)


def _interleave(old: Sequence[Piece], new: Sequence[Piece]) -> list[Piece]:
    """Both lines agree in their unchanged pieces; between two of them stands what is gone, then what is new."""
    made: list[Piece] = []
    later = list(new)
    for piece in old:
        if piece.kind == "same":
            while later and later[0].kind == "new":
                made.append(later.pop(0))
            if later:
                later.pop(0)
        made.append(piece)
    return [*made, *later]


def _without_far_ones(listed: Sequence[Row]) -> Iterator[Row]:
    near = {
        number + step
        for number, row in enumerate(listed)
        if row.has_changed
        for step in range(-NEIGHBOURS, NEIGHBOURS + 1)
    }
    was_left_out = False
    for number, row in enumerate(listed):
        if number in near:
            yield row
        elif not was_left_out:
            yield Row(is_gap=True)
        was_left_out = number not in near
