"""How the deliveries are, in figures, for whoever watches the machine; nothing personal is among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from .attachment import Attachment
from .delivery import GIVEN_UP_AFTER, Delivery, State

SCANNED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Figures:
    waiting: int  # not delivered yet, being sent included
    oldest_seconds: int  # how long the oldest of them has been tried
    failed: int  # in the hours asked about …
    quarantined: int
    suppressed: int
    unscanned: int  # files that the virus scanner has not looked at for a quarter of an hour
    lost_to_support: int  # of requests: failed or quarantined whenever, and nobody has had it sent again


def figures(now: datetime, since: timedelta) -> Figures:
    """The figures of this moment; those of what is over go back as far as `since`."""
    waiting = Delivery.objects.undelivered()
    first = waiting.aggregate(first=Min("give_up_at"))["first"]
    began_at = first - GIVEN_UP_AFTER if first else now
    to_support = Delivery.objects.filter(mailbox="", request__isnull=False)
    return Figures(
        waiting=waiting.count(),
        oldest_seconds=max(0, int((now - began_at).total_seconds())),
        failed=Delivery.objects.filter(failed_at__gt=now - since).count(),
        quarantined=Delivery.objects.filter(quarantined_at__gt=now - since).count(),
        suppressed=Delivery.objects.filter(suppressed_at__gt=now - since).count(),
        unscanned=_unscanned(now),
        lost_to_support=sum(to_support.in_state(state).count() for state in (State.FAILED, State.QUARANTINED)),
    )


def _unscanned(now: datetime) -> int:
    if not settings.SCANNER:
        return 0
    return Attachment.objects.waiting_for_scan().filter(added_at__lt=now - SCANNED_AFTER).count()
