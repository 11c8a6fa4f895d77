"""What the labels of flows say in each language, without falling back to another one."""

from __future__ import annotations

import re

from django.utils.translation import gettext
from i18nfield.strings import LazyI18nString

from articles.languages import current_language

from .graph import text

BLANK = re.compile(r"step-\d+")  # made by editing.blank_slug; its number is not the one the step has on its page


def texts(label: LazyI18nString | dict[str, str]) -> dict[str, str]:
    """The label's texts by language, without falling back; an unread row holds the bare mapping."""
    data = getattr(label, "data", label)
    return {code: words for code, words in data.items() if words} if isinstance(data, dict) else {}


def has_label(label: LazyI18nString, language: str) -> bool:
    """Whether the label exists in this very language; reading it would fall back to another one."""
    return language in texts(label)


def name_of(title: LazyI18nString | dict[str, str], slug: str, language: str = "") -> str:
    """What a step is called at the desk: its title in whatever language it has one, else the slug it was given."""
    words = text(texts(title), language or current_language())
    return words or (gettext("untitled") if BLANK.fullmatch(slug) else slug)
