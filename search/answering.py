"""What a question may mean: its words are mended, given others that mean the same, and ranked.

Reads a generation and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .analysis import Question, asked_words, replaced, term
from .expansion import corrections, stand_ins
from .generation import Generation
from .ranking import concepts, impacts, rank

EVIDENCE = 20

Groups = Sequence[tuple[str, ...]]  # of words that mean the same

Reference = tuple[str, int]  # model label and primary key: ("articles.translation", 7)


@dataclass(frozen=True)
class Answer:
    """What a question may mean, best first.  The index may be stale: who shows these asks the database first."""

    references: list[Reference] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)  # from 0 to 1: how much of what is asked each one says
    corrected: str = ""  # the question that was answered instead
    # A few of those that hold each word it was corrected by: one that is in hidden texts only must not be told.
    evidence: list[list[Reference]] = field(default_factory=list)


@dataclass(frozen=True)
class Ranked:
    """Documents by number, best first, and what was asked in the end."""

    numbers: list[int]
    scores: list[float] = field(default_factory=list)
    said: str = ""
    question: Question = Question()
    told: Collection[str] = ()  # terms that nobody typed


def answered(current: Generation, asked: str, groups: Groups, *, is_exact: bool) -> Answer:
    """All that is known about what the question means; `is_exact`: no word is replaced by another one."""
    found = ranked(current, asked, groups, is_exact=is_exact)
    return Answer(
        references=[reference(current, number) for number in found.numbers],
        scores=found.scores,
        corrected=found.said,
        evidence=[
            [reference(current, number) for number in impacts(current, wanted)[0][:EVIDENCE]]
            for wanted in found.told
        ],
    )


def ranked(current: Generation, asked: str, groups: Groups, *, is_exact: bool) -> Ranked:
    """Documents that answer it; an empty question asks for everything."""
    language = current.language
    if not asked:
        return Ranked(numbers=[n for n, found in enumerate(current.documents) if found])
    question = Question.of(asked, language)
    others = stand_ins(question, groups, language)
    mended = {} if is_exact else corrections(current, question, others)
    said = replaced(asked, mended) if mended else ""
    if mended:
        question = Question.of(said, language)
        others = stand_ins(question, groups, language)
    told = _terms(mended, language)
    guessed = _terms({wrong: right for wrong, right in mended.items() if wrong[0] != right[0]}, language)
    hits = rank(current, concepts(current, question.words, others, guessed), question)
    return Ranked([hit.number for hit in hits], [hit.answers for hit in hits], said, question, told)


def reference(current: Generation, number: int) -> Reference:
    found = current.documents[number]
    label, _dot, pk = found.identifier.rpartition(".") if found else ("", "", "0")
    return label, int(pk)


def _terms(mended: Mapping[str, str], language: str) -> set[str]:
    """Those that stand where others were typed."""
    return {term(word, language) for right in mended.values() for word in asked_words(right)}
