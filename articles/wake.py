"""Tells the worker at the commit that there is something to do, where the database can; else it asks by itself.

In the lowest room, since every room may have something for the worker.
"""

from django.db import connection

CHANNEL = "helpcenter"


def wake_worker() -> None:
    """Workers that sleep wake when this transaction is committed, and not before."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
