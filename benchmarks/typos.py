"""Slips of the finger, the same every time."""

from __future__ import annotations

import random
import re

LETTERS = "aeiourst"
SHORTEST = 5


def misspelt(query: str, chance: random.Random) -> str:
    """The query with one slip in its longest word, if that has five letters or more.

    At a random inner position a letter is left out, swapped with the next one, doubled or replaced.
    """
    word = max(re.findall(r"[^\W\d_]+", query), key=len, default="")
    if len(word) < SHORTEST:
        return query
    at = chance.randrange(1, len(word) - 1)
    start, letter, after, rest = word[:at], word[at], word[at + 1], word[at + 2 :]
    slips = (
        start + after + rest,
        start + after + letter + rest,
        start + letter + letter + after + rest,
        start + chance.choice(LETTERS.replace(letter, "")) + after + rest,
    )
    return query.replace(word, chance.choice(slips), 1)
