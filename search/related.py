"""Which texts are related: rows that the article page reads, kept true by the search's worker."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain, islice

from django.db import transaction
from haystack.utils import get_identifier

from articles.models import Translation

from .engine import Backend
from .models import RelatedTranslation

MOST = 4
AT_ONCE = 100  # texts, for which the database is written to once
LOOKED_AT = 12  # flows and hidden texts among them do not count

LABEL = Translation._meta.label_lower


def relate(backend: Backend, identifiers: Collection[str] | None = None) -> None:
    """The texts of these identifiers (of all, without any) and those near them have their rows."""
    keys = _keys(backend.fingerprints() if identifiers is None else identifiers)
    if identifiers is not None:
        before = RelatedTranslation.objects.filter(other__in=keys).values_list("translation_id", flat=True)
        keys |= set(before) | {near for key in list(keys) for near in _near(backend, key)}
    own = Translation.objects.in_language(backend.language).filter(pk__in=keys)
    waiting = iter(sorted(own.values_list("pk", flat=True)))
    while some := list(islice(waiting, AT_ONCE)):
        _store({key: _near(backend, key) for key in some})


def _near(backend: Backend, key: int) -> list[int]:
    found = backend.similar(get_identifier(f"{LABEL}.{key}"), LOOKED_AT)
    return [pk for label, pk in found if label == LABEL][:MOST]


@transaction.atomic
def _store(near: dict[int, list[int]]) -> None:
    """The texts have these rows and no others; what is there already is not written again."""
    before: dict[int, list[int]] = {key: [] for key in near}
    rows = RelatedTranslation.objects.filter(translation__in=near).order_by("position")
    for key, other in rows.values_list("translation_id", "other_id"):
        before[key].append(other)
    changed = {key: others for key, others in near.items() if others != before[key]}
    if not changed:
        return
    RelatedTranslation.objects.filter(translation__in=changed).delete()
    wanted = {*changed, *chain.from_iterable(changed.values())}
    there = set(Translation.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    RelatedTranslation.objects.bulk_create(
        RelatedTranslation(translation_id=key, other_id=other, position=position)
        for key, others in changed.items()
        for position, other in enumerate(others)
        if {key, other} <= there
    )


def _keys(identifiers: Iterable[str]) -> set[int]:
    split = (identifier.rpartition(".") for identifier in identifiers)
    return {int(pk) for label, _dot, pk in split if label == LABEL}
