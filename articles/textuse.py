"""What each text names, as readers see it and as it waits: rows that are written with the text."""

from __future__ import annotations

from typing import Any

from django.db import models

from . import uses
from .uses import Use


class TextUse(Use):
    """A text names something by its key."""

    translation = models.ForeignKey("articles.Translation", on_delete=models.CASCADE, related_name="uses")
    is_waiting = models.BooleanField()  # in a revision that readers do not see yet

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["translation", "is_waiting", "kind", "key"], name="one_text_use"),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="text_use_of")]

    def __str__(self) -> str:
        return f"{self.translation_id}: {self.kind}:{self.key}"


def note(translation: Any, *, is_new: bool = False) -> None:
    """The rows say what the database's text names now, in the caller's transaction; in a new one nothing waits."""
    if is_new:
        named = uses.named_in(translation.summary, translation.body)
        uses.write_down(translation.uses, named, is_new=True, is_waiting=False)
        return
    row = type(translation)._default_manager.only("pk", "summary", "body", "applied").get(pk=translation.pk)
    waiting = [text for found in _waiting(row) for text in (found.summary, found.body)]
    uses.write_down(row.uses, uses.named_in(row.summary, row.body), is_waiting=False)
    uses.write_down(row.uses, uses.named_in(*waiting), is_waiting=True)


def _waiting(row: Any) -> list[Any]:
    """The newest revision, where readers do not see it, and those that they are going to see."""
    newest = row.revisions.filter(discarded_at=None)[:1]
    return [found for found in {*newest, *row.revisions.scheduled()} if found.pk != row.applied_id]
