"""Somebody else who holds the write lock, in a process or a connection of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import skipUnless

import psycopg
from django.apps import apps
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
    """Nobody can write to the test database; all can read."""
    with _held_file() if connection.vendor == "sqlite" else _held_tables():
        yield


@contextmanager
def _held_file() -> Iterator[None]:
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


@contextmanager
def _held_tables() -> Iterator[None]:
    tables = ", ".join(f'"{model._meta.db_table}"' for model in apps.get_models(include_auto_created=True))
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as holder:
        holder.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
        yield
        holder.rollback()
