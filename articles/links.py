"""What the links of a text lead to: the registry of kinds, and the kind `article:`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from .models import Translation


@dataclass(frozen=True)
class Link:
    """Where a key leads to; `language` is that of the target where it is not the reader's."""

    url: str
    title: str
    language: str = ""


Resolver = Callable[[Collection[str], str], dict[str, Link]]


def resolve(kind: str, keys: Collection[str], language: str) -> dict[str, Link]:
    """The links that readers may follow, by key; what is hidden or unknown is missing."""
    if not keys or kind not in settings.MARKDOWN_LINKS:
        return {}
    resolver: Resolver = import_string(settings.MARKDOWN_LINKS[kind])
    return resolver(keys, language)


def articles(keys: Collection[str], language: str) -> dict[str, Link]:
    """Published articles, in the reader's language where they exist in it."""
    translations = Translation.objects.published().filter(article__key__in=keys).select_related("article")
    links: dict[str, Link] = {}
    for found in translations.order_by("language"):
        is_own = found.language == language
        if is_own or found.article.key not in links:
            own_language = "" if is_own else found.language
            links[found.article.key] = Link(found.get_absolute_url(), found.title, own_language)
    return links
