"""Policy facts in texts: {{ return_days }}."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import translation
from django.utils.formats import number_format

from .models import PolicyFact, Translation

PLACE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


def used_in(text: str) -> set[str]:
    """The keys of the facts that the text uses."""
    return set(PLACE.findall(text))


def values(text: str, language: str) -> dict[str, str]:
    """What the facts used in the text say in the language, by key; no query where it uses none."""
    keys = used_in(text)
    if not keys:
        return {}
    return {fact.key: _words(fact, language) for fact in PolicyFact.objects.filter(key__in=keys)}


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


def _words(fact: PolicyFact, language: str) -> str:
    if fact.number is None:
        return fact.phrase.localize(language)
    decimals = 0 if fact.number == fact.number.to_integral_value() else 2
    with translation.override(language):
        return number_format(Decimal(fact.number), decimal_pos=decimals)
