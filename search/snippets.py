"""The piece of a text that shows why it was found, with the words asked for marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .analysis import TOKEN, term, words

LENGTH = 220
LONGEST = 120  # characters of a word
MAX_TEXT = 20_000  # characters of a body that are looked at

# What a text links to is another text: “Related: how to return a parcel” is not about returning parcels.
ELSEWHERE = re.compile(r"(?<!!)\[[^\[\]\n]{0,300}\]\((?:/|article:|flow:)[^()\n]{0,500}\)")
TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>")

MARKUP = (
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r'^[ \t]*!!![ \t]*\w+(?:[ \t]+"([^"\n]*)")?', re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:[#>]+|[-*+]|\d+[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t|:-]+$", re.MULTILINE), ""),
    (re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\n]{0,500}\)"), r"\1"),
    (re.compile(r"[*`]|(?<!\w)_|_(?!\w)"), ""),
    (re.compile(r"^[ \t]*\||\|[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"\|"), " · "),
)


def own_words(markdown: str) -> str:
    """The text of a body without markup, and without the names of other articles and flows that it links to."""
    return readable(TAG.sub(" ", ELSEWHERE.sub(" ", markdown)), most=len(markdown))


def readable(markdown: str, most: int = MAX_TEXT) -> str:
    """The text of a body about as readers see it, a line for each; markup it does not know stays text."""
    text = markdown[:most]
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


def snippet(summary: str, body: str, terms: Collection[str], language: str) -> SafeString:
    """The summary, or the line of the body that holds more of the terms; escaped first, marked after."""
    lines = [line for line in (summary, *body.splitlines()) if line] or [""]
    # Each word of a text is analysed once, and only lines with one that was asked for are looked at.
    asked = [token for token in set(TOKEN.findall("\n".join(lines))) if _among(token, terms, language)]
    best, most = lines[0], 0
    for line in lines:
        if any(token in line for token in asked):
            held = len(_held(line, terms, language))
            if held > most:
                best, most = line, held
    return marked(_shortened(best, terms, language), terms, language)


def marked(text: str, terms: Collection[str], language: str) -> SafeString:
    """The text with its words that come down to one of the terms in <mark>."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, terms, language)))


def _pieces(text: str, terms: Collection[str], language: str) -> Iterator[str]:
    text = unicodedata.normalize("NFC", text)
    end = 0
    for token in TOKEN.finditer(text):
        if _among(token[0], terms, language):
            yield text[end : token.start()]
            yield format_html("<mark>{}</mark>", token[0])
            end = token.end()
    yield text[end:]


@lru_cache(maxsize=100_000)
def _terms_of(token: str, language: str) -> frozenset[str]:
    return frozenset(term(word, language) for word in words(token))


def _among(token: str, terms: Collection[str], language: str) -> bool:
    return not _terms_of(token[:LONGEST], language).isdisjoint(terms)


def _held(line: str, terms: Collection[str], language: str) -> set[str]:
    tokens = {token[:LONGEST] for token in TOKEN.findall(line)}
    return {each for token in tokens for each in _terms_of(token, language) if each in terms}


def _shortened(line: str, terms: Collection[str], language: str) -> str:
    """At most LENGTH characters of the line, cut between words, with the first term that it holds."""
    line = unicodedata.normalize("NFC", line)
    if len(line) <= LENGTH:
        return line
    hits = (token.start() for token in TOKEN.finditer(line) if _among(token[0], terms, language))
    first = next(hits, 0)
    start = 0 if first < LENGTH * 3 // 4 else line.rfind(" ", 0, first - LENGTH // 3) + 1
    stop = line.rfind(" ", start, start + LENGTH)
    end = len(line) if len(line) - start <= LENGTH else stop if stop > first else start + LENGTH
    return f"{'…' if start else ''}{line[start:end]}{'…' if end < len(line) else ''}"
