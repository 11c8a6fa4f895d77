"""The worker's duties about links to other sites: that they are known, and whether they still answer."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Semaphore

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from . import fetching, holders
from .external import ExternalLink

EVERY = 30.0  # seconds between two looks for texts that were written
AT_ONCE = 100  # texts, and as many steps
BETWEEN = timedelta(seconds=5)  # two questions to the same host
LEASE = timedelta(minutes=5)  # longer than asking can take, with all its redirects
ROUND = 20  # addresses, so that the worker's other duties get their turn

log = logging.getLogger(__name__)

_collected_at: list[float] = []
_free_lanes = Semaphore(settings.LINK_LANES)
_pool = ThreadPoolExecutor(settings.LINK_LANES, "links")


def collect(every: float = EVERY) -> float | None:
    """The external links of every text and flow are known; looks at most once in that many seconds."""
    if not settings.CHECK_LINKS or (_collected_at and time.monotonic() - _collected_at[0] < every):
        return None
    if holders.collect(AT_ONCE):
        return 0.0
    _collected_at[:] = [time.monotonic()]
    holders.forget_unheld()
    return None


def check_due() -> float | None:
    """What was due is being asked for, each host now and then; the seconds until there is more to do."""
    if not settings.CHECK_LINKS:
        return None
    for _number in range(ROUND):
        if not _free_lanes.acquire(blocking=False):
            return 1.0
        link = _claim()
        if link is None:
            _free_lanes.release()
            return _seconds_until_next()
        if settings.LINK_LANES > 1:
            _pool.submit(_ask_in_lane, link)
        else:  # in the caller's own thread and transaction, for tests
            _ask(link)
    return 0.0


def _claim() -> ExternalLink | None:
    """One that is due, of a host that nobody has asked just now; no other worker gets it meanwhile."""
    now = timezone.now()
    busy = ExternalLink.objects.filter(asked_at__gt=now - BETWEEN).exclude(host="").values("host")
    for link in ExternalLink.objects.due().exclude(host__in=busy)[:5]:
        taken = ExternalLink.objects.filter(pk=link.pk, next_at=link.next_at)
        if taken.update(next_at=now + LEASE, asked_at=now):
            link.asked_at = now
            return link
    return None


def _ask(link: ExternalLink) -> None:
    try:
        link.note(fetching.ask(link.address, f"HelpCenter link check (+{settings.SITE_URL})", settings.LINK_HOSTS))
    except Exception:  # the database: it is asked again when its lease has ended
        log.exception("What was found at external link %s could not be kept.", link.pk)
    finally:
        _free_lanes.release()


def _ask_in_lane(link: ExternalLink) -> None:
    _ask(link)
    close_old_connections()


def _seconds_until_next() -> float | None:
    link = ExternalLink.objects.order_by("next_at").first()
    if link is None:
        return None
    left = (link.next_at - timezone.now()).total_seconds()
    return left if left > 0 else BETWEEN.total_seconds()
