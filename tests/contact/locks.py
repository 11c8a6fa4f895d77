"""Somebody else who holds SQLite's write lock, in a process of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import skipUnless

from django.db import connection

only_sqlite = skipUnless(connection.vendor == "sqlite", "PostgreSQL has no lock on the whole database")

HOLDER = """
import sqlite3, sys
holder = sqlite3.connect(sys.argv[1], isolation_level=None)
holder.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_write_lock() -> Iterator[None]:
    """Nobody can write to the test database."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", HOLDER, str(connection.settings_dict["NAME"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    try:
        assert process.stdout.readline() == b"held\n"
        yield
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
