"""What still counts against a limit, and how often requests were refused, as rows; contact/spam.py asks them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from .counted import count_one
from .turns import take_turn


class AllowanceQuerySet(models.QuerySet["Allowance"]):
    def take(self, key: str, limit: int, window: timedelta, now: datetime) -> datetime | None:
        """One more counts for as long as the window, and the answer is None; else the moment there is room again.

        Of many at once never more than the limit get None.  For the transaction that does what is counted.
        """
        take_turn(key)
        counting = self.filter(key=key, ends_at__gt=now).order_by("ends_at")
        over = counting.count() - limit
        if over >= 0:
            return counting.values_list("ends_at", flat=True)[over]
        self.create(key=key, ends_at=now + window)
        return None


class Allowance(models.Model):
    """One request that still counts against a limit, of an e-mail address or a network; names neither.

    A row for each, since a count for each hour or day lets twice the limit through around its end.
    """

    key = models.CharField(max_length=64)  # a keyed hash
    ends_at = models.DateTimeField(db_index=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "ends_at"], name="allowance_counting")]

    def __str__(self) -> str:
        return self.key


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def note(self, day: date, reason: Refusal.Reason) -> None:
        """One more is counted."""
        count_one(self, day=day, reason=reason)


class Refusal(models.Model):
    """How often requests were refused on one day, for one reason."""

    class Reason(models.TextChoices):
        TRAP = "trap", _("the hidden field was filled in")
        TOO_FAST = "too-fast", _("faster than a person")
        EMAIL = "email", _("too many from one e-mail address")
        NETWORK = "network", _("too many from one network")
        WORK = "work", _("without a proof of work, or with a used one")
        AGAIN = "again", _("one request too often with changes")

    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    count = models.PositiveIntegerField(_("how often"), default=0)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        ordering = ["-day", "reason"]
        constraints = [models.UniqueConstraint(fields=["day", "reason"], name="one_refusal_per_day_and_reason")]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_reason_display()}"
