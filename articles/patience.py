"""How long somebody waits for a database that is busy, locked or away.

In the lowest room, since customers wait in every room.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, InternalError, OperationalError, connection

TROUBLE = (OperationalError, InterfaceError, InternalError)  # locked, full, read-only, away
BEST_EFFORT = 0.1  # seconds that a count may cost a reader, who did not ask for it


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Locks are waited for so long and no longer; then it is an OperationalError."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    usual = connection.settings_dict["OPTIONS"].get("timeout", 0)
    _wait(seconds)
    try:
        yield
    finally:
        with suppress(Exception):  # a broken connection is closed by Django at the end of the request
            _wait(usual)


@contextmanager
def best_effort() -> Iterator[None]:
    """What is counted here is counted if the database has time for it, else not at all."""
    with suppress(*TROUBLE), patience(BEST_EFFORT):
        yield


def _wait(seconds: float) -> None:
    # The driver's own errors would be nobody's: views keep what was typed on those of Django.
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        elif connection.vendor == "postgresql":
            connection.connection.execute(f"SET lock_timeout = {int(seconds * 1000)}")
