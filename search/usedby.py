"""Which search cases expect an article or a flow: they find it whatever it is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from haystack.utils import get_identifier

from articles.uses import Kind, Place, State

from .models import LoggedSearch, SearchCase

DAYS = 30
KEYS = {Kind.ARTICLE: "article__key", Kind.FLOW: "flow__slug"}


def places(kind: str, keys: Collection[str], most: int) -> Iterator[Place]:
    for case in _cases(kind, keys).select_related("article", "flow")[:most]:
        address = reverse("admin:search_searchcase_change", args=[case.pk])
        key = case.article.key if case.article else case.flow.slug if case.flow else ""
        yield Place(State.HIDDEN, case.question, _("search case"), address, key, names_key=False)


def counts(kind: str, keys: Collection[str]) -> Counter[str]:
    return Counter(_cases(kind, keys).values_list(KEYS.get(Kind(kind), "question"), flat=True))


def _cases(kind: str, keys: Collection[str]) -> QuerySet[SearchCase]:
    name = KEYS.get(Kind(kind))
    return SearchCase.objects.filter(**{f"{name}__in": keys}) if name else SearchCase.objects.none()


def readers(subject: Any) -> Iterator[str]:
    """How many searches have led to it lately."""
    opened = LoggedSearch.objects.filter(opened=get_identifier(subject)).since(DAYS).count()
    if opened:
        yield ngettext(
            "In the last %(days)d days, %(count)d search led to it.",
            "In the last %(days)d days, %(count)d searches led to it.",
            opened,
        ) % {"days": DAYS, "count": opened}
