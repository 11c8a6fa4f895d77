"""What articles' texts use, as readers see them and as they wait, and which of them a category holds."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from . import uses
from .models import Revision, TextUse, Translation
from .uses import Kind, Place, State

MEND_EVERY = 3600.0  # seconds
AT_ONCE = 200  # texts

_mended_at: float | None = None


def mend(every: float = MEND_EVERY) -> None:
    """What is written down is what the texts name, however they came into the database.  A worker's duty."""
    global _mended_at
    if _mended_at is not None and time.monotonic() - _mended_at < every:
        return
    _mended_at = time.monotonic()
    last = 0
    while keys := list(
        Translation.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = keys[-1]
        _mend(keys)


@transaction.atomic
def _mend(keys: list[int]) -> None:
    """Reads what they name and what is written down, all at once; writes only where that differs."""
    wanted = _named_by(keys)
    known = TextUse.objects.filter(translation__in=keys)
    stored = {(use.translation_id, use.is_waiting, use.kind, use.key): use.pk for use in known}
    if gone := [pk for use, pk in stored.items() if use not in wanted]:
        TextUse.objects.filter(pk__in=gone).delete()
    made = [
        TextUse(translation_id=pk, is_waiting=is_waiting, kind=kind, key=key)
        for pk, is_waiting, kind, key in sorted(wanted - stored.keys())
    ]
    TextUse.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)


def _named_by(keys: list[int]) -> set[tuple[int, bool, str, str]]:
    """What the texts name, each with whether readers see it so or are going to."""
    rows = Translation.objects.filter(pk__in=keys).values_list("pk", "summary", "body")
    newest = Revision.objects.filter(translation=models.OuterRef("translation"), discarded_at=None)
    is_open = Q(pk=models.Subquery(newest.order_by("-number").values("pk")[:1])) | Q(apply_at__isnull=False)
    waiting = Revision.objects.unapplied().filter(is_open, translation__in=keys)
    waiting_rows = waiting.values_list("translation", "summary", "body")
    return {
        (pk, is_waiting, *named)
        for is_waiting, found in ((False, rows), (True, waiting_rows))
        for pk, summary, body in found
        for named in uses.named_in(summary, body)
    }


def places(kind: str, keys: Collection[str], most: int) -> Iterator[Place]:
    if kind == Kind.CATEGORY:
        yield from _held(keys, most)
        return
    related = _uses(kind, keys).select_related("translation").defer("translation__body", "translation__keywords")
    # The rows of readers' words first, so that of a text which has both it is that one which is shown.
    chosen: dict[tuple[str, int], TextUse] = {}
    for use in related.order_by("is_waiting", "translation__title", "pk")[: 2 * most]:
        chosen.setdefault((use.key, use.translation_id), use)
    for use in list(chosen.values())[:most]:
        yield _place(use.translation, use.key, is_waiting=use.is_waiting)


def counts(kind: str, keys: Collection[str]) -> dict[str, int]:
    if kind == Kind.CATEGORY:
        held = Translation.objects.filter(article__category__slug__in=keys).values_list("article__category__slug")
        return dict(held.annotate(Count("pk")).order_by())
    found = _uses(kind, keys).values_list("key").annotate(Count("translation", distinct=True)).order_by()
    return dict(found)


def _uses(kind: str, keys: Collection[str]) -> models.QuerySet[TextUse]:
    return TextUse.objects.filter(kind=kind, key__in=keys)


def _held(keys: Collection[str], most: int) -> Iterator[Place]:
    held = Translation.objects.filter(article__category__slug__in=keys).select_related("article__category")
    for found in held.order_by("article__position", "article_id", "language")[:most]:
        yield _place(found, found.article.category.slug, is_waiting=False, names_key=False)


def _place(translation: Translation, key: str, *, is_waiting: bool, names_key: bool = True) -> Place:
    shown = State.LIVE if translation.is_published else State.HIDDEN
    return Place(
        state=State.WAITING if is_waiting else shown,
        title=translation.title,
        what=_("article, %(language)s") % {"language": translation.get_language_display()},
        url=translation.work_url,
        key=key,
        names_key=names_key,
        language=translation.language,
    )
