"""Who holds links to other sites: texts, and the steps of flows.  settings.LINK_HOLDERS lists who knows.

Each module has `collect` (reads what was written since), `places` (rows with their `link`, one for each place) and
`holders` (the first places of each link, to be listed).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, RowNumber

from . import fetching
from .external import ExternalLink, digest, page
from .reading import read

MOST = 20  # places listed of one link, of each kind


@dataclass(frozen=True)
class Holder:
    """A place that holds a link: whose it is, what of it, whether readers see it, and where it is mended."""

    title: str
    what: str
    state: str
    url: str  # empty for who may not see it


def collect(most: int) -> bool:
    """What was written since is known, at most so many of each kind; whether there is more."""
    return most in [module.collect(most) for module in _modules()]


def forget_unheld() -> None:
    """No link is kept that no place holds."""
    unheld = [~Exists(module.places().filter(link=OuterRef("pk"))) for module in _modules()]
    ExternalLink.objects.filter(*unheld).delete()


def counted(links: QuerySet[ExternalLink]) -> QuerySet[Any]:
    """The links, each with the `count` of places that hold it."""
    total: Combinable = Value(0)
    for module in _modules():
        own = module.places().filter(link=OuterRef("pk")).order_by().values("link")
        total += Coalesce(Subquery(own.annotate(own_count=Count("pk")).values("own_count")), 0)
    return links.annotate(count=total)


def listed(links: Collection[ExternalLink], user: Any) -> dict[int, list[Holder]]:
    """The first places of each link and of each kind, by its key; as many queries for one link as for fifty."""
    found: dict[int, list[Holder]] = {link.pk: [] for link in links}
    for pk, holder in chain.from_iterable(module.holders(links, user) for module in _modules()):
        found[pk].append(holder)
    return found


def first_of_each(places: QuerySet[Any], links: Iterable[ExternalLink], *order: str) -> QuerySet[Any]:
    """The first places of each of the links, in that order."""
    nth = Window(RowNumber(), partition_by=F("link"), order_by=[*order])
    return places.filter(link__in=links).annotate(nth=nth).filter(nth__lte=MOST).order_by("link", "nth")


def pages_in(texts: Iterable[str]) -> dict[str, str]:
    """The external links of these texts, by their digest.  It takes a while: not while others wait to write."""
    pages = {page(link.target) for text in texts for link in read(text, {}).external}
    return {digest(address): address for address in pages}


def write_down(rows: Any, wanted: Mapping[str, str]) -> None:
    """The rows of one place are exactly these external links."""
    before = set(rows.values_list("link__digest", flat=True))
    for mark in wanted.keys() - before:
        given = {"address": wanted[mark], "host": fetching.host_of(wanted[mark])[:255]}
        link, _made = ExternalLink.objects.get_or_create(given, digest=mark)
        rows.get_or_create(link=link)
    rows.filter(link__digest__in=before - wanted.keys()).delete()


def _modules() -> Iterator[Any]:
    return (import_module(path) for path in settings.LINK_HOLDERS)
