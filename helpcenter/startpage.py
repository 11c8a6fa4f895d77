"""The first page of the desk: sections of what there is to do, each thing one click from its repair.

`DESK_SECTIONS` in the settings names them: functions from a person to a section, to several, or to None where it
is nothing that they may act on.  Each asks the database once or twice, however much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Window
from django.utils.module_loading import import_string

SHOWN = 5


@dataclass(frozen=True)
class Button:
    """Posts these fields to that address."""

    words: str
    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Item:
    title: str
    url: str
    note: str = ""
    repair: tuple[str, str] | None = None  # words and address, where the title leads elsewhere
    button: Button | None = None


@dataclass(frozen=True)
class Section:
    name: str  # of its place on the page
    title: str
    clear: str  # said where there is nothing: “No translation is outdated.”
    items: Sequence[Item] = field(default_factory=list)
    count: int = 0
    is_more: bool = False  # than were counted
    all_url: str = ""
    is_urgent: bool = False


def sections(user: Any) -> list[Section]:
    """What there is to do for this person, in the order of the settings; the empty ones too."""
    found: list[Section] = []
    for path in settings.DESK_SECTIONS:
        section = import_string(path)(user)
        found += section if isinstance(section, list) else [section] if section else []
    return found


def first(rows: QuerySet[Any, Any]) -> tuple[list[Any], int]:
    """The first few of the rows and how many there are, in one query."""
    some = list(rows.annotate(all_count=Window(Count("*")))[:SHOWN])
    if not some:
        return [], 0
    row = some[0]
    return some, row["all_count"] if isinstance(row, dict) else row.all_count
