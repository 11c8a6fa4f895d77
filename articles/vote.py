"""What readers said of an article: whether it answered their question, and why; nothing about who they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .revision import Revision

KEPT = timedelta(days=365)


class Reason(models.TextChoices):
    ACCURATE = "accurate", _("It is accurate")
    EASY = "easy", _("It is easy to follow")
    CONFUSING = "confusing", _("It is confusing")
    MISSING = "missing", _("Something is missing")
    DID_NOT_WORK = "did-not-work", _("It did not work for me")
    OTHER = "other", _("Something else")


REASONS = {
    True: (Reason.ACCURATE, Reason.EASY),
    False: (Reason.CONFUSING, Reason.MISSING, Reason.DID_NOT_WORK, Reason.OTHER),
}
OF_NOW = Q(revision=F("revision__translation__applied"))  # votes on what the text says now


class VoteQuerySet(models.QuerySet["Vote"]):
    def since(self, days: int) -> Self:
        return self.filter(voted_at__gt=timezone.now() - timedelta(days=days))

    def on(self, translation: models.Model) -> Self:
        return self.filter(revision__translation=translation.pk)

    def with_words(self) -> Self:
        return self.exclude(words="")

    def put(self, key: str, revision: int, *, is_helpful: bool, **said: str) -> None:
        """The vote with this key says this, whether it was there or not; a reason for the contrary is gone."""
        row = self.model(key=key, revision_id=revision, is_helpful=is_helpful, **said)
        self.bulk_create([row], ignore_conflicts=True)
        mine = self.filter(key=key)
        mine.exclude(is_helpful=is_helpful).update(is_helpful=is_helpful, reason="", words="")
        if said:
            mine.update(**said)

    def by_text(self) -> models.QuerySet[Vote, dict[str, int]]:
        """For each text how many said Yes and No to what it says now, and to what it said before."""
        return (
            self.order_by()
            .values("revision__translation", title=F("revision__translation__title"))
            .annotate(
                yes=Count("pk", filter=OF_NOW & Q(is_helpful=True)),
                no=Count("pk", filter=OF_NOW & Q(is_helpful=False)),
                yes_before=Count("pk", filter=~OF_NOW & Q(is_helpful=True)),
                no_before=Count("pk", filter=~OF_NOW & Q(is_helpful=False)),
            )
        )

    def over(self) -> Self:
        """Those that are no longer kept."""
        return self.filter(voted_at__lt=timezone.now() - KEPT)

    def wordy_for_too_long(self) -> Self:
        """Those whose free text is no longer kept."""
        return self.with_words().filter(voted_at__lt=timezone.now() - timedelta(days=settings.VOTE_WORDS_DAYS))


class Vote(models.Model):
    """Somebody said whether a revision answered their question; what looks personal in their words is masked."""

    revision = models.ForeignKey(
        Revision, verbose_name=_("revision"), on_delete=models.CASCADE, related_name="votes"
    )
    key = models.CharField(max_length=32, unique=True, editable=False)  # random; who holds it signed may change it
    is_helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True)
    words = models.TextField(_("words"), blank=True)
    voted_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["-voted_at", "-pk"]

    def __str__(self) -> str:
        return str(_("Yes") if self.is_helpful else _("No"))


class RecentVote(models.Model):
    """A vote of the last hour, by which the same press is known again and those of one network are limited.

    Names nobody: both are keyed hashes, and gone after the hour.
    """

    press = models.CharField(max_length=64, unique=True)
    network = models.CharField(max_length=64, blank=True)
    vote_key = models.CharField(max_length=32)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["network", "ends_at"], name="votes_of_network")]

    def __str__(self) -> str:
        return self.press
