"""What counts as the same word: folded, and reduced to its stem where the language has a stemmer.  Pure.

The index, the questions and the marks in snippets all ask here, so they cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from whoosh.lang import NoStopWords, snowball, stopwords_for_language

MAX_QUESTION = 200  # characters
MAX_TERMS = 12
MAX_WORD = 40

HYPHENS = "-‐‑"
TOKEN = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)*")
QUOTED = re.compile(r"[\"“”«»„]([^\"“”«»„]+)[\"“”«»„]")
# Written without spaces: two neighbouring signs stand for a word.
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

# What is missing from the lists of Whoosh, and what does not belong there: “estado” is what an order has.
MORE_FILLERS = {
    "en": "also best could didn doesn don get give good hello hey hi isn know let like ll look many may might "
    "much must need please re shouldn show tell thanks ve want wasn way would wouldn",
    "es": "ahora aqui asi aunque buenas buenos cada dame dime gracias hace hacer hago hola mejor mucho mucha "
    "necesito pues puede puedo quiero saber si solo tan voy",
}
NO_FILLERS = {
    "en": "down off out over own under",
    "es": "estado estados sentido sentidos",
}


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """The text without capitals and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def spelled(text: str) -> list[str]:
    """The words of the text in small letters, with their accents; “Wi-Fi” is wi, fi and wifi."""
    return [form for token in TOKEN.findall(text) for form in _forms(token[: 3 * MAX_WORD])]


def words(text: str) -> list[str]:
    """The folded words of the text.  Single letters are left overs of “don’t” and “l'article”."""
    return [fold(form) for form in spelled(text)]


def terms(text: str, language: str) -> list[str]:
    """The terms of the text, in its order."""
    return [term(word, language) for word in words(text)]


@dataclass(frozen=True)
class Question:
    """What somebody asks, in folded words; only its first MAX_QUESTION characters count."""

    words: tuple[str, ...] = ()  # what it is about: at most MAX_TERMS, none twice
    fillers: tuple[str, ...] = ()  # words of no weight of their own
    sequence: tuple[str, ...] = ()  # all of them as they stand
    phrases: tuple[tuple[str, ...], ...] = ()  # what stands in quotes

    @classmethod
    def of(cls, text: str, language: str) -> Question:
        text = text[:MAX_QUESTION]
        sequence = tuple(asked_words(text))
        asked = list(dict.fromkeys(sequence))
        meant = [word for word in asked if not is_filler(word, language)] or asked
        return cls(
            words=tuple(meant[:MAX_TERMS]),
            fillers=tuple(word for word in asked if word not in meant)[:MAX_TERMS],
            sequence=sequence,
            phrases=tuple(phrase for quoted in QUOTED.findall(text) if (phrase := tuple(asked_words(quoted)))),
        )


def asked_words(question: str) -> list[str]:
    """The folded words of a question, where “e-mail” is one word and “delivery-details” two."""
    return [fold(form) for token in TOKEN.findall(question[:MAX_QUESTION]) for form in _asked_forms(token)]


def question_words(question: str) -> list[str]:
    """The different words of a question: at most MAX_TERMS, of its first MAX_QUESTION characters."""
    return list(dict.fromkeys(asked_words(question)))[:MAX_TERMS]


def meant_words(question: str, language: str) -> list[str]:
    """What a question is about: its words without filler words, if there are others."""
    return list(Question.of(question, language).words)


def is_filler(word: str, language: str) -> bool:
    """Whether the folded word says nothing by itself."""
    return word in _filler_words(language)


@lru_cache(maxsize=100_000)
def term(word: str, language: str) -> str:
    """The term that all forms of the folded word share."""
    stem = _stemmer(_base(language))
    return fold(stem(_restored(word) if _base(language) == "es" else word)) or word


def replaced(question: str, corrections: dict[str, str]) -> str:
    """The question with other words in the place of these (folded) ones, and otherwise as it was typed."""
    return TOKEN.sub(lambda token: _corrected(token[0], corrections), question[:MAX_QUESTION])


def _corrected(token: str, corrections: dict[str, str]) -> str:
    """The token as it was asked for (`asked_words`), as a whole or by its parts, with these mended."""
    whole = fold(re.sub(f"[{HYPHENS}]", "", token))
    parts = re.split(f"([{HYPHENS}])", token)
    return corrections.get(whole) or "".join(corrections.get(fold(part), part) for part in parts)


@lru_cache(maxsize=100_000)
def _forms(token: str) -> tuple[str, ...]:
    return tuple(_limited(_parts(token), _joined(token)))


def _asked_forms(token: str) -> tuple[str, ...]:
    parts, joined = _parts(token), _joined(token)
    if joined and min(map(len, parts)) <= 2:
        parts = []
    return tuple(_limited(parts, joined if not parts else []))


def _parts(token: str) -> list[str]:
    parts = re.split(f"[{HYPHENS}]", unicodedata.normalize("NFKC", token.casefold()))
    return [piece for part in parts for piece in _pairs(part)]


def _pairs(word: str) -> Iterator[str]:
    if len(word) > 2 and IDEOGRAPHS.search(word):
        yield from (word[at : at + 2] for at in range(min(len(word), MAX_WORD) - 1))
    else:
        yield word


def _joined(token: str) -> list[str]:
    joined = re.sub(f"[{HYPHENS}]", "", token)
    return [unicodedata.normalize("NFKC", joined.casefold())] if joined != token else []


def _limited(parts: list[str], joined: list[str]) -> Iterator[str]:
    for word in (*parts, *joined):
        # A sign of half width can be nothing but an accent, of which folding leaves no word.
        if fold(word) and not re.fullmatch("[a-z]", word):
            yield word[:MAX_WORD]


def _restored(word: str) -> str:
    """The Spanish word as its stemmer expects it: spelling rules tell what folding and the plural took."""
    return re.sub(r"ces$", "z", re.sub(r"ion$", "ión", word))


def _base(language: str) -> str:
    return language.split("-")[0]


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    # Not by `stemmer_for_language`: the one for Arabic, the only one that is no Snowball, fails on Python 3.
    return _unbroken(snowball.classes[language]().stem) if language in snowball.classes else str


def _unbroken(stem: Callable[[str], str]) -> Callable[[str], str]:
    """The stemmer; a word that it stumbles over, as the Spanish one does over “ague”, is its own stem."""

    def careful(word: str) -> str:
        try:
            return stem(word)
        except IndexError:
            return word

    return careful


@cache
def filler_terms(language: str) -> frozenset[str]:
    """What is left of those words in an index."""
    return frozenset(term(word, language) for word in _filler_words(language))


@cache
def _filler_words(language: str) -> frozenset[str]:
    base = _base(language)
    try:
        known = {fold(word) for word in stopwords_for_language(base)}
    except NoStopWords:
        known = set()
    return frozenset((known | set(MORE_FILLERS.get(base, "").split())) - set(NO_FILLERS.get(base, "").split()))
