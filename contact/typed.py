"""What people type: made harmless without losing a word, and dates read.  Pure."""

import re
import unicodedata
from datetime import date

YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")

TURNS_TEXT_AROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FIRST_YEAR, LAST_YEAR = 1990, 2099  # a year outside is a slip of the finger


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
    text = one_line(text)
    if found := YEAR_FIRST.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
    elif found := DAY_FIRST.fullmatch(text):
        number, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    else:
        return None
    try:
        return date(year, month, number) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


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
