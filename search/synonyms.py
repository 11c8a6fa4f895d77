"""What editors say means the same."""

from __future__ import annotations

from .models import Synonym


def groups(language: str) -> list[tuple[str, ...]]:
    """The words that mean the same in the language; those of “es” hold for “es-mx”, too."""
    rows = Synonym.objects.filter(language__in={language, language.split("-")[0]})
    return [tuple(row.entries) for row in rows]
