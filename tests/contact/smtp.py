"""A real mail server on loopback that can misbehave, for tests."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections import Counter
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
        EMAIL_BACKEND="contact.mailservers.SmtpBackend",
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


class RoughServer(socketserver.ThreadingTCPServer):
    """A mail server in every mood: `mood` says for a recipient what becomes of the mail.

    “250”, or another answer to RCPT; “hang”: silence after DATA; “drip”: an answer byte by byte, over
    `drips_for` seconds; “drop before” and “drop after” its 250; a number of seconds: late.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50
    drips_for = 2.0

    def __init__(self, mood: Callable[[str], str] = lambda recipient: "250", port: int = 0) -> None:
        self.mood = mood
        self.taken: list[tuple[str, str]] = []  # recipient and Message-ID of what got a 250
        super().__init__(("127.0.0.1", port), Conversation)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def recipients(self) -> list[str]:
        return sorted(recipient for recipient, _message_id in self.taken)

    @property
    def doubled(self) -> dict[tuple[str, str], int]:
        """What was taken more than once, by recipient and Message-ID."""
        return {mail: count for mail, count in Counter(self.taken).items() if count > 1}


class Conversation(socketserver.StreamRequestHandler):
    server: RoughServer

    def handle(self) -> None:
        try:
            self._talk()
        except (OSError, EOFError):
            return

    def _talk(self) -> None:
        self._say("220 rough")
        recipient = ""
        while True:
            line = self._hear()
            verb = line[:4].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
                mood = self.server.mood(recipient)
                self._say(f"{mood} said rough" if mood[:3].isdigit() and len(mood) == 3 else "250 yes")
            elif verb == "DATA":
                self._say("354 go on")
                self._take(recipient, self._content())
            elif verb == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 yes")

    def _take(self, recipient: str, content: list[str]) -> None:
        mood = self.server.mood(recipient)
        if mood == "hang":
            self._wait_for_the_end()
        if mood == "drip":
            self._drip()
        if mood == "drop before":
            raise EOFError
        if mood.startswith("0.") or (mood.isdigit() and len(mood) < 3):
            time.sleep(float(mood))
        message_id = next(line for line in content if line.lower().startswith("message-id:"))
        # One who was cut off or killed no longer hears the 250; a real server would have taken it all the same.
        self.server.taken.append((recipient, message_id.partition(":")[2].strip()))
        self._say("250 taken")
        if mood == "drop after":
            raise EOFError

    def _content(self) -> list[str]:
        lines = []
        while (line := self._hear()) != ".":
            lines.append(line)
        return lines

    def _drip(self) -> None:
        ends_at = time.monotonic() + self.server.drips_for
        self.wfile.write(b"250-")
        while time.monotonic() < ends_at:
            self.wfile.write(b"x")
            time.sleep(0.1)
        self._say("")

    def _wait_for_the_end(self) -> None:
        if not self.rfile.read(1):
            raise EOFError

    def _hear(self) -> str:
        line = self.rfile.readline()
        if not line:
            raise EOFError
        return line.decode(errors="replace").rstrip("\r\n")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def rough_server(mood: Callable[[str], str] = lambda recipient: "250", port: int = 0) -> Iterator[RoughServer]:
    with RoughServer(mood, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            with mail_goes_to(server.port):
                yield server
        finally:
            server.shutdown()
            thread.join()
