"""What the checks of texts speak of: the text, what was found in it, and what they must know around it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .checklist import Check


@dataclass(frozen=True)
class Text:
    """One language of an article as somebody wrote it."""

    key: str
    language: str
    title: str
    summary: str = ""
    body: str = ""
    keywords: str = ""


@dataclass(frozen=True)
class Finding:
    """What could be better, in a sentence, and where: in which field, on which line of it."""

    check: Check
    field: str
    words: str
    line: int | None = None
    is_mild: bool = False  # advice, however much the check weighs

    @property
    def sentence(self) -> str:
        """The words with the line in front, for where there is no link to it."""
        return (
            _("Line %(line)s: %(words)s") % {"line": self.line, "words": self.words} if self.line else self.words
        )


@dataclass(frozen=True)
class Target:
    """An article that is linked to: its anchors in the text that readers are shown; None: they cannot reach it."""

    anchors: Collection[str] | None
    title: str = ""
    waits_for_us: bool = False  # never published, and links back: one of the two must go first


@dataclass(frozen=True)
class Surroundings:
    """What the rules must know of the help center around a text."""

    facts: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, Target] = field(default_factory=dict)  # those that exist
    flows: Collection[str] = ()  # those that readers can reach
    images: Collection[str] = ()
    broken: Mapping[str, str] = field(default_factory=dict)  # external address → what was found, in words
    own_contacts: Collection[str] = ()
    country: str = ""
