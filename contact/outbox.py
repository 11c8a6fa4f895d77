"""The only way out of this machine: deliveries are claimed, sent, and marked."""

from __future__ import annotations

import logging
import random
from datetime import timedelta

from django.utils import timezone

from . import mail
from .models import Delivery

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=2)
MOST_IN_A_ROUND = 100  # so that the worker's other duties get their turn

logger = logging.getLogger(__name__)


def deliver_due() -> None:
    """What was due has left, or waits for its next try, or has failed for good; none of them held up another.

    Where the mail server does not answer, the round ends: the others would only wait for it in turn.
    """
    for _round in range(MOST_IN_A_ROUND):
        delivery = Delivery.objects.claim(timezone.now())
        if delivery is None or not deliver(delivery):
            return


def deliver(delivery: Delivery) -> bool:
    """Send a claimed delivery and mark it; False where the mail server is to blame."""
    try:
        mail.send(delivery)
    except mail.NeverSendable as error:
        _log(delivery, "can never be sent", error)
        delivery.mark_failed(str(error))
    except mail.Unreachable as error:
        _log(delivery, "waits for the mail server", error)
        delivery.postpone(wait_after(delivery.attempts), str(error))
        return False
    except Exception as error:
        _log(delivery, "waits", error)
        delivery.postpone(wait_after(delivery.attempts), f"{type(error).__name__}: {error}")
    else:
        delivery.mark_delivered()
    return True


def wait_after(attempts: int) -> timedelta:
    """Ten seconds, doubled with every attempt up to two hours, and a little at random against stampedes."""
    seconds = FIRST_WAIT.total_seconds() * 2 ** min(attempts - 1, 20)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 – spreads load, keeps no secret
    return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()) * jitter)


def _log(delivery: Delivery, fate: str, error: Exception) -> None:
    """The error's own words may hold an address: they stay in the database, where only staff reads them."""
    cause = error.__cause__ or error
    logger.warning("Delivery %s %s: %s (attempt %s)", delivery.pk, fate, type(cause).__name__, delivery.attempts)
