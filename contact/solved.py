"""How often a suggested answer solved it before anything was sent; nothing about whom."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .counted import count_one


class SolvedCountQuerySet(models.QuerySet["SolvedCount"]):
    def note(self, day: date, answer: str, language: str) -> None:
        """One more is counted."""
        count_one(self, day=day, answer=answer, language=language)


class SolvedCount(models.Model):
    """How often on one day a request was not needed, thanks to this answer."""

    day = models.DateField(_("day"))
    answer = models.CharField(_("answer"), max_length=80)  # as texts link to it: article:KEY, flow:SLUG
    language = models.CharField(_("language"), max_length=12)
    count = models.PositiveIntegerField(_("how often"), default=0)

    objects = SolvedCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("request solved by an answer")
        verbose_name_plural = _("requests solved by an answer")
        ordering = ["-day", "answer"]
        constraints = [
            models.UniqueConstraint(fields=["day", "answer", "language"], name="one_solved_count_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.answer}"
