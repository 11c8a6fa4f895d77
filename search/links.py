"""The links of a results page to its categories and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.urls import translate_url
from django.utils.translation import gettext as _

from articles.languages import offered
from articles.models import Category

from .forms import SearchForm
from .results import Found, Place


@dataclass(frozen=True)
class Link:
    """Without an address: the gap between page numbers."""

    label: str
    url: str = ""
    count: int = 0
    is_current: bool = False


def links_to_places(form: SearchForm, found: Found, category: Category | None) -> list[Link]:
    """Everywhere, and each category with results; none when there is nothing to choose."""
    places = list(found.places)
    if category and category not in [place.category for place in places]:
        places.append(Place(category, len(found.references(category))))
    if len(places) < 2 and not category:
        return []
    everywhere = Link(_("All categories"), form.address(), len(found.visible), is_current=category is None)
    return [everywhere] + [
        Link(str(place.category), form.address(place.category), place.count, place.category == category)
        for place in places
    ]


@dataclass(frozen=True)
class Pages:
    """The ways to the other pages; `previous` and `next` are empty at the ends."""

    numbers: list[Link]
    previous: str
    next: str


def links_to_pages(form: SearchForm, page: Page[Any], category: Category | None) -> Pages:
    """Their numbers, with gaps where they are many."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return Pages(
        numbers=[
            Link(str(number), form.address(category, number), is_current=number == page.number)
            if isinstance(number, int)
            else Link(str(number))
            for number in numbers
        ],
        previous=form.address(category, page.number - 1) if page.has_previous() else "",
        next=form.address(category, page.number + 1) if page.has_next() else "",
    )


def in_other_languages(address: str) -> dict[str, str]:
    """The same question in every language of the site."""
    return {code: translate_url(address, code) for code in offered()}
