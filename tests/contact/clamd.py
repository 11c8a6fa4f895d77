"""A virus scanner on loopback that speaks clamd's protocol, and can misbehave; it knows one virus."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.test import override_settings

from tests.contact.uploads import EICAR


def honest(content: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


class Conversation(socketserver.BaseRequestHandler):
    """One command; what is said at the end the server's `answer` decides, None says nothing at all."""

    def handle(self) -> None:
        command = self.read_to_nul()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        if command != b"zINSTREAM":
            return
        content = b""
        while length := struct.unpack("!L", self.read(4))[0]:
            content += self.read(length)
        said = self.server.answer(content)  # type: ignore[attr-defined]
        self.server.scanned.append(content)  # type: ignore[attr-defined]
        if said is None:
            self.server.closing.wait(30)  # type: ignore[attr-defined]
        else:
            self.request.sendall(said)

    def read_to_nul(self) -> bytes:
        read = b""
        while not read.endswith(b"\0"):
            read += self.read(1)
        return read[:-1]

    def read(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            part = self.request.recv(length - len(read))
            if not part:
                raise ConnectionResetError
            read += part
        return read


class Server(socketserver.ThreadingMixIn):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle is no concern of ours."""


class TcpServer(Server, socketserver.TCPServer):
    pass


class UnixServer(Server, socketserver.UnixStreamServer):
    pass


@contextmanager
def scanner(answer: Callable[[bytes], bytes | None] = honest, path: Path | None = None) -> Iterator[Any]:
    """The site's scanner; on a unix socket where a path is given.  It keeps what it was given in `scanned`."""
    server: Any = UnixServer(str(path), Conversation) if path else TcpServer(("127.0.0.1", 0), Conversation)
    server.answer, server.scanned, server.closing = answer, [], threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    place = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    cache.delete("contact.scanner.is_away")
    try:
        with override_settings(SCANNER=place):
            yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        cache.delete("contact.scanner.is_away")
