"""How much of each category there is in each language, and how much of it is outdated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from .models import Article, Category, Revision, Translation
from .stages import Significance
from .staleness import most, translate_url


@dataclass
class Cell:
    """A category in a language."""

    all: int = 0
    published: int = 0
    outdated: int = 0  # readers are told
    behind: int = 0  # something minor has changed since

    @property
    def missing(self) -> int:
        return self.all - self.published


@dataclass
class Line:
    category: Category
    cells: dict[str, Cell] = field(default_factory=lambda: {code: Cell() for code, _name in settings.LANGUAGES})


def table() -> dict[str, Any]:
    """The lines, their languages, and what there is to do, for the page; five queries whatever there is."""
    lines = {category.pk: Line(category) for category in Category.objects.select_related("parent")}
    # Not what the texts say: of a large help center that would be all its texts three times in memory.
    parts = [
        Prefetch("translations", Translation.objects.defer("summary", "body", "keywords")),
        Prefetch("translations__applied", Revision.objects.only("number", "translation", "made_from")),
        Prefetch("translations__applied__made_from", Revision.objects.only("number", "translation")),
    ]
    articles = Article.objects.prefetch_related(*parts).order_by("category", "position")
    changes = _changes()
    tasks = []
    for article in articles:
        translations = {found.language: found for found in article.translations.all()}
        source = translations.get(article.source_language)
        for code, _name in settings.LANGUAGES:
            cell, found = lines[article.category_id].cells[code], translations.get(code)
            change = None if found is None or found is source else _behind(found, source, changes)
            cell.all += 1
            cell.published += found is not None and found.is_published
            cell.outdated += change == Significance.MAJOR
            cell.behind += change == Significance.MINOR
            if source and found is not source and (found is None or change):
                tasks.append(_task(article, source, code, found, change))
    return {"lines": list(lines.values()), "languages": settings.LANGUAGES, "tasks": tasks}


def _task(
    article: Article, source: Translation, code: str, found: Translation | None, change: Significance | None
) -> dict[str, Any]:
    return {
        "title": (found or source).title,
        "language": dict(settings.LANGUAGES)[code],
        "is_missing": found is None,
        "is_outdated": change == Significance.MAJOR,
        "is_behind": change == Significance.MINOR,
        "url": translate_url(article, code),
    }


def _changes() -> dict[int, list[tuple[int, str]]]:
    """Translation → the numbers of its revisions and what each has changed."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    kept = Revision.objects.filter(discarded_at=None).order_by()
    for translation, number, significance in kept.values_list("translation", "number", "significance"):
        found[translation].append((number, significance))
    return found


def _behind(
    found: Translation, source: Translation | None, changes: dict[int, list[tuple[int, str]]]
) -> Significance | None:
    """The same as `staleness.behind`, of rows that are there already."""
    if source is None or source.applied is None:
        return None
    made_from = found.applied.made_from if found.applied else None
    since = made_from.number if made_from and made_from.translation_id == source.pk else 0
    between = [what for number, what in changes[source.pk] if since < number <= source.applied.number]
    return most(what for what in between if what != Significance.TYPO)
