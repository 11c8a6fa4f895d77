"""Texts that answer nearly the same as one that is about to be published: found by the search, then compared."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from articles.checklist import Check
from articles.findings import Finding, Text
from articles.models import Translation

from . import engine
from .analysis import Question, filler_terms, term, terms
from .engine import Unavailable

LOOKED_AT = 6  # of what the title finds, and of what the text finds; one of them may be the text itself
SAME_TITLE = 92  # of 100
SAME_WORDS = 0.6  # of the words that both texts use, so that a policy and its guide are two texts
FEWEST_WORDS = 15  # of which nothing can be said otherwise


def near(text: Text) -> Iterator[Finding]:
    """The published texts of the language that ask the same, or say nearly the same; none without an index."""
    try:
        references = engine.near(text.title, f"{text.summary} {text.body}", text.language, LOOKED_AT)
    except Unavailable:
        return
    found = [pk for label, pk in references if label == Translation._meta.label_lower]
    others = Translation.objects.published().filter(pk__in=found).exclude(article__key=text.key)
    for other in others.select_related("article"):
        if _is_near(text, other):
            words = _("A text that answers nearly the same: “%(title)s” (article:%(key)s). Would one be enough?")
            given = {"title": other.title, "key": other.article.key}
            yield Finding(Check.DUPLICATES, "title", words % given)


def _is_near(text: Text, other: Translation) -> bool:
    return _same_title(text.title, other.title, text.language) or _shared(text, other) >= SAME_WORDS


def _same_title(one: str, other: str, language: str) -> bool:
    """Whether they ask the same, in whatever order and inflexion; a single word is too little to say so."""
    asked = [
        sorted({term(word, language) for word in Question.of(title, language).words}) for title in (one, other)
    ]
    if min(map(len, asked)) < 2:
        return one.casefold() == other.casefold()
    return fuzz.ratio(" ".join(asked[0]), " ".join(asked[1])) >= SAME_TITLE


def _shared(text: Text, other: Translation) -> float:
    """Which part of the different words of both texts stands in both."""
    own, others = (
        set(terms(f"{one.summary} {one.body}", text.language)) - filler_terms(text.language)
        for one in (text, other)
    )
    if min(len(own), len(others)) < FEWEST_WORDS:
        return 0.0
    return len(own & others) / len(own | others)
