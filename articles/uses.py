"""What uses what: an article, a fact, a flow or a picture, and each place that names it.

Texts name things by key. Which do is written down with each save (`Use`), so that nobody reads all texts to know.
Who else uses something (a wait rule, a remedy) is asked of it. settings.USES lists the modules that answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

PLACE_OF_FACT = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
# However Markdown is written, a link's target stands in it like this; one that is only spoken of does no harm.
TARGET = re.compile(
    r"<(article|flow|image):([^<>\n]+)>|(?<![\w:/.-])(article|flow|image):((?:[^\s<>()\[\]\"'`#]|\([^\s()]*\))+)"
)
MOST = 200  # places shown of one thing
MOST_NAMED = 5  # in a sentence


class Kind(models.TextChoices):
    """What can be used."""

    FACT = "fact", gettext_lazy("policy fact")
    ARTICLE = "article", gettext_lazy("article")
    FLOW = "flow", gettext_lazy("flow")
    IMAGE = "image", gettext_lazy("image")
    CATEGORY = "category", gettext_lazy("category")


class State(IntEnum):
    """Who sees the place, those that matter most first."""

    LIVE = 1
    WAITING = 2
    HIDDEN = 3
    EARLIER = 4

    @property
    def label(self) -> str:
        return {
            State.LIVE: _("readers see it"),
            State.WAITING: _("in what is written and not published yet"),
            State.HIDDEN: _("readers do not see it"),
            State.EARLIER: _("in an earlier version"),
        }[self]


@dataclass(frozen=True, order=True)
class Place:
    """One place that uses something; `names_key` where it would not find it under another key."""

    state: State
    title: str
    what: str = ""  # the kind of place, and where in it
    url: str = ""
    key: str = field(default="", compare=False)  # of the thing used
    names_key: bool = field(default=True, compare=False)
    is_flow: bool = field(default=False, compare=False)
    language: str = field(default="", compare=False)  # of a text in one language

    def __str__(self) -> str:
        return f"{self.title} ({self.what})" if self.what else self.title


class Use(models.Model):
    """A text names something by its key."""

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=150)

    is_derived = True

    class Meta:
        abstract = True

    @property
    def named(self) -> tuple[str, str]:
        return self.kind, self.key


def named_in(*texts: str) -> set[tuple[str, str]]:
    """The kind and the key of all that the texts name."""
    found: set[tuple[str, str]] = set()
    for text in texts:
        found |= {(Kind.FACT.value, key) for key in PLACE_OF_FACT.findall(text)}
        for own_kind, own_key, kind, key in TARGET.findall(text):
            name = own_key.partition("#")[0].strip() if own_kind else key.rstrip(".,;:!?*_")
            found.add((own_kind or kind, name))
    return {(kind, key) for kind, key in found if 0 < len(key) <= 150}


def write_down(
    rows: models.Manager[Any], wanted: set[tuple[str, str]], *, is_new: bool = False, **fields: Any
) -> None:
    """The rows of one place are exactly these; nothing is written where they are already."""
    known = {} if is_new else {row.named: row.pk for row in rows.filter(**fields)}
    if gone := [pk for named, pk in known.items() if named not in wanted]:
        rows.filter(pk__in=gone).delete()
    made = [rows.model(kind=kind, key=key, **fields) for kind, key in sorted(wanted - known.keys())]
    if made:
        for row in made:
            setattr(row, rows.field.name, rows.instance)  # type: ignore[attr-defined]
        rows.model._default_manager.bulk_create(made, ignore_conflicts=True)


def places(kind: str, *keys: str, most: int = MOST) -> list[Place]:
    """Where it is used, by whatever key of its own, what readers see first; at most so many of each module."""
    return sorted(place for module in _modules("places") for place in module(kind, keys, most))


def counts(kind: str, keys: Collection[str]) -> Counter[str]:
    """In how many places each is used; as many queries for one key as for a hundred."""
    total: Counter[str] = Counter()
    for module in _modules("counts"):
        total.update(module(kind, keys))
    return total


@dataclass(frozen=True)
class Used:
    """One thing with the places that use it."""

    kind: str
    key: str
    count: int
    places: list[Place]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, self.count - len(self.places))

    @property
    def by_key(self) -> list[Place]:
        return [place for place in self.places if place.names_key]

    @property
    def live(self) -> list[Place]:
        return [place for place in self.places if place.state == State.LIVE]

    def __bool__(self) -> bool:
        return self.count > 0


def used(kind: str, key: str, *older: str) -> Used:
    """Where it is used, by this key or one that it had; as many queries for one place as for a thousand."""
    return Used(kind, key, counts(kind, [key, *older]).total(), places(kind, key, *older))


def in_words(count: int) -> str:
    return ngettext("%(count)d place", "%(count)d places", count) % {"count": count}


def named(found: Iterable[Place], count: int) -> str:
    """The first few of the places by name, and how many more there are."""
    names = [str(place) for place in found][:MOST_NAMED]
    listed = "; ".join(names)
    more = count - len(names)
    return _("%(names)s; and %(count)d more") % {"names": listed, "count": more} if more > 0 else listed


def _modules(name: str) -> Iterable[Callable[..., Any]]:
    return [getattr(import_module(path), name) for path in settings.USES]
