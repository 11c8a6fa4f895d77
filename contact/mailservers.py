"""Where mails go: to a mail server, in one dialogue with one end; or, where none is set, into a folder."""

from __future__ import annotations

import os
import queue
import secrets
import smtplib
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

TOTAL = 15.0  # seconds, where EMAIL_TIMEOUT says nothing


class Dialogue(smtplib.SMTP):
    """From the look-up of the server's name to its last word within `timeout` seconds altogether.

    smtplib's own time-out begins anew with every byte, so that a server which drips holds a worker for ever.
    """

    def __init__(
        self,
        host: str = "",
        port: int = 0,
        local_hostname: str | None = None,
        timeout: float = TOTAL,
        source_address: tuple[str, int] | None = None,
    ) -> None:
        self._ends_at = time.monotonic() + timeout
        self._line: socket.socket | None = None
        self._is_cut = False
        self._watchdog = threading.Timer(timeout, self._cut)
        self._watchdog.daemon = True
        self._watchdog.start()
        try:
            super().__init__(host, port, local_hostname, timeout, source_address)
        except BaseException:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        try:
            return super().getreply()
        except OSError as error:
            raise self._why(error) from error

    def send(self, s: Any) -> None:
        try:
            super().send(s)
        except OSError as error:
            raise self._why(error) from error

    def close(self) -> None:
        self._watchdog.cancel()
        super().close()
        if self._line:
            self._line.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = _connect(host, port, self._ends_at)
        line.settimeout(timeout + 1)  # the watchdog comes first, and says so
        # A second handle on the same connection stays ours whatever TLS wraps around the first.
        self._line = line.dup()
        if self._is_cut:
            self._cut()
        return line

    def _cut(self) -> None:
        self._is_cut = True
        if self._line:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _why(self, error: OSError) -> OSError:
        return TimeoutError("The mail server took too long, and was cut off.") if self._is_cut else error


class DialogueOverTls(smtplib.SMTP_SSL, Dialogue):
    """The same, encrypted from the start."""


class SmtpBackend(EmailBackend):
    """Django's own, with an end: EMAIL_TIMEOUT is for the whole of one mail, not for each word of the server."""

    @property
    def connection_class(self) -> type[Dialogue]:
        return DialogueOverTls if self.use_ssl else Dialogue

    def open(self) -> bool | None:
        try:
            return super().open()
        except BaseException:
            self._hang_up()
            raise

    def close(self) -> None:
        """Said without waiting for an answer: what was taken is taken, and a slow good-bye holds up the next."""
        if self.connection:
            with suppress(OSError):
                self.connection.putcmd("quit")
        self._hang_up()

    def _hang_up(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


class FolderBackend(BaseEmailBackend):
    """Where no mail server is set: each message is a file in EMAIL_FILE_PATH, for its owner's eyes only."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(folder, message.message().as_bytes())
        return len(email_messages)

    def _write(self, folder: Path, content: bytes) -> None:
        """The whole file is there under its name, or none of it."""
        name = f"{timezone.localtime():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(folder / name)


def _connect(host: str, port: int, ends_at: float) -> socket.socket:
    """A connection to the first of the host's addresses that answers; each has its share of the time left."""
    addresses = _look_up(host, port, ends_at)
    for left, (family, kind, protocol, _name, address) in zip(
        reversed(range(len(addresses))), addresses, strict=True
    ):
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(max(0.01, (ends_at - time.monotonic()) / (left + 1)))
            line.connect(address)
        except OSError:
            line.close()
            if not left:
                raise
        else:
            return line
    raise OSError("The name of the mail server has no address.")


def _look_up(host: str, port: int, ends_at: float) -> list[Any]:
    """Nothing interrupts the system's look-up of a name: it has a thread of its own, which we need not await."""
    answers: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.01, ends_at - time.monotonic()))
    except queue.Empty:
        raise TimeoutError("The name of the mail server was not found in time.") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
