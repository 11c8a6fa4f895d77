"""Which known word somebody meant who typed an unknown one.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .analysis import fold

SHORTEST = 4  # letters; below that nearly every word is near another one
FROM_TWO_EDITS = 8

# What a slip of the finger costs, in natural logarithms of probability: letters left out, doubled or swapped are
# the usual ones, a wrong letter is one of many.
USUAL, WRONG_LETTER, EXTRA_LETTER, WRONG_START = 0.0, 1.5, 2.5, 2.0
SECOND_EDIT = 4.0
USUALNESS = 0.35  # people ask for rare things too: how often a word occurs counts less than the slip


@dataclass(frozen=True)
class Candidate:
    folded: str
    spelled: str
    worth: float  # the greater, the more likely


class Vocabulary:
    """Words with the number of documents that hold each."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self._spelled: dict[str, tuple[str, int]] = {}
        for spelled, frequency in frequencies.items():
            folded = fold(spelled)
            known = self._spelled.get(folded, ("", 0))
            best = spelled if frequency > known[1] or not known[0] else known[0]
            self._spelled[folded] = best, known[1] + frequency
        self._by_length: dict[int, list[str]] = {}
        for folded in self._spelled:
            if not folded.isdecimal():
                self._by_length.setdefault(len(folded), []).append(folded)

    def candidates(self, word: str, most: int = 5) -> list[Candidate]:
        """What may have been meant by the folded word, likeliest first; nothing for short words and numbers."""
        if len(word) < SHORTEST or any(character.isdecimal() for character in word):
            return []
        for edits in (1, 2) if len(word) >= FROM_TWO_EDITS else (1,):
            if found := self._within(word, edits):
                return sorted(found, key=lambda candidate: -candidate.worth)[:most]
        return []

    def begun(self, beginning: str, most: int = 5) -> list[str]:
        """The words of which the beginning, or the whole, is one slip away from this (folded) one."""
        length = len(beginning)
        starts: dict[str, list[str]] = {}
        for known in self._spelled:
            if known[0] == beginning[0]:
                starts.setdefault(known[: length + 1], []).append(known)
        near = process.extract(
            beginning, [start[:length] for start in starts], scorer=OSA.distance, score_cutoff=1, limit=None
        )
        positions = list(starts)
        found = {known for _start, _distance, at in near for known in starts[positions[at]]}
        found.update(candidate.folded for candidate in self.candidates(beginning))
        ranked = sorted(found, key=lambda known: (slip(beginning, known[:length]), -self._spelled[known][1]))
        return [self._spelled[known][0] for known in ranked[:most]]

    def _within(self, word: str, edits: int) -> list[Candidate]:
        near = []
        for length in range(len(word) - edits, len(word) + edits + 1):
            near += process.extract(
                word, self._by_length.get(length, []), scorer=OSA.distance, score_cutoff=edits, limit=None
            )
        return [
            Candidate(
                known, self._spelled[known][0], USUALNESS * log(1 + self._spelled[known][1]) - slip(word, known)
            )
            for known, _distance, _position in near
        ]


def slip(typed: str, meant: str) -> float:
    """How unlikely it is to type the one for the other."""
    start = WRONG_START if typed[0] != meant[0] else 0.0
    if OSA.distance(typed, meant) > 1:
        return start + SECOND_EDIT
    if len(typed) == len(meant):
        return start + (USUAL if sorted(typed) == sorted(meant) else WRONG_LETTER)
    if len(typed) > len(meant):
        return start + (USUAL if _undoubled(typed) == _undoubled(meant) else EXTRA_LETTER)
    return start + USUAL


def _undoubled(word: str) -> str:
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])
