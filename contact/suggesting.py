"""Answers suggested while a request is written, and the count of those that made it needless."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from articles.models import Translation
from articles.patience import best_effort
from flows.models import Flow
from search import results
from search.results import Result

from .models import DraftRequest, SolvedCount

KEPT = timedelta(days=365)
MOST = 3
BEST = 10  # of all that was found; what shares a word with the message stands further down
FROM_LETTERS = 3


def suggest(draft: DraftRequest, text: str) -> list[Result]:
    """At most three published answers in the draft's language: of its topic's category, else very good ones.

    Not what the customer has come from.
    """
    if not settings.SUGGEST or draft.topic is None or sum(map(str.isalpha, text)) < FROM_LETTERS:
        return []
    found = results.search(text, draft.language, is_exact=True)
    best = found.references()[:BEST]
    near = [ref for ref in found.references(draft.topic.category.line()[0]) if ref in best]
    references = near or (found.references() if found.is_good else [])
    shown = found.results(references[: MOST + 2])  # at most two of them are known already
    known = _known(draft)
    return [result for result in shown if answer_of(result.reference) not in known][:MOST]


def note_solved(reference: str, language: str) -> None:
    """The answer has solved it; counted if the database has time for it, and where there is such an answer."""
    with best_effort():
        if answer := answer_of(reference):
            SolvedCount.objects.note(timezone.localdate(), answer, language)


def answer_of(reference: str) -> str:
    """The answer as texts link to it, whatever its language; empty where readers may see none like this."""
    label, _dot, number = reference.rpartition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        return ""
    if label == results.TRANSLATION:
        translation = Translation.objects.published().filter(pk=number).select_related("article").first()
        return f"article:{translation.article.key}" if translation else ""
    flow = Flow.objects.published().filter(pk=number).first() if label == results.FLOW else None
    return f"flow:{flow.slug}" if flow else ""


def forget_old() -> None:
    """What was counted more than a year ago is gone; looks once an hour."""
    if cache.add("contact.suggesting.forget_old", True, timeout=3600):
        SolvedCount.objects.filter(day__lt=timezone.localdate() - KEPT).delete()


def _known(draft: DraftRequest) -> set[str]:
    known = {f"flow:{draft.flow}"} if draft.flow else set()
    return known | ({f"article:{draft.article.key}"} if draft.article else set())
