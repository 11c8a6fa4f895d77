"""Spam without third parties: a hidden field, the time the whole path took, limits that hold over processes, and
a proof of work where the site asks for one.

Whoever is refused is told what to do, and keeps their text; refusals are counted, without anything personal.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.patience import TROUBLE

from . import typed, work
from .draftrequest import KEPT
from .models import Allowance, ContactRequest, DraftRequest, Refusal

TRAP = "subject"  # tempting to whoever fills in everything, and no name that browsers fill in by themselves
LATER_VERSIONS = 5  # of one request in 24 hours
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Refused(Exception):
    """Nothing was sent; says why, and after how long it may be tried again."""

    def __init__(self, reason: Refusal.Reason, wait: timedelta) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


def is_trapped(request: HttpRequest) -> bool:
    """Whether the field was filled in that people neither see nor hear of."""
    return bool(request.POST.get(TRAP))


def check(draft: DraftRequest, sent: ContactRequest | None, network: str, answer: str) -> None:
    """The draft may be sent and counts against the limits; else Refused.  Called in the transaction that sends.

    Other words for what was sent need their time since the last ones, and are not taken without end.
    """
    now = timezone.now()
    fastest = timedelta(seconds=settings.FASTEST_REQUEST)
    if now - (sent.last_sent_at if sent else draft.created_at) < fastest:
        raise Refused(Refusal.Reason.TOO_FAST, fastest)
    # Always in this order, so that two senders never wait for each other.
    if settings.PROOF_OF_WORK:
        challenge = work.solved(draft, answer)
        if not challenge or _room_at(Refusal.Reason.WORK, challenge, 1, KEPT, now):
            raise Refused(Refusal.Reason.WORK, timedelta())  # the page has a new challenge
    if sent:
        _take(Refusal.Reason.AGAIN, sent.pk.hex, LATER_VERSIONS, DAY, now)
    _take(Refusal.Reason.EMAIL, _same(draft.email), settings.REQUESTS_PER_EMAIL, DAY, now)
    if network:
        _take(Refusal.Reason.NETWORK, network, settings.REQUESTS_PER_NETWORK, HOUR, now)


def may_upload(network: str) -> bool:
    """Whether one more file may come from there; where it may, it counts."""
    limit = settings.REQUESTS_PER_NETWORK * settings.FILES
    with transaction.atomic():
        return _room_at("files", network, limit, HOUR, timezone.now()) is None


def check_change(sent: ContactRequest) -> None:
    """What was sent may be changed and that counts; else Refused.  Called in the transaction that changes it."""
    _take(Refusal.Reason.AGAIN, f"call {sent.pk.hex}", LATER_VERSIONS, DAY, timezone.now())


def note(reason: Refusal.Reason) -> None:
    """One refusal more today; not worth waiting for, nor worth a failure."""
    with suppress(*TROUBLE):
        Refusal.objects.note(timezone.localdate(), reason)


def forget_old() -> None:
    """What was counted for a limit is gone an hour or a day later; looks at most once a minute."""
    if cache.add("contact.spam.forget_old", True, timeout=60):
        Allowance.objects.filter(ends_at__lte=timezone.now()).delete()


def _take(reason: Refusal.Reason, value: str, limit: int, window: timedelta, now: datetime) -> None:
    if room_at := _room_at(reason, value, limit, window, now):
        raise Refused(reason, room_at - now)


def _room_at(reason: str, value: str, limit: int, window: timedelta, now: datetime) -> datetime | None:
    """None where it counts now; else when there is room again."""
    # A keyed hash: whoever sees the table learns no address.
    key = salted_hmac("contact.spam", f"{reason} {value}", algorithm="sha256").hexdigest()
    return Allowance.objects.take(key, limit, window, now)


def _same(email: str) -> str:
    """The same for all spellings of one address."""
    try:
        return typed.ascii_address(email).casefold()
    except UnicodeError:
        return email.casefold()
