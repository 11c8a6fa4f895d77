"""What texts say without accents and capitals: so the desk's list finds them, whatever the database can."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .revision import Revision

FOLDED = ("title", "slug", "summary", "keywords", "body")
MOST_WORDS = 10  # of a question; the others are left out


def fold(words: str) -> str:
    """In small letters, without accents: “Devolución” is “devolucion”."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def folded(*texts: Any) -> str:
    """What these rows say, each that has one or more of the fields of a text."""
    return fold("\n".join(getattr(text, name) for text in texts for name in FOLDED))


class FoldedTextQuerySet(models.QuerySet["FoldedText"]):
    def saying(self, question: str) -> Self:
        """Those in which every word of the question stands, in any order, the beginning of a word too."""
        found = self
        for word in fold(question).split()[:MOST_WORDS]:
            found = found.filter(words__contains=word)
        return found


class FoldedText(models.Model):
    """All the words of a translation and of the revision that waits for it.  Readers need none of it."""

    translation = models.OneToOneField(
        "articles.Translation", primary_key=True, on_delete=models.CASCADE, related_name="folded"
    )
    words = models.TextField()

    is_derived = True

    objects = FoldedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text to search")
        verbose_name_plural = _("texts to search")

    def __str__(self) -> str:
        return self.words[:80]


def remember(translation: Any, waiting: Revision | None = None) -> None:
    """The list finds the translation by what it says, and by what its waiting revision says."""
    words = folded(translation, waiting) if waiting else folded(translation)
    FoldedText.objects.bulk_create(
        [FoldedText(translation=translation, words=words)],
        update_conflicts=True,
        unique_fields=["translation"],
        update_fields=["words"],
    )


def fill(translations: Any, rows: Any) -> None:
    """Those that have no row get one; for texts that were put in beside `Translation.save()`."""
    missing = translations.filter(folded=None).only("pk", *FOLDED).order_by("pk")
    for some in _slices(missing):
        rows.bulk_create(rows.model(translation_id=one.pk, words=folded(one)) for one in some)


def _slices(missing: Any, size: int = 500) -> Any:
    while some := list(missing[:size]):
        yield some
