"""Which documents answer a question best.  Reads a generation and nothing else.

Each word of the question adds to a document what it says about it: BM25 over the whole text, and once more over
the title and over the keywords.  The best are then looked at more closely: how much of the title or of a line of
keywords the question covers, and which words stand side by side in both.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from .analysis import Question, filler_terms, term, terms
from .generation import FIELDS, KEYWORDS, TEXT, TITLE, Document, Generation, Postings

K1 = 1.5
# How much a field counts, and how much its length is held against it.
BOOSTS = {TEXT: (1.0, 0.75), TITLE: (1.0, 0.7), KEYWORDS: (1.0, 0.5)}
FILLER = 0.8  # “how do I” says what kind of question it is, in titles and keywords
COVERED = 0.5
SIDE_BY_SIDE = 0.3
# How much it counts for its place that a document holds all words of a short question.  In a long one many words
# are there by chance.
TOGETHER, FEW_WORDS = 0.2, 4
# Whether a document answers at all: a rare word says more than its share, and even a common one something; what
# one can say is at most its weight in each field.  A single word that both share of several says less, and so does
# one that was mended in its first letter, where people seldom slip: “jeans” are no “means”.
RARER, COMMON, ALONE, GUESSED = 1.5, 0.35, 0.6, 0.5
MAY_ANSWER = 20  # of the best hits
FEW_DOCUMENTS = 12  # among fewer, how many hold a word says nothing about it: each hit counts as an answer
SYNONYM = 0.8
LOOKED_AT = 50
WEAK = 0.2  # of the best score; what scores less is no result
PHRASES_LOOKED_UP = 200
NOTHING: Postings = array("L"), array("d")


@dataclass(frozen=True)
class Concept:
    """One word of a question, or what stands for it; the best of its ways counts."""

    weight: float
    ways: tuple[tuple[tuple[str, ...], float], ...]  # terms that must all be there, and their worth
    is_guessed: bool = False


@dataclass(frozen=True)
class Hit:
    number: int
    answers: float  # from 0 to 1: how much of what is asked the document says; of the best MAY_ANSWER


def concepts(
    generation: Generation,
    words: Iterable[str],
    stand_ins: dict[str, list[tuple[str, ...]]],
    guessed: Collection[str] = (),
) -> list[Concept]:
    """What the (folded) words mean; `stand_ins` are other words for one, `guessed` perhaps not meant; as terms."""
    found = {}
    for word in words:
        own = term(word, generation.language)
        ways: list[tuple[tuple[str, ...], float]] = [((own,), 1.0)] if generation.knows(own) else []
        ways += [(way, SYNONYM) for way in stand_ins.get(word, ()) if all(map(generation.knows, way))]
        weight = generation.weight(own if generation.knows(own) or not ways else ways[0][0][0])
        found[own] = Concept(weight, tuple(ways), own in guessed)
    return list(found.values())


def rank(generation: Generation, asked: Sequence[Concept], question: Question) -> list[Hit]:
    """The documents, best first; how well one answers is not quite its place among the others."""
    found = [(concept, _of_concept(generation, concept)) for concept in asked]
    scores: defaultdict[int, float] = defaultdict(float)
    held: defaultdict[int, float] = defaultdict(float)
    total = sum(concept.weight for concept in asked) or 1.0
    for concept, (numbers, values) in found:
        share = concept.weight / total
        for number, value in zip(numbers, values, strict=True):
            scores[number] += value
            held[number] += share
    if len(asked) <= FEW_WORDS:
        for number in scores:
            scores[number] *= 1 - TOGETHER + TOGETHER * held[number]
    for filler in question.fillers:
        for number, value in zip(
            *impacts(generation, term(filler, generation.language), only_named=True), strict=True
        ):
            if number in scores:
                scores[number] += FILLER * value
    if question.phrases:
        _keep_phrases(generation, scores, question.phrases)
    if not scores:
        return []
    is_bare = len(found) == 2 and not question.fillers
    ordered = [number for number, _score in _closely(generation, scores, question)]
    return [
        Hit(number, _answers(generation, found, number, is_bare) if place < MAY_ANSWER else 0.0)
        for place, number in enumerate(ordered)
    ]


def _answers(
    generation: Generation, found: Sequence[tuple[Concept, Postings]], number: int, is_bare: bool
) -> float:
    """How much of what is asked the document says; two bare words, “return lipstick”, count the same."""
    if generation.count < FEW_DOCUMENTS:
        return 1.0
    said = total = 0.0
    met = 0
    for concept, postings in found:
        value = _value_of(postings, number)
        worth = 1.0 if is_bare else max(concept.weight, COMMON * generation.rarest) ** RARER
        total += worth
        sure = GUESSED if concept.is_guessed else 1.0
        said += sure * worth * min(1.0, value / (len(FIELDS) * concept.weight))
        met += value > 0
    return said / total * (ALONE if met == 1 < len(found) and not is_bare else 1.0)


def _value_of(postings: Postings, number: int) -> float:
    """What they say of the document; they are in the order of the numbers."""
    numbers, values = postings
    at = bisect_left(numbers, number)
    return values[at] if at < len(numbers) and numbers[at] == number else 0.0


def _of_concept(generation: Generation, concept: Concept) -> Postings:
    if len(concept.ways) == 1 and len(concept.ways[0][0]) == 1 and concept.ways[0][1] == 1.0:
        return impacts(generation, concept.ways[0][0][0])
    best: dict[int, float] = {}
    for way, worth in concept.ways:
        found = [dict(zip(*impacts(generation, wanted), strict=True)) for wanted in way]
        for number in set.intersection(*map(set, found)):
            value = worth * sum(each[number] for each in found) / len(found)
            best[number] = max(best.get(number, 0.0), value)
    return _in_order(best)


def impacts(generation: Generation, wanted: str, *, only_named: bool = False) -> Postings:
    """What the term adds to each document that holds it; in titles and keywords only, if asked so."""
    if not generation.knows(wanted):
        return NOTHING  # not remembered: what nobody has written anybody may ask for, each time another word
    key = wanted, only_named
    if key not in generation.impacts:
        generation.impacts[key] = _computed(generation, wanted, (TITLE, KEYWORDS) if only_named else FIELDS)
    return generation.impacts[key]


def _computed(generation: Generation, wanted: str, fields: Sequence[str]) -> Postings:
    weight = generation.weight(wanted)
    scores: defaultdict[int, float] = defaultdict(float)
    for field in fields:
        at = FIELDS.index(field)
        boost, slope = BOOSTS[field]
        mean = generation.mean_lengths[at]
        for number, frequency in generation.frequencies(field, wanted).items():
            document = generation.documents[number]
            if document:
                norm = K1 * (1 - slope + slope * document.lengths[at] / mean)
                scores[number] += boost * weight * frequency * (K1 + 1) / (frequency + norm)
    return _in_order(scores)


def _in_order(values: dict[int, float]) -> Postings:
    numbers = sorted(values)
    return array("L", numbers), array("d", map(values.__getitem__, numbers))


def _closely(generation: Generation, scores: dict[int, float], question: Question) -> list[tuple[int, float]]:
    """All of them in their order, the best with what a closer look adds."""
    top = nlargest(LOOKED_AT, scores.items(), key=lambda item: item[1])
    asked = [term(word, generation.language) for word in question.sequence]
    weights = {wanted: generation.weight(wanted) for wanted in asked}
    pairs = {f" {one} {other} ": min(map(generation.weight, (one, other))) for one, other in pairwise(asked)}
    best = []
    for number, score in top:
        document = generation.documents[number]
        if document:
            covered = max(_covered(generation, line, weights) for line in (document.title, *document.keywords))
            side_by_side = _side_by_side(document, pairs)
            best.append((number, score * (1 + COVERED * covered) + SIDE_BY_SIDE * side_by_side))
    best.sort(key=lambda item: -item[1])
    least = WEAK * best[0][1] if best else 0.0
    looked_at = {number for number, _score in top}
    others = sorted(
        (item for item in scores.items() if item[0] not in looked_at and item[1] >= least),
        key=lambda item: -item[1],
    )
    return [item for item in (*best, *others) if item[1] >= least]


def _covered(generation: Generation, line: str, asked: dict[str, float]) -> float:
    """How much of what the line says is asked for; both by weight."""
    said = sum(weight for wanted, weight in asked.items() if f" {wanted} " in line)
    return said / generation.weight_of_line(line) if said else 0.0


def _side_by_side(document: Document, pairs: dict[str, float]) -> float:
    lines = (document.title, *document.keywords, document.summary)
    return sum(weight for pair, weight in pairs.items() if any(pair in line for line in lines))


def _keep_phrases(generation: Generation, scores: dict[int, float], phrases: Iterable[Sequence[str]]) -> None:
    """Only documents that hold every phrase, if there is one at all."""
    language = generation.language
    wanted = [[term(word, language) for word in phrase] for phrase in phrases]
    holding = set(scores)
    for phrase in wanted:
        for each in phrase:
            holding &= set(impacts(generation, each)[0])
    looked_up = nlargest(PHRASES_LOOKED_UP, holding, key=lambda number: scores[number])
    kept = {number for number in looked_up if all(_holds(generation, number, phrase) for phrase in wanted)}
    if kept:
        for number in set(scores) - kept:
            del scores[number]


def _holds(generation: Generation, number: int, phrase: Sequence[str]) -> bool:
    document = generation.documents[number]
    sought = f" {' '.join(phrase)} "
    if document and any(sought in line for line in (document.title, *document.keywords, document.summary)):
        return True
    return sought in f" {' '.join(terms(generation.stored(number)['shown'], generation.language))} "


ALIKE_TERMS = 10
ALIKE = 0.2  # of what the text itself says; what says less of it is about something else


def alike(generation: Generation, number: int) -> list[int]:
    """The other documents that hold much of what this one's title, keywords and summary say, nearest first."""
    document = generation.documents[number]
    if document is None:
        return []
    said = " ".join((document.title, *document.keywords, document.summary)).split()
    scores = _holding(generation, said)
    least = ALIKE * scores.pop(number, 0.0)
    close = [other for other, score in scores.items() if score >= least]
    return nlargest(LOOKED_AT, close, key=scores.__getitem__)


def near(generation: Generation, said: Iterable[str], most: int, *, only_named: bool = False) -> list[int]:
    """The documents that hold most of the rarest of these terms; in titles and keywords only, if asked so."""
    scores = _holding(generation, filter(generation.knows, said), only_named=only_named)
    return nlargest(most, scores, key=lambda number: scores[number])


def _holding(generation: Generation, said: Iterable[str], *, only_named: bool = False) -> defaultdict[int, float]:
    """How much each document holds of the rarest terms of what is said."""
    meant = (word for word in dict.fromkeys(said) if word not in filler_terms(generation.language))
    scores: defaultdict[int, float] = defaultdict(float)
    for wanted in nlargest(ALIKE_TERMS, meant, key=generation.weight):
        for number, value in zip(*impacts(generation, wanted, only_named=only_named), strict=True):
            scores[number] += value
    return scores
