"""HELPCENTER_VAR that is not there yet: made where something is set up, and said in one line everywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings


def manage(command: str, place: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELPCENTER_", "DJANGO_"))}
    environment = kept | {"HELPCENTER_VAR": str(place), "HELPCENTER_SECRET_KEY": "k" * 50} | more
    run = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command.split()]
    return subprocess.run(run, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


@pytest.mark.parametrize("command", ["worker --once", "check_flows"])
def test_says_in_one_line_that_it_is_not_there(command: str, tmp_path: Path):
    place = tmp_path / "deep" / "var"
    ran = manage(command, place)
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 1
    assert f"There is no folder {place} (HELPCENTER_VAR). `manage.py migrate` makes it" in ran.stderr
    assert not place.exists()


def test_names_the_folder_of_a_database_elsewhere(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    ran = manage("check_flows", tmp_path, HELPCENTER_DATABASE_URL=f"sqlite:///{elsewhere}/db.sqlite3")
    assert ran.stderr.splitlines() == [
        f"Help center: There is no folder {elsewhere}, in which HELPCENTER_DATABASE_URL has the database."
    ]


def test_migrate_makes_it_for_its_owner_alone(tmp_path: Path):
    place = tmp_path / "deep" / "var"
    assert manage("migrate --plan", place).returncode == 0  # what matters comes before any migration is run
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "db.sqlite3").is_file()


def test_migrate_says_in_one_line_that_it_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    ran = manage("migrate", tmp_path / "file" / "var")
    assert ran.stderr.splitlines() == [
        f"Help center: The folder {tmp_path}/file/var (HELPCENTER_VAR) cannot be made: Not a directory."
    ]
