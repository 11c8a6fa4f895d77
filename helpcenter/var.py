"""The folder of HELPCENTER_VAR, in which everything lies that is written."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def make_folder() -> None:
    """It is there, for its owner alone; where it cannot be made, one sentence says so."""
    try:
        settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The folder {settings.VAR_DIR} (HELPCENTER_VAR) cannot be made: {error.strerror}."
        ) from error


def why_unusable() -> str:
    """One sentence where an embedded database lies in a folder that is not there: SQLite does not say which."""
    database = settings.DATABASES["default"]
    folder = Path(database["NAME"]).parent
    if "sqlite3" not in database["ENGINE"] or folder.is_dir():
        return ""
    if folder == settings.VAR_DIR:
        return f"There is no folder {folder} (HELPCENTER_VAR). `manage.py migrate` makes it, and a database in it."
    return f"There is no folder {folder}, in which HELPCENTER_DATABASE_URL has the database."
