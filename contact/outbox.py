"""The only way out of this machine: deliveries are put in, claimed, sent by their kind, and marked."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

from articles.wake import wake_worker

from . import mail
from .delivery import A_DAY, Delivery, NeverSendable, Refused, Unreachable
from .turns import take_turn

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=2)
ROUND = 2.0  # seconds, so that the worker's other duties get their turn, and a stop is obeyed soon
PATIENCE = 1.0  # seconds that the next delivery waits for the one under way
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
    """What was due has left or is under way; the seconds until there is more to do.

    Where the mail server does not answer, the round ends: the others would only wait for it in turn.
    """
    ends_at = time.monotonic() + ROUND
    while (left := ends_at - time.monotonic()) > 0:
        if lanes.have_room_within(left):
            if lanes.server_is_away():
                return 1.0
            delivery = Delivery.objects.claim(timezone.now())
            if delivery is None:
                return _seconds_until_next()
            lanes.take(delivery)
    return 0.0


class Lanes:
    """One delivery at a time; but one that takes long keeps a lane to itself, and the next goes on in another.

    Not several at a time from the start: a worker that is killed would leave as many to be sent twice.  When the
    process ends, those under way are finished first.
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._busy: dict[Future[bool], float] = {}  # since when
        self._answered: set[Future[bool]] = set()

    def have_room_within(self, seconds: float) -> bool:
        """Whether the next one need not wait, or not longer than that."""
        now = time.monotonic()
        if self._busy and len(self._busy) < settings.DELIVERY_LANES:
            seconds = min(seconds, max(self._busy.values()) + PATIENCE - now)
        done, _others = wait(self._busy, max(0.0, seconds), FIRST_COMPLETED)
        self._answered |= done
        for future in done:
            del self._busy[future]
        youngest = max(self._busy.values(), default=float("-inf"))
        return len(self._busy) < settings.DELIVERY_LANES and time.monotonic() >= youngest + PATIENCE

    def server_is_away(self) -> bool:
        """Whether one of those that came back since the last question found nobody."""
        answered, self._answered = self._answered, set()
        return not all(future.result() for future in answered)

    def take(self, delivery: Delivery) -> None:
        self._pool = self._pool or ThreadPoolExecutor(settings.DELIVERY_LANES, "delivery")
        self._busy[self._pool.submit(_deliver_in_lane, delivery)] = time.monotonic()


class OneLane(Lanes):
    """In the caller's own thread and transaction, for tests."""

    def take(self, delivery: Delivery) -> None:
        future: Future[bool] = Future()
        future.set_result(deliver(delivery))
        self._answered.add(future)


lanes = Lanes() if settings.DELIVERY_LANES > 1 else OneLane()


def _deliver_in_lane(delivery: Delivery) -> bool:
    try:
        return deliver(delivery)
    except Exception:  # the database: the delivery is taken again when its lease has ended
        logger.exception("Delivery %s could not be marked.", delivery.pk)
        return True
    finally:
        close_old_connections()


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
    take_turn(mailbox)
    sent = Delivery.objects.to_mailbox(mailbox, timezone.now() - A_DAY)
    return sent.count() >= settings.MAILS_A_DAY


def _sender_of(delivery: Delivery) -> Callable[[Delivery], None]:
    try:
        return SENDERS[delivery.kind]
    except KeyError:
        raise NeverSendable(f"Nothing here sends deliveries of the kind “{delivery.kind}”.") from None


def _note_that_it_left(delivery: Delivery) -> None:
    """A database that is locked or restarts just now must not make us send it twice: it is asked again.

    The server answers: those that waited for nothing else are due.
    """
    for tries_left in reversed(range(UNTIL_WRITTEN)):
        try:
            delivery.mark_delivered()
            Delivery.objects.hasten()
            return
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
