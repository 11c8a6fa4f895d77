"""What people look for, kept without anything personal: masked as it is written, counted by day after a month."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from articles.patience import best_effort
from articles.personal import masked

from .models import LoggedSearch, SearchCount
from .results import Found

SALT = "search.querylog"
REMEMBERED = 24 * 60 * 60  # seconds in which an opened result is still counted
AT_ONCE = 5000
REFERENCE = re.compile(r"[a-z]{1,20}\.[a-z]{1,20}\.[0-9]{1,18}")  # as long as the column at most


def note(question: str, found: Found) -> str:
    """The search is in the log, if the database has time; the token under which an opened result is counted."""
    with best_effort():
        row = LoggedSearch.objects.create(
            asked=masked(question).casefold()[: LoggedSearch._meta.get_field("asked").max_length],
            language=found.language,
            result_count=len(found.visible) if found.is_good else 0,
            is_answered=found.is_good,
            is_corrected=found.is_corrected,
        )
        return signing.dumps(row.pk, salt=SALT)
    return ""


def note_opened(token: str, reference: str) -> None:
    """The first result that was opened of a search is known; anything that is no token of ours changes nothing."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=REMEMBERED)
    except signing.BadSignature:
        return
    if REFERENCE.fullmatch(reference):
        with best_effort():
            LoggedSearch.objects.filter(pk=pk, opened="").update(opened=reference)


def forget_old() -> None:
    """What is older than settings.SEARCH_LOG_DAYS is counted by day, and gone; looks at most once a minute."""
    if not cache.add(f"{SALT}.forget_old", True, timeout=60):
        return
    with transaction.atomic():
        rows = list(LoggedSearch.objects.over().select_for_update().order_by("pk")[:AT_ONCE])
        found: dict[tuple[date, str], Counter[str]] = {}
        for row in rows:
            counts = found.setdefault((timezone.localdate(row.asked_at), row.language), Counter())
            counts["searches"] += 1
            counts["unanswered"] += not row.is_answered
            counts["corrected"] += row.is_corrected
            counts["opened"] += bool(row.opened)
        for (day, language), counts in found.items():
            SearchCount.objects.add(day, language, **counts)
        LoggedSearch.objects.filter(pk__in=[row.pk for row in rows]).delete()
