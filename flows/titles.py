"""What articles are called at the desk, by the words of those who read it."""

from __future__ import annotations

from django.db.models import QuerySet

from articles.languages import current_language
from articles.models import Article


def titles_of(articles: QuerySet[Article]) -> dict[tuple[int, str], str]:
    """By pk and key the title in the request's language, else in the one that it is written in; one query."""
    language = current_language()
    best: dict[tuple[int, str], tuple[int, str]] = {}
    named = articles.values_list("pk", "key", "source_language", "translations__language", "translations__title")
    for pk, key, source, code, title in named:
        rank = 0 if code == language else 1 if code == source else 2
        best[pk, key] = min((rank, title or key), best.get((pk, key), (3, "")))
    return {names: title for names, (_rank, title) in best.items()}
