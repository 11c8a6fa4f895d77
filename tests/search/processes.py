"""Processes that ask and write the same index at the same time, on the test's database; for real transactions.

`python -m tests.search.processes DEED STOP` does one thing again and again until the file STOP is there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

KNOWN, TITLE = "parcel", "Return a parcel"  # nobody changes it
EDITED = "edited"  # in the slug of what is changed all the time
NOTICE = "Search is catching up"
DUTIES = ["search.worker.apply_changes", "search.worker.compare"]

Process = subprocess.Popen[str]


def asks() -> Counter[str]:
    """The results page, from an index that is opened anew for each question, as by a process that just started."""
    from search.generation import forget

    forget()
    html = Client().get("/en/search/", {"q": KNOWN}).content.decode()
    return Counter(asked=1, empty=f">{TITLE}<" not in _plain(html), from_the_database=NOTICE in html)


def _plain(html: str) -> str:
    return html.replace("<mark>", "").replace("</mark>", "")


def edits() -> Counter[str]:
    from articles.models import Translation

    translation = Translation.objects.filter(slug__startswith=EDITED).order_by("?")[0]
    translation.summary = f"{translation.summary} again"[-200:]
    translation.save()
    call_command("update_index", verbosity=0)
    return Counter(edited=1)


def rebuilds() -> Counter[str]:
    call_command("rebuild_index", verbosity=0)
    return Counter(rebuilt=1)


def rebuilds_in_place() -> Counter[str]:
    """As Haystack's own command does: it empties the index, then fills it."""
    call_command("clear_index", interactive=False, verbosity=0)
    call_command("update_index", verbosity=0)
    return Counter(rebuilt=1)


def rebuilds_where_it_is_read() -> Counter[str]:
    """As who keeps no generation: the one that is read goes first."""
    import shutil

    from search.engine import backend_of

    shutil.rmtree(backend_of("en").folder.path, ignore_errors=True)
    return rebuilds()


DEEDS: dict[str, Callable[[], Counter[str]]] = {
    deed.__name__: deed for deed in (asks, edits, rebuilds, rebuilds_in_place, rebuilds_where_it_is_read)
}


class Processes:
    """Those that were started, and what they said in the end."""

    def __init__(self, place: Path) -> None:
        self.stop = place / "stop"
        self.log = place / "stderr"
        self.running: list[tuple[str, Process]] = []

    def start(self, deed: str) -> Process:
        """One of DEEDS, or the real worker."""
        command = ["manage.py", "worker"] if deed == "worker" else ["-m", __name__, deed, str(self.stop)]
        with self.log.open("a") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                env=_environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.running.append((deed, process))
        return process

    def kill(self, process: Process) -> None:
        """With -9; nothing more is expected of it."""
        process.kill()
        process.communicate()
        self.running = [(deed, other) for deed, other in self.running if other is not process]

    def finish(self) -> Counter[str]:
        """What all of them counted, with those that `failed`."""
        self.stop.touch()
        said: Counter[str] = Counter()
        for deed, process in self.running:
            if deed == "worker":
                process.terminate()
            output, _none = process.communicate(timeout=60)
            said.update(json.loads(output.splitlines()[-1]) if output.strip() else {})
            said["failed"] += process.returncode != 0
        self.running = []
        return said

    @property
    def errors(self) -> str:
        return self.log.read_text()


@contextmanager
def processes(place: Path, *deeds: str) -> Iterator[Processes]:
    """All of them have begun: each has done its deed once."""
    started = Processes(place)
    try:
        for deed in deeds:
            started.start(deed)
        for deed, process in started.running:
            assert deed == "worker" or process.stdout.readline() == "begun\n", started.errors
        yield started
    finally:
        for _deed, process in started.running:
            process.kill()
            process.communicate()


def _environment() -> dict[str, str]:
    given = {"HAYSTACK_CONNECTIONS": settings.HAYSTACK_CONNECTIONS, "WORKER_DUTIES": DUTIES, "EMAIL_PORT": 9}
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.contact.worker_settings",
        "HELPCENTER_TEST_VAR": str(settings.VAR_DIR),
        "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
        "WORKER_SETTINGS": json.dumps(given),
    }


def main(deed: str, stop: Path) -> None:
    django.setup()
    done = DEEDS[deed]()
    print("begun", flush=True)  # noqa: T201
    while not stop.exists():
        done += DEEDS[deed]()
    print(json.dumps(done))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
