"""Counts of a day, as rows."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet


def count_one(rows: QuerySet[Any], **key: Any) -> None:
    """One more is counted in the row of this key; none is lost where several processes count at once."""
    row = rows.filter(**key)
    if not row.update(count=F("count") + 1):
        rows.bulk_create([rows.model(**key)], ignore_conflicts=True)
        row.update(count=F("count") + 1)
