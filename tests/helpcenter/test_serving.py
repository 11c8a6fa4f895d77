"""`manage.py serve`, as `make run` calls it: from nothing to a page, and Ctrl-C ends all of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from helpcenter.serving import run_together

FIRST_PAGE = 60.0  # seconds to wait at most; how long it takes is measured elsewhere


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELPCENTER_", "DJANGO_"))}
    return kept | {"HELPCENTER_VAR": str(place), "HELPCENTER_SECRET_KEY": "k" * 50}


@contextmanager
def serving(place: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    run = [*manage, "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(run, env=environment(place), check=True)  # noqa: S603
    process = subprocess.Popen(  # noqa: S603
        [*manage, "serve", "--port", str(port)], env=environment(place), stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(40)
        assert process.stdout
        process.stdout.close()


def page(port: int, address: str) -> str:
    deadline = time.monotonic() + FIRST_PAGE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_serves_the_demo_from_nothing_and_stops_as_one(tmp_path):
    port = free_port()
    with serving(tmp_path, port) as process:
        assert "How can we help?" in page(port, "/en/")
        assert 'href="/en/articles/' in page(port, "/en/search/?q=refund")
        assert 'href="/static/css/site.' in page(port, "/en/")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        running = children.read_text().split() if children.exists() else []
    assert process.returncode == 0
    assert is_free(port)
    assert [pid for pid in running if Path(f"/proc/{pid}").exists()] == []


def test_when_one_ends_by_itself_the_others_end_too():
    started = time.monotonic()
    patient = [sys.executable, "-c", "import time; time.sleep(60)"]
    failing = [sys.executable, "-c", "raise SystemExit(3)"]
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.getsignal(number) for number in numbers}
    try:
        assert run_together([patient, failing]) == 3
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert time.monotonic() - started < 50


TOGETHER = """
import signal, sys
signal.signal(signal.SIGHUP, signal.{handler})
from helpcenter.serving import run_together
child = [sys.executable, "-c", "print('here', flush=True); import time; time.sleep(60)"]
sys.exit(run_together([child]))
"""


@contextmanager
def together(handler: str) -> Iterator[subprocess.Popen[str]]:
    """One command run as `serve` runs its own, which has begun."""
    program = [sys.executable, "-c", TOGETHER.format(handler=handler)]
    process = subprocess.Popen(program, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout
    assert process.stdout.readline() == "here\n"
    yield process
    process.communicate(timeout=20)  # the child has ended, too: it held the other end
    assert process.returncode == 0


def test_a_terminal_that_is_closed_leaves_nobody_behind():
    with together("SIG_DFL") as process:
        process.send_signal(signal.SIGHUP)


def test_who_wants_to_outlive_the_terminal_does():
    with together("SIG_IGN") as process:
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.terminate()


def test_make_follows_the_folder_of_the_settings(tmp_path):
    """Else `make run` writes a key where the site does not look for one."""
    place = tmp_path / "place"
    given = environment(place)
    program = ["make", "--no-print-directory", "-C", str(settings.BASE_DIR)]
    dry_run = [*program, "--dry-run", "--always-make", "run"]
    shown = subprocess.check_output(dry_run, env=given, text=True)  # noqa: S603
    assert f"touch {place}/static/staticfiles.json" in shown
    subprocess.run([*program, f"{place}/secret_key"], env=given, check=True)  # noqa: S603
    assert len((place / "secret_key").read_text()) > 50
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / "secret_key").stat().st_mode & 0o777 == 0o600
