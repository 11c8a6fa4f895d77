"""Transactions that count before they write take turns, or each would count without the others."""

from django.db import connection


def take_turn(name: str) -> None:
    """Nobody else has this turn until our transaction ends; those who ask for it wait.

    SQLite's transactions take turns by themselves: the first statement of each holds the write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
