"""What counts as the same word: folded, and reduced to its stem where the language has a stemmer.  Pure.

The index, the questions and the marks in snippets all ask here, so they cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from whoosh.lang import NoStopWords, snowball, stopwords_for_language

MAX_QUESTION = 200  # characters
MAX_TERMS = 12
MAX_WORD = 40

WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text without capitals and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The folded words of the text.  Single letters are left overs of “don't” and “l'article”."""
    return [word[:MAX_WORD] for word in WORD.findall(fold(text)) if not re.fullmatch("[a-z]", word)]


def terms(text: str, language: str) -> list[str]:
    """The terms of the text, in its order."""
    return [term(word, language) for word in words(text)]


def question_words(question: str) -> list[str]:
    """The different words of a question: at most MAX_TERMS, of its first MAX_QUESTION characters."""
    return list(dict.fromkeys(words(question[:MAX_QUESTION])))[:MAX_TERMS]


def meant_words(question: str, language: str) -> list[str]:
    """What a question is about: its words without filler words, if there are others."""
    asked = list(dict.fromkeys(words(question[:MAX_QUESTION])))
    return ([word for word in asked if word not in _filler_words(language)] or asked)[:MAX_TERMS]


@lru_cache(maxsize=50_000)
def term(word: str, language: str) -> str:
    """The term that all forms of the folded word share."""
    stem = _stemmer(_base(language))
    return fold(stem(_restored(word) if _base(language) == "es" else word)) or word


def _restored(word: str) -> str:
    """The Spanish word as its stemmer expects it: spelling rules tell what folding and the plural took."""
    return re.sub(r"ces$", "z", re.sub(r"ion$", "ión", word))


def _base(language: str) -> str:
    return language.split("-")[0]


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    # Not by `stemmer_for_language`: the one for Arabic, the only one that is no Snowball, fails on Python 3.
    return snowball.classes[language]().stem if language in snowball.classes else str


@cache
def _filler_words(language: str) -> frozenset[str]:
    try:
        return frozenset(fold(word) for word in stopwords_for_language(_base(language)))
    except NoStopWords:
        return frozenset()
