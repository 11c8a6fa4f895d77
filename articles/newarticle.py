"""What a new article is filed under where its writer has not said so: its key and its language."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext

from .models import Article

MOST_KEY = 50  # characters, as of every SlugField


def titles_in(posted: Mapping[str, str], source: str) -> dict[str, str]:
    """The titles that were written on the article's page, by language: the source's first, if it has one."""
    written: dict[str, str] = {}
    for number in range(len(settings.LANGUAGES)):
        title = posted.get(f"translations-{number}-title", "").strip()
        language = posted.get(f"translations-{number}-language", "")
        if title and language in dict(settings.LANGUAGES):
            written[language] = title
    return dict(sorted(written.items(), key=lambda one: one[0] != source))


def languages_in(posted: Mapping[str, str]) -> dict[str, int]:
    """Where the page had the text of each language."""
    places = range(len(settings.LANGUAGES))
    return {posted.get(f"translations-{number}-language", ""): number for number in places}


def key_from(titles: Mapping[str, str]) -> str:
    """A free key of the first title's words, none of them cut; an error where there is nothing to make it from."""
    most = MOST_KEY - len("-999")
    for title in titles.values():
        whole = slugify(title)
        words = whole if len(whole) <= most else whole[: most + 1].rpartition("-")[0] or whole[:most]
        if words := words.strip("-_"):
            return _free(words)
    raise ValidationError(gettext("Write a title in one of the languages below, or a key."))


def _free(words: str) -> str:
    taken = set(Article.objects.filter(key__startswith=words).values_list("key", flat=True))
    number, key = 1, words
    while key in taken:
        number += 1
        key = f"{words}-{number}"
    return key
