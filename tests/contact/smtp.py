"""A real mail server on loopback that can misbehave, for tests."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings


class Inbox:
    """Takes what it is given; `answer` may say something else than yes to a recipient."""

    def __init__(self, answer: Callable[[str], str] = lambda recipient: "250 OK") -> None:
        self.answer = answer
        self.received: list[tuple[list[str], Message]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append((list(envelope.rcpt_tos), message_from_bytes(envelope.content, policy=default)))
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message for _recipients, message in self.received]  # type: ignore[misc]

    @property
    def recipients(self) -> list[str]:
        return sorted(address for recipients, _message in self.received for address in recipients)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def mail_goes_to(port: int) -> Any:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_TIMEOUT=2,
    )


@contextmanager
def mail_server(inbox: Inbox, port: int | None = None) -> Iterator[Inbox]:
    port = port or free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with mail_goes_to(port):
            yield inbox
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        yield sock.getsockname()[1]
