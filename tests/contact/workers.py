"""Real worker processes on the test's database, to be killed and stopped; for tests with real transactions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

Process = subprocess.Popen[bytes]


class Workers:
    def __init__(self, **given: Any) -> None:
        self.given = given
        self.all: list[Process] = []

    def start(self) -> Process:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.contact.worker_settings",
            "HELPCENTER_TEST_VAR": str(settings.VAR_DIR),
            "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
            "WORKER_SETTINGS": json.dumps(self.given),
        }
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
        self.all.append(process)
        return process


@contextmanager
def workers(count: int, port: int, **given: Any) -> Iterator[Workers]:
    """So many of them; a setting may be given by its name."""
    running = Workers(EMAIL_PORT=port, **given)
    try:
        for _number in range(count):
            running.start()
        yield running
    finally:
        for process in running.all:
            process.kill()
            process.wait()


def wait_until(condition: Callable[[], Any], seconds: float = 20) -> float:
    """The condition holds; how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "It did not come true."
        time.sleep(0.02)
    return time.monotonic() - began
