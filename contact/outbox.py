"""The only way out of this machine: deliveries are put in, claimed, sent by their kind, and marked."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from articles.wake import wake_worker

from . import mail
from .delivery import A_DAY, Delivery, NeverSendable, Refused, Unreachable

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=2)
ROUND = 2.0  # seconds, so that the worker's other duties get their turn, and a stop is obeyed soon
UNTIL_WRITTEN = 5  # tries to note what has left, each as long as the database lets us wait

logger = logging.getLogger(__name__)

# Who sends what kind.  A sender returns when it has left, or raises NeverSendable, Refused, Unreachable, or
# anything else where a later try may work.
SENDERS: dict[str, Callable[[Delivery], None]] = {Delivery.Kind.EMAIL: mail.send}


def put(*deliveries: Delivery) -> None:
    """They leave once the caller's transaction is committed; the worker wakes at that moment.

    What is more than a customer's mailbox gets in a day is kept and seen, but held back: whoever types a
    stranger's address must not be able to fill it.
    """
    for delivery in deliveries:
        if delivery.mailbox and _has_had_enough(delivery.mailbox):
            delivery.suppressed_at = timezone.now()
    Delivery.objects.bulk_create(deliveries)
    wake_worker()


def deliver_due() -> float | None:
    """What was due has left, or waits for its next try, or is over; the seconds until there is more to do.

    Where the mail server does not answer, the round ends: the others would only wait for it in turn.  When it
    answers again, those that waited for nothing else are due at once.
    """
    ends_at = time.monotonic() + ROUND
    hastened = False
    while time.monotonic() < ends_at:
        delivery = Delivery.objects.claim(timezone.now())
        if delivery is None or not deliver(delivery):
            break
        if not hastened and delivery.delivered_at:
            hastened = True
            Delivery.objects.hasten()
    else:
        return 0.0
    return _seconds_until_next() if delivery is None else 1.0


def deliver(delivery: Delivery) -> bool:
    """Send a claimed delivery and mark it; False where the mail server is to blame."""
    try:
        _sender_of(delivery)(delivery)
    except NeverSendable as error:
        _log(delivery, "can never be sent", error)
        delivery.quarantine(str(error))
    except Refused as error:
        _log(delivery, "was refused for good", error)
        delivery.mark_failed(str(error))
    except Unreachable as error:
        _log(delivery, "waits for the mail server", error)
        delivery.postpone(wait_after(delivery.attempts), str(error), waits_for_server=True)
        return False
    except Exception as error:
        _log(delivery, "waits", error)
        delivery.postpone(wait_after(delivery.attempts), f"{type(error).__name__}: {error}")
    else:
        _note_that_it_left(delivery)
    return True


def wait_after(attempts: int) -> timedelta:
    """Ten seconds, doubled with every attempt up to two hours, and a little at random against stampedes."""
    seconds = FIRST_WAIT.total_seconds() * 2 ** min(attempts - 1, 20)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 – spreads load, keeps no secret
    return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()) * jitter)


def _has_had_enough(mailbox: str) -> bool:
    if connection.vendor == "postgresql":
        # Requests at the same moment count one after the other; SQLite's transactions do so by themselves.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [mailbox])
    sent = Delivery.objects.to_mailbox(mailbox, timezone.now() - A_DAY)
    return sent.count() >= settings.MAILS_A_DAY


def _sender_of(delivery: Delivery) -> Callable[[Delivery], None]:
    try:
        return SENDERS[delivery.kind]
    except KeyError:
        raise NeverSendable(f"Nothing here sends deliveries of the kind “{delivery.kind}”.") from None


def _note_that_it_left(delivery: Delivery) -> None:
    """A database that is locked or restarts just now must not make us send it twice: it is asked again."""
    for tries_left in reversed(range(UNTIL_WRITTEN)):
        try:
            return delivery.mark_delivered()
        except OperationalError:
            if not tries_left:
                raise
            connection.close()
            time.sleep(1)


def _seconds_until_next() -> float | None:
    next_at = Delivery.objects.next_at()
    return max(0.0, (next_at - timezone.now()).total_seconds()) if next_at else None


def _log(delivery: Delivery, fate: str, error: Exception) -> None:
    """The error's own words may hold an address: they stay in the database, where only staff reads them."""
    cause = error.__cause__ or error
    logger.warning("Delivery %s %s: %s (attempt %s)", delivery.pk, fate, type(cause).__name__, delivery.attempts)
