"""What the labels of flows say in each language, without falling back to another one."""

from __future__ import annotations

from i18nfield.strings import LazyI18nString


def texts(label: LazyI18nString | dict[str, str]) -> dict[str, str]:
    """The label's texts by language, without falling back; an unread row holds the bare mapping."""
    data = getattr(label, "data", label)
    return {code: words for code, words in data.items() if words} if isinstance(data, dict) else {}


def has_label(label: LazyI18nString, language: str) -> bool:
    """Whether the label exists in this very language; reading it would fall back to another one."""
    return language in texts(label)
