"""What is due, app by app: the duties that settings.WORKER_DUTIES names, round after round."""

from __future__ import annotations

import logging
import select
import signal
import socket
import time
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils.module_loading import import_string

from articles.wake import CHANNEL

PAUSE = 1.0  # seconds between two rounds, where the database cannot wake us
LONG_PAUSE = 5.0  # where it can; not longer, since a pooler before the database may swallow its call
REPORT_EVERY = 60.0  # seconds, where a duty fails in the same way in every round, as all do without a database

log = logging.getLogger(__name__)

_reported_at: dict[tuple[str, type[Exception]], float] = {}


def work_once() -> float | None:
    """Every duty has had its turn, and one that failed held up no other; the seconds until one is due again."""
    wishes = []
    for name in settings.WORKER_DUTIES:
        try:
            wishes.append(import_string(name)())
        except Exception as error:
            _report(name, error)
            wishes.append(PAUSE)
    return min((wish for wish in wishes if wish is not None), default=None)


def _report(name: str, error: Exception) -> None:
    """The log says so; of the same failure once a minute, or an hour without a database would fill the disk."""
    now, key = time.monotonic(), (name, type(error))
    last = _reported_at.get(key)
    if last is None or now - last >= REPORT_EVERY:
        _reported_at[key] = now
        log.error("The duty %s failed; it is tried again in the next round.", name, exc_info=error)


def work_through(seconds: float = 50.0) -> None:
    """Round after round while something is due at once, at most that long: cron comes back every minute."""
    ends_at = time.monotonic() + seconds
    while work_once() == 0 and time.monotonic() < ends_at:
        close_old_connections()


def work_until_stopped() -> None:
    """Rounds of work until SIGTERM or SIGINT; what is under way is finished."""
    with Sleeper() as sleeper:
        while not sleeper.is_stopped:
            close_old_connections()
            sleeper.sleep(work_once())


class Sleeper:
    """Sleeps until its time is over, somebody committed something to do, or a signal says stop."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._listener: Any = None

    def __enter__(self) -> Self:
        # A signal writes a byte here, so that it also ends a sleep that is only about to begin.
        self._ears, self._signals = socket.socketpair()
        self._signals.setblocking(False)
        signal.set_wakeup_fd(self._signals.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(-1)
        self._ears.close()
        self._signals.close()
        self._stop_listening()

    def sleep(self, seconds: float | None) -> None:
        """At most that long, and never longer than we can do without being woken."""
        listening = self._listen()
        longest = LONG_PAUSE if listening else PAUSE
        ears = [self._ears, *([listening] if listening else [])]
        ready, _, _ = select.select(ears, [], [], longest if seconds is None else min(seconds, longest))
        if listening in ready:
            self._hear()

    def _stop(self, *_: Any) -> None:
        self.is_stopped = True

    def _listen(self) -> Any:
        """The connection on which the database calls; None where it cannot, or is away just now."""
        if connection.vendor != "postgresql":
            return None
        if self._listener is None:
            self._listener = connection.copy()
            try:
                with self._listener.cursor() as cursor:
                    cursor.execute(f"LISTEN {CHANNEL}")
            except DatabaseError:
                self._stop_listening()
        return self._listener and self._listener.connection

    def _hear(self) -> None:
        """The call is taken off the line; that the line is dead is heard in the same way."""
        try:
            list(self._listener.connection.notifies(timeout=0.1, stop_after=1))
        except Exception:  # the driver's own errors: the database went away
            log.warning("The database no longer calls; it is asked every second until it does.")
            self._stop_listening()

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
