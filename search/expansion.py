"""What may be meant by a word of a question besides itself: synonyms, and known words near an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from .analysis import Question, asked_words, is_filler, term
from .generation import Generation
from .ranking import impacts

Way = tuple[str, ...]  # terms
TOGETHER = 2.0  # how much likelier a word is that stands in a text with another word of the question


def stand_ins(question: Question, groups: Iterable[Sequence[str]], language: str) -> dict[str, list[Way]]:
    """For words of the question the terms that may stand for them; the entries of a group mean the same."""
    found: dict[str, list[Way]] = {}
    asked = tuple(term(word, language) for word in question.sequence)
    for group in groups:
        ways = _ways(tuple(group), language)
        for way in ways:
            for at in _places(asked, way):
                for word in question.sequence[at : at + len(way)]:
                    found.setdefault(word, []).extend(other for other in ways if other != way)
    return found


@lru_cache(maxsize=2000)
def _ways(group: tuple[str, ...], language: str) -> tuple[Way, ...]:
    ways = (tuple(term(word, language) for word in asked_words(entry)) for entry in group)
    return tuple(dict.fromkeys(way for way in ways if way))


def _places(asked: Way, way: Way) -> list[int]:
    return [at for at in range(len(asked) - len(way) + 1) if asked[at : at + len(way)] == way]


def corrections(generation: Generation, question: Question, understood: Iterable[str]) -> dict[str, str]:
    """For each word that nothing holds, the word that was probably meant; `understood` are left alone."""
    known = {word: generation.knows(term(word, generation.language)) for word in question.words}
    language = generation.language
    unknown = [
        word
        for word, is_known in known.items()
        if not (is_known or word in understood or is_filler(word, language))
    ]
    context: set[int] = set()
    for word, is_known in known.items():
        if is_known:
            context.update(_holders(generation, word))
    found = {}
    for word in unknown:
        candidates = generation.vocabulary.candidates(word)
        if candidates:
            best = max(
                candidates,
                key=lambda one: (
                    one.worth + (TOGETHER if context.intersection(_holders(generation, one.folded)) else 0.0)
                ),
            )
            found[word] = best.spelled
    return found


def _holders(generation: Generation, word: str) -> Iterable[int]:
    return impacts(generation, term(word, generation.language))[0]
