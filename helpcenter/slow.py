"""Who sends the body of a request by drops is cut off, so that nobody holds a thread for hours.

gunicorn waits for a body as long as single bytes keep coming; so does a proxy, but it has room for many.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

PIECE = 16 * 1024  # bytes …
LONGEST = 30.0  # … in so many seconds at least: a telephone at the edge of its network sends ten times as much
LOOK = 1.0  # seconds between two looks


class Watch:
    """One thread of this process that knows who is waited for, and until when."""

    def __init__(self) -> None:
        self._waiting: dict[socket.socket, float] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, connection: socket.socket) -> None:
        with self._lock:
            self._waiting[connection] = time.monotonic() + LONGEST
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True, name="slow")
                self._thread.start()

    def end(self, connection: socket.socket) -> bool:
        """Whether it came in time."""
        with self._lock:
            return self._waiting.pop(connection, None) is not None

    def _look(self) -> None:
        while True:
            time.sleep(LOOK)
            with self._lock:
                for connection, ends_at in list(self._waiting.items()):
                    if time.monotonic() > ends_at:
                        del self._waiting[connection]
                        with suppress(OSError):
                            connection.shutdown(socket.SHUT_RDWR)


watch = Watch()


class Body:
    """The body of a request, read in pieces of which each has its time."""

    def __init__(self, body: Any, connection: socket.socket) -> None:
        self._body = body
        self._connection = connection

    def read(self, size: int | None = None) -> bytes:
        pieces: list[bytes] = []
        left = size if size is not None and size >= 0 else None
        while left is None or left > 0:
            piece = self._piece(self._body.read, PIECE if left is None else min(PIECE, left))
            if not piece:
                break
            pieces.append(piece)
            left = None if left is None else left - len(piece)
        return b"".join(pieces)

    def readline(self, size: int | None = None) -> bytes:
        return self._piece(self._body.readline, PIECE if size is None or size < 0 else min(PIECE, size))

    def readlines(self, hint: int | None = None) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def _piece(self, read: Callable[[int], bytes], size: int) -> bytes:
        watch.begin(self._connection)
        is_in_time = False
        try:
            piece = read(size)
        finally:
            is_in_time = watch.end(self._connection)
        if not is_in_time:  # the half that came must not pass for the whole
            raise ConnectionAbortedError
        return piece


def cut_off_drops(environ: dict[str, Any]) -> None:
    """The body comes at a reasonable pace or not at all; where the server hides the connection, as it likes."""
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        environ["wsgi.input"] = Body(environ["wsgi.input"], connection)
