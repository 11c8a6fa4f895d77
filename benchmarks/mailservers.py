"""Mail servers that answer, hang or are not there, and the worker that hands mails to them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from django.conf import settings


@contextmanager
def up() -> Iterator[int]:
    with absent() as port:
        pass
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def hanging() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]


@contextmanager
def absent() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    yield port


STATES: dict[str, Callable[[], AbstractContextManager[int]]] = {"up": up, "hanging": hanging, "down": absent}


@contextmanager
def worker(port: int) -> Iterator[None]:
    """The worker runs beside us, in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"],
        env=os.environ | {"HELPCENTER_EMAIL_URL": f"smtp://127.0.0.1:{port}"},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
