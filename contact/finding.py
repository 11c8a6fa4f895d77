"""What an agent types to find a request: a reference, a number, a telephone, a name, however they are written."""

from __future__ import annotations

import re
from functools import cache

from django.db.models import Q

from articles.folded import fold

from . import numbers
from .models import GivenNumber
from .reference import as_written

MOST_WORDS = 5  # of a name
SHORTEST_TELEPHONE = 6
TELEPHONE = re.compile(r"[\d\s()+./-]+", re.ASCII)
LATIN = range(0xC0, 0x250)  # where the letters with accents are


def meant(term: str) -> Q:
    """The requests that may be meant by it, besides those with exactly these letters in reference or address."""
    others = _named(term)
    # Besides, not instead: an address, too, may have as many letters as a reference.
    if (reference := as_written(term)) != term:
        others |= Q(reference=reference)
    if number := numbers.beginning(term):
        others |= Q(pk__in=GivenNumber.objects.filter(value__startswith=number).values("request"))
    if end := _telephone(term):
        others |= Q(callback_number__endswith=end)
    return others


def _telephone(term: str) -> str:
    """The digits that a number to call ends with, with or without its country; empty where it is none."""
    digits = re.sub(r"\D", "", term).lstrip("0")
    return digits if TELEPHONE.fullmatch(term) and len(digits) >= SHORTEST_TELEPHONE else ""


def _named(term: str) -> Q:
    """Every word of it stands in the customer's name, whatever its accents and capitals."""
    words = fold(term).split()[:MOST_WORDS]
    found = Q() if words else Q(pk__in=[])
    for word in words:
        # What databases call a capital or an accent differs; a letter is spelled out with its others.
        found &= Q(name__iregex="".join(_spelled(letter) for letter in word))
    return found


def _spelled(letter: str) -> str:
    others = _accented().get(letter, "")
    return f"[{letter}{others}]" if others else re.escape(letter)


@cache
def _accented() -> dict[str, str]:
    """Of each plain letter those with accents, capitals too: á and Á of a."""
    found: dict[str, str] = {}
    for letter in map(chr, LATIN):
        plain = fold(letter)
        if len(plain) == 1 and plain != letter and plain.isascii() and plain.isalpha():
            found[plain] = found.get(plain, "") + letter
    return found
