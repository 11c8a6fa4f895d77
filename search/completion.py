"""What somebody may be about to type: documents with words in title or keywords that begin so."""

from __future__ import annotations

from collections.abc import Sequence

from .analysis import fold, term
from .generation import KEYWORDS, TITLE, Generation
from .spelling import SHORTEST

MOST_WORDS = 200  # that one beginning is looked up for


def complete_words(generation: Generation, begun: Sequence[str]) -> list[int]:
    """Those with a word for each that was begun, more of them in the title first, then the shorter titles."""
    if not begun:
        return []
    holding = [_holding(generation, beginning) for beginning in begun]
    found = {number: sum(points[number] for points in holding) for number in set.intersection(*map(set, holding))}
    return sorted(found, key=lambda number: (-found[number], _length(generation, number), number))


def _holding(generation: Generation, beginning: str) -> dict[int, int]:
    """2 for those with such a word in the title, 1 for those with one in the keywords."""
    spelled = generation.completions(beginning) or _nearly(generation, beginning)
    wanted = dict.fromkeys(term(fold(word), generation.language) for word in spelled[:MOST_WORDS])
    found: dict[int, int] = {}
    for field, points in ((KEYWORDS, 1), (TITLE, 2)):
        for each in wanted:
            found.update(dict.fromkeys(generation.frequencies(field, each), points))
    return found


def _nearly(generation: Generation, beginning: str) -> list[str]:
    """Where nothing begins so: words near it, or whose beginning is near it."""
    if len(beginning) < SHORTEST:
        return []
    return generation.beginnings.begun(beginning)


def _length(generation: Generation, number: int) -> int:
    document = generation.documents[number]
    return document.lengths[1] if document else 0
