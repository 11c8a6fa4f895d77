"""The demo help center, imported and indexed once a run and put back for each test: its rows, and its index."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction

from helpcenter.content import import_folder

Rows = dict[str, tuple[list[str], list[Any]]]  # by table: its columns and rows


class Snapshot:
    """What a database and the indexes held at one moment."""

    def __init__(self, place: Path, folders: list[Path]) -> None:
        self.place = place
        self.rows: Rows = {table: _read(table) for table in _tables()}
        for number, folder in enumerate(folders):
            shutil.copytree(folder, place / str(number))

    def put_back(self, folders: list[Path]) -> None:
        """The database holds the same rows and no others; the folders hold the same index."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.rows:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
            # References are checked at the end, so that the order of the tables does not matter.
            for table, (columns, rows) in self.rows.items():
                _write(cursor, table, columns, rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
                cursor.execute(statement)
        ContentType.objects.clear_cache()
        for number, folder in enumerate(folders):
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(self.place / str(number), folder)


def import_demo() -> None:
    assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _tables() -> list[str]:
    return list(dict.fromkeys(model._meta.db_table for model in _models() if not model._meta.proxy))


def _read(table: str) -> tuple[list[str], list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return [column[0] for column in cursor.description or ()], cursor.fetchall()


def _write(cursor: Any, table: str, columns: list[str], rows: list[Any]) -> None:
    names = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    if rows:
        cursor.executemany(
            f"INSERT INTO {connection.ops.quote_name(table)} ({names}) VALUES ({places})",  # noqa: S608
            rows,
        )
