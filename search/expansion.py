"""What may be meant by a word of a question besides itself: synonyms, and known words near an unknown one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from .analysis import Question, asked_words, is_filler, term
from .generation import Generation
from .ranking import impacts
from .spelling import Candidate

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
    found = {word: generation.vocabulary.candidates(word) for word in unknown}
    return {
        word: _likeliest(generation, candidates, known).spelled for word, candidates in found.items() if candidates
    }


def _likeliest(generation: Generation, candidates: Sequence[Candidate], known: Mapping[str, bool]) -> Candidate:
    """The one that is near in spelling and stands in texts with the other words of the question."""
    others = [word for word, is_known in known.items() if is_known]
    if len(candidates) == 1 or not others:
        return candidates[0]
    context: set[int] = set().union(*(_holders(generation, word) for word in others))

    def worth(one: Candidate) -> float:
        return one.worth + (0.0 if context.isdisjoint(_holders(generation, one.folded)) else TOGETHER)

    return max(candidates, key=worth)


def _holders(generation: Generation, word: str) -> Iterable[int]:
    return impacts(generation, term(word, generation.language))[0]
