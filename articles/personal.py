"""What looks like somebody's: addresses, numbers and codes in a text, found and masked.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    EMAIL = "e-mail"
    CODE = "code"
    NUMBER = "number"


LOOKS = {
    Kind.EMAIL: re.compile(r"\S*@\S*"),
    # Letters and digits in one word, as in references, serial and account numbers: 7K3M-92XD, ES91…, B0C7-44.
    Kind.CODE: re.compile(
        r"\b(?=\S{6,})(?=(?:\S*\d){3})(?=\S*[^\W\d_])\S+"
        r"|\b(?=[\d-]*[A-Z])[0-9A-Z]{4}[-‐‑–][0-9A-Z]{4}\b"
        r"|\b(?=\S{0,8}\d)(?=\S{0,8}[a-z])[0-9a-z]{4}[-‐‑–][0-9a-z]{4}\b"
    ),
    # Five digits or more, whatever stands between them: telephone, card and order numbers, postcodes too.
    Kind.NUMBER: re.compile(r"\+?\d(?:[\s.,()/–—-]{0,3}\d){4,}"),
}


@dataclass(frozen=True)
class Look:
    """What looks personal: of which kind, and where in the text."""

    kind: Kind
    start: int
    end: int


def looks(text: str) -> Iterator[Look]:
    """What looks personal in the text, kind by kind; a place may be of two kinds."""
    for kind, pattern in LOOKS.items():
        for found in pattern.finditer(text):
            yield Look(kind, found.start(), found.end())


def masked(text: str) -> str:
    """The text, its lines joined, without what looks like an address, a number or a code of somebody."""
    for kind, pattern in LOOKS.items():
        text = pattern.sub(f"[{kind}]", text)
    return " ".join(text.split())
