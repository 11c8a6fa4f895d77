"""Harmless copies of files, made by copier.py in a process of its own: one that fails, fails alone."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from .refusals import Reason, Refused

COPIER = Path(__file__).with_name("copier.py")
LONGEST = 20.0  # seconds for one file; it has less than that of the processor
PATIENCE = 5.0  # seconds to wait for a place
# A copy may need some hundred megabytes: so many are made at once in one web process.
PLACES = threading.BoundedSemaphore(2)
REASONS = {
    "unknown": Reason.UNKNOWN,
    "huge": Reason.HUGE,
    "active": Reason.ACTIVE,
    "locked": Reason.LOCKED,
    "full": Reason.NO_ROOM,
}

logger = logging.getLogger(__name__)


def harmless(file: IO[bytes], into: IO[bytes], name: str) -> str:
    """A harmless copy of the file is written; its type.  Refused where there can be none."""
    if not PLACES.acquire(timeout=PATIENCE):
        raise Refused(Reason.BUSY, name)
    try:
        return _copy(file, into, name)
    finally:
        PLACES.release()


def _copy(file: IO[bytes], into: IO[bytes], name: str) -> str:
    file.flush()
    file.seek(0)
    command = [sys.executable, "-I", str(COPIER)]
    try:
        # Without our environment, which holds the secret key.
        done = subprocess.run(  # noqa: S603
            command, stdin=file, stdout=into, stderr=subprocess.PIPE, timeout=LONGEST, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused(Reason.HUGE, name) from None
    said = done.stderr.decode(errors="replace").split()[-1:]
    if done.returncode == 0 and said:
        return said[0]
    reason = REASONS.get("".join(said), Reason.DAMAGED)
    if reason == Reason.NO_ROOM:
        logger.error("A file could not be copied: no room.")
    raise Refused(reason, name)
