"""What of a request should rather not be sent, with the field in which it can be taken out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from . import words
from .models import ContactRequest
from .secrets_in_text import Kind, find
from .words import Row

LOOKS_LIKE = {
    Kind.CARD: gettext_lazy("This looks like a card number:"),
    Kind.ACCOUNT: gettext_lazy("This looks like a bank account number:"),
    Kind.PASSWORD: gettext_lazy("This looks like a password:"),
    Kind.CODE: gettext_lazy("This looks like a one-time code:"),
}


@dataclass(frozen=True)
class PointedOut:
    row: Row
    sentence: str
    excerpt: str


def point_out(request: ContactRequest, forms: Iterable[str]) -> list[PointedOut]:
    """Each secret in each field; in the worded request only those that did not come into it from a field."""
    given, seen, found = list(forms), set(), []
    rows = sorted(words.rows(request), key=lambda row: row.field == "worded")
    for row in rows:
        for one in find(row.value, given):
            if row.field == "worded" and one.secret in seen:
                continue
            seen.add(one.secret)
            found.append(PointedOut(row, str(LOOKS_LIKE[one.kind]), one.excerpt))
    return found
