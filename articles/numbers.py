"""Whole numbers as addresses and forms bring them: anybody can write anything there."""

from __future__ import annotations

DIGITS = 18  # whatever has no more is a number that a database can hold


def whole(written: str) -> int | None:
    """The number; None where it is none, or one that names no row."""
    is_number = written.isascii() and written.isdecimal() and len(written) <= DIGITS
    return int(written) if is_number else None
