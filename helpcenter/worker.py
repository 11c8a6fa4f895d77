"""What is due, app by app: the duties that settings.WORKER_DUTIES names, round after round."""

from __future__ import annotations

import logging
import signal
import threading

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

PAUSE = 1.0  # seconds between two rounds

log = logging.getLogger(__name__)


def work_once() -> None:
    """Every duty has had its turn; one that failed is logged and holds up no other."""
    for name in settings.WORKER_DUTIES:
        try:
            import_string(name)()
        except Exception:
            log.exception("The duty %s failed; it is tried again in the next round.", name)


def work_until_stopped() -> None:
    """Rounds of work until SIGTERM or SIGINT; the round under way is finished."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.is_set():
        close_old_connections()
        work_once()
        stopped.wait(PAUSE)
