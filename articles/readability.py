"""How hard a text is to read, by the formula of its language, and which of its sentences are very long.  Pure.

English: Flesch's reading ease.  Spanish: the perspicuity of Szigriszt-Pazos, read by the INFLESZ scale.  Both run
from about 0 to 100, higher is easier, and count syllables and the words of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .reading import blocks

LEAST_WORDS = 100  # a formula says nothing about fewer
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
END = re.compile(r"(?<=[.!?…:])[\"”»’)]*\s+(?=[\"“«‘(]*[¿¡]?[A-ZÁÉÍÓÚÑÜ0-9])")
SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|No|Sra?|Dra|p\. ?ej|núm|art|pág|aprox)\.)$", re.IGNORECASE
)


class Band(StrEnum):
    VERY_EASY = "very easy"
    EASY = "easy"
    PLAIN = "plain"
    HARD = "hard"
    VERY_HARD = "very hard"


@dataclass(frozen=True)
class Ease:
    """A text's number and what it means; `is_hard`: shorter sentences and words would help."""

    score: int
    band: Band
    is_hard: bool
    formula: str
    aim: int
    words_per_sentence: int


@dataclass(frozen=True)
class Sentence:
    line: int
    words: str
    count: int


@dataclass(frozen=True)
class Formula:
    name: str
    score: Callable[[float, float], float]  # of syllables per word and words per sentence
    syllables: Callable[[str], int]
    bands: tuple[tuple[int, Band], ...]  # from which score on, the highest first
    aim: int
    hard_below: int
    longest: int  # words of a sentence


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of the prose with the line on which each begins; a list item ends one."""
    for block in blocks(text):
        whole, starts = "", []
        for number, line in block.lines:
            starts.append((len(whole), number))
            whole += line + " "
        for start, words in _split(whole):
            if count := len(WORD.findall(words)):
                yield Sentence([number for at, number in starts if at <= start][-1], words, count)


def _split(whole: str) -> Iterator[tuple[int, str]]:
    start = 0
    for found in END.finditer(whole):
        if whole[found.start() - 1] == ":" or SHORTENED.search(whole[start : found.start()]):
            continue
        yield start, whole[start : found.start()].strip()
        start = found.end()
    yield start, whole[start:].strip()


def ease(text: str, language: str) -> Ease | None:
    """How easy it reads; None for a short text, or in a language without a formula."""
    formula = FORMULAS.get(language)
    found = list(sentences(text))
    words = [word for sentence in found for word in WORD.findall(sentence.words)]
    if formula is None or len(words) < LEAST_WORDS:
        return None
    per_sentence = len(words) / len(found)
    exact = formula.score(sum(map(formula.syllables, words)) / len(words), per_sentence)
    score = round(max(0.0, min(100.0, exact)))
    band = next(band for least, band in formula.bands if score >= least)
    return Ease(score, band, score < formula.hard_below, formula.name, formula.aim, round(per_sentence))


def long_sentences(text: str, language: str) -> list[Sentence]:
    """Those that nobody reads to the end in one go."""
    longest = FORMULAS[language].longest if language in FORMULAS else 40
    return [sentence for sentence in sentences(text) if sentence.count > longest]


def english_syllables(word: str) -> int:
    """About how many: vowels in a row are one, and most final e's are silent."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if len(word) <= 3:
        return 1
    word = re.sub(SILENT, lambda found: found[0][0], word)
    word = re.sub(r"^y", "", word)
    return max(
        1,
        len(re.findall(r"[aeiouy]+", word))
        + len(re.findall(r"i(?:a|o(?!n|us))|eing|deo|(?<=[aeiouy].)ea$|ua(?=[lt])", word)),
    )


SILENT = r"(?:[^laeiouycsxzgh]es|[^dt]ed|[^laeiouy]e|(?<=[aeiouy])le|(?<=[aeiouy])les)$"


def spanish_syllables(word: str) -> int:
    """By the rules: two strong vowels are two syllables, as is a weak one with an accent beside a strong one."""
    word = re.sub(r"(?<=q)u(?=[eiéí])|(?<=g)u(?=[eiéí])", "", word.lower())
    word = re.sub(r"(?<=[aeiouáéíóú])h(?=[aeiouáéíóú])", "", word)
    word = re.sub(r"y(?![aeiouáéíóú])", "i", word)
    groups = re.findall(r"[aeiouáéíóúü]+", word)
    return max(1, sum(1 + len(HIATUS.findall(group)) for group in groups))


STRONG = "aeoáéó"
HIATUS = re.compile(rf"[{STRONG}](?=[{STRONG}íú])|[íú](?=[{STRONG}])")

FORMULAS = {
    "en": Formula(
        "Flesch",
        lambda syllables, words: 206.835 - 84.6 * syllables - 1.015 * words,
        english_syllables,
        ((80, Band.VERY_EASY), (70, Band.EASY), (50, Band.PLAIN), (30, Band.HARD), (0, Band.VERY_HARD)),
        aim=60,
        hard_below=50,
        longest=35,
    ),
    "es": Formula(
        "INFLESZ",
        lambda syllables, words: 206.835 - 62.3 * syllables - words,
        spanish_syllables,
        ((80, Band.VERY_EASY), (65, Band.EASY), (55, Band.PLAIN), (40, Band.HARD), (0, Band.VERY_HARD)),
        aim=65,
        hard_below=55,
        longest=40,
    ),
}
