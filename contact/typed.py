"""What people type: made harmless without losing a word, and dates read.  Pure."""

import re
import unicodedata
from datetime import date

from flows.waiting import read_day

CURRENCY = re.compile(r"^(?:[^\W\d_]{1,4}|[€$£¥])?\s*|\s*(?:[^\W\d_]{1,5}|[€$£¥])?$")
AMOUNT = re.compile(r"[-−]?\s*(?:\d{1,3}(?:[.,’ ]\d{3})+|\d{1,9})(?:[.,]\d{1,2})?", re.ASCII)

TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The words on one line: without control characters, every run of white space a single space."""
    return _printable(" ".join(text.split()))


def many_lines(text: str) -> str:
    """The lines without control characters, each ended by a line feed, whatever ended it before."""
    return "\n".join(_printable(line).rstrip() for line in text.splitlines()).strip("\n")


def header(text: str) -> str:
    """The words as they may stand in a header: one line, in reading order, that no mail program decodes again."""
    seen = "".join(letter for letter in one_line(text) if letter not in TURNS_TEXT_AROUND)
    return seen.replace("=?", "= ?")


def day(text: str) -> date | None:
    """The day meant by 2026-05-03, 3/5/2026 or 3.5.26 (day first); None where it is none."""
    return read_day(one_line(text))


def is_amount(text: str) -> bool:
    """Whether it is a sum as people write it: 9.99, 9,99 €, EUR 1.234,50, -12."""
    return bool(AMOUNT.fullmatch(CURRENCY.sub("", one_line(text)).strip()))


def _printable(line: str) -> str:
    """Without NUL, which PostgreSQL refuses, and the other controls; a tab is a space."""
    return "".join(
        letter for letter in line.replace("\t", " ") if unicodedata.category(letter) not in ("Cc", "Cs")
    )


def ascii_address(email: str) -> str:
    """The address as mail servers take it, a domain like españa.es in ASCII; UnicodeError where that fails."""
    local, _at, domain = email.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def mailbox(address: str) -> str:
    """One name for all the addresses that the same person reads: Ana+Shop@example.org is ana@example.org."""
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
