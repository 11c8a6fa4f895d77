"""Policy facts in texts: {{ return_days }}, each with what it says at the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Min
from django.utils import timezone

from .models import FactValue, PolicyFact, Translation
from .uses import PLACE_OF_FACT as PLACE


def used_in(text: str) -> set[str]:
    """The keys of the facts that the text uses."""
    return set(PLACE.findall(text))


def values(text: str, language: str) -> dict[str, str]:
    """What the facts used in the text say in the language, by key; no query where it uses none."""
    keys = used_in(text)
    if not keys:
        return {}
    return {fact.key: fact.said.words(language) for fact in PolicyFact.objects.at().filter(key__in=keys)}


def fill(text: str, language: str) -> str:
    """The plain text with its facts filled in; an unknown one stays as it was written."""
    return fill_with(text, values(text, language))


def summaries(translations: Iterable[Translation], language: str) -> list[Translation]:
    """The translations with the facts of their summaries filled in; one query for all."""
    listed = list(translations)
    known = values(" ".join(found.summary for found in listed), language)
    for found in listed:
        found.summary = fill_with(found.summary, known)
    return listed


def fill_with(text: str, known: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: known.get(place[1], place[0]), text)


def settle_due() -> float | None:
    """What became due is in the facts' own rows, so that the index is told; the seconds until the next moment.

    Readers do not wait for this: a text asks what holds now.  A worker's duty.
    """
    for fact in PolicyFact.objects.filter(values__in=FactValue.objects.due()).distinct():
        fact.settle()
    next_at = FactValue.objects.planned().aggregate(next_at=Min("starts_at"))["next_at"]
    return max(0.0, (next_at - timezone.now()).total_seconds()) if next_at else None
