"""What must leave this machine: the delivery, who holds it for how long, and what has become of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.wake import wake_worker

GIVEN_UP_AFTER = timedelta(hours=48)
A_DAY = timedelta(hours=24)

OPEN = {"delivered_at": None, "failed_at": None, "quarantined_at": None, "suppressed_at": None}


class NeverSendable(Exception):
    """It can never be sent, however often it is tried; says why."""


class Refused(Exception):
    """It was refused for good, in the words of who refused it; somebody may have it tried again."""


class Unreachable(Exception):
    """Who should take it did not do their part; the delivery is not to blame, and the others fare no better."""


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    HELD = "being sent", _("being sent")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")
    QUARANTINED = "quarantined", _("quarantined: can never be sent")
    SUPPRESSED = "suppressed", _("not sent: enough mails to this address in a day")

    @property
    def short(self) -> str:
        """The label without its reason, for where there is little room."""
        return str(self.label).partition(":")[0]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def undelivered(self) -> Self:
        """The outbox: what still has to leave."""
        return self.filter(**OPEN)

    def due(self, now: datetime) -> Self:
        """Those to be sent now that no worker holds."""
        return self.undelivered().filter(Q(leased_until=None) | Q(leased_until__lte=now), due_at__lte=now)

    def in_state(self, state: str) -> Self:
        """Those that are in this state now."""
        held = Q(leased_until__gt=timezone.now())
        waiting = Q(leased_until=None) | ~held
        if state in (State.WAITING, State.HELD):
            return self.undelivered().filter(held if state == State.HELD else waiting)
        return self.filter(**{f"{State(state).value}_at__isnull": False})

    def stuck(self) -> Self:
        """Those that nobody tries again before somebody says so."""
        given_up = Q(failed_at__isnull=False) | Q(quarantined_at__isnull=False)
        return self.filter(given_up, delivered_at=None)

    def to_mailbox(self, mailbox: str, since: datetime) -> Self:
        """The mails to this customer's mailbox from then on that were not held back."""
        return self.filter(mailbox=mailbox, created_at__gt=since, suppressed_at=None)

    def claim(self, now: datetime) -> Delivery | None:
        """The next due one, held by the caller alone until its lease ends; None when nothing is due.

        What failed before comes last: one that hangs every time must not stand before what was never tried, nor
        before what a worker held that has died.
        """
        if not self.due(now).exists():  # without the write lock that SQLite takes below
            return None
        with transaction.atomic():
            failed_before = Case(When(Q(attempts=0) | Q(leased_until__isnull=False), then=0), default=1)
            due = self.due(now).order_by(failed_before, "due_at", "pk")
            # PostgreSQL steps over what another worker is claiming; SQLite's transactions wait for each other.
            delivery = due.select_for_update(skip_locked=True).first()
            if delivery is None:
                return None
            if delivery.leased_until and now >= delivery.give_up_at:
                delivery.mark_failed("Every worker that tried to send it has died.")
                return self.claim(now)
            delivery.leased_until = now + timedelta(seconds=settings.DELIVERY_LEASE)
            delivery.attempts += 1
            # The condition is asked again by the database: of several workers exactly one changes the row.
            held = self.filter(pk=delivery.pk).due(now)
            is_ours = held.update(leased_until=delivery.leased_until, attempts=F("attempts") + 1)
        return delivery if is_ours else None

    def next_at(self) -> datetime | None:
        """When there is something to do: the first due, or the first lease to end; None in an empty outbox."""
        first = self.undelivered().aggregate(
            due=Min("due_at", filter=Q(leased_until=None)), held=Min("leased_until", filter=~Q(leased_until=None))
        )
        return min((moment for moment in first.values() if moment), default=None)

    def hasten(self) -> int:
        """Those that only waited for the mail server to answer are due now."""
        waiting = self.undelivered().filter(waits_for_server=True)
        return waiting.exists() and waiting.update(due_at=timezone.now(), waits_for_server=False)

    def send_again(self) -> int:
        """Those not delivered are due now, with all their time before them; how many they are.

        Not those that are being sent at this moment, which would leave twice.
        """
        now = timezone.now()
        fresh = {"due_at": now, "leased_until": None, "give_up_at": now + GIVEN_UP_AFTER, "attempts": 0}
        is_free = Q(leased_until=None) | Q(leased_until__lte=now)
        count = self.filter(is_free, delivered_at=None).update(**OPEN, **fresh)
        wake_worker()
        return count

    def release(self) -> int:
        """Those a worker holds are anybody's; how many they were."""
        count = self.in_state(State.HELD).update(leased_until=None)
        wake_worker()
        return count


def new_give_up_at() -> datetime:
    return timezone.now() + GIVEN_UP_AFTER


class Delivery(models.Model):
    """One thing that must leave this machine, complete: nothing is looked up again when it is sent."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.EMAIL)
    request = models.ForeignKey(
        "contact.ContactRequest",
        verbose_name=_("request"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    recipient = models.CharField(_("to"), max_length=254)
    # The customer's mailbox that this mail counts for; empty for mails to support.
    mailbox = models.CharField(max_length=254, blank=True, editable=False)
    subject = models.TextField(_("subject"))
    body = models.TextField(_("text"))
    html = models.TextField("HTML", blank=True)
    facts = models.JSONField(_("facts"), null=True, blank=True)  # the same for scripts: request.json
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    give_up_at = models.DateTimeField(_("given up at"), default=new_give_up_at)
    leased_until = models.DateTimeField(_("held by a worker until"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    waits_for_server = models.BooleanField(default=False, editable=False)  # it is not to blame itself
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed at"), null=True, blank=True)
    quarantined_at = models.DateTimeField(_("quarantined at"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("held back at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_outbox", condition=Q(**OPEN)),
            models.Index(fields=["mailbox", "created_at"], name="delivery_mailbox", condition=~Q(mailbox="")),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def state(self) -> State:
        """What has become of it."""
        for state in (State.DELIVERED, State.QUARANTINED, State.FAILED, State.SUPPRESSED):
            if getattr(self, f"{state.value}_at"):
                return state
        is_held = self.leased_until and self.leased_until > timezone.now()
        return State.HELD if is_held else State.WAITING

    @property
    def began_at(self) -> datetime:
        """Since when it has been tried: its creation, or the last time that somebody had it sent again."""
        return self.give_up_at - GIVEN_UP_AFTER

    def mark_delivered(self) -> None:
        """It has left, even where the lease ran out meanwhile: that is simply true."""
        self.delivered_at = timezone.now()
        ends = OPEN | {"delivered_at": self.delivered_at}
        Delivery.objects.filter(pk=self.pk).update(**ends, leased_until=None, last_error="")

    def mark_failed(self, error: str) -> None:
        """It is not tried again until somebody says so."""
        self._change_while_held(failed_at=timezone.now(), last_error=error)

    def quarantine(self, error: str) -> None:
        """It is set aside: trying again would change nothing."""
        self._change_while_held(quarantined_at=timezone.now(), last_error=error)

    def postpone(self, delay: timedelta, error: str, *, waits_for_server: bool = False) -> None:
        """It stays due, later; or it has failed, where its time is over."""
        now = timezone.now()
        if now >= self.give_up_at:
            self.mark_failed(error)
        else:
            self._change_while_held(due_at=now + delay, last_error=error, waits_for_server=waits_for_server)

    def _change_while_held(self, **values: Any) -> None:
        """Only while nobody else has taken it over after our lease, and nobody has delivered it."""
        held = Delivery.objects.undelivered().filter(pk=self.pk, leased_until=self.leased_until)
        held.update(**values, leased_until=None)
