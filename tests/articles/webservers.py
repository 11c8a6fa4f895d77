"""Web servers on loopback that answer as told, and remember what they were asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server, what it answers, what it was asked (methods with paths), and the last question's headers."""

    def __init__(self, server: ThreadingHTTPServer, answers: dict[str, int | str | Answering]) -> None:
        self.answers = answers
        self.host = f"127.0.0.1:{server.server_address[1]}"
        self.url = f"http://{self.host}"
        self.asked: list[str] = []
        self.headers: Mapping[str, str] = {}


@contextmanager
def site(**answers: int | str | Answering) -> Iterator[Site]:
    """`ok=200`, `moved="/ok"` (a redirect), or a function, at /ok and /moved; `ok_get` is what GET is answered."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            found.asked.append(f"{self.command} {self.path}")
            found.headers = dict(self.headers)
            name = self.path.strip("/").partition("?")[0]
            answer = answers.get(f"{name}_get", answers[name]) if self.command == "GET" else answers[name]
            if callable(answer):
                answer(self)
                return
            self.send_response(302 if isinstance(answer, str) else answer)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = answer

        def log_message(self, *_args: Any) -> None:
            """Nothing: the test's output is not for it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Site(server, answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    """One header after the other, until nobody listens any more."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    try:
        while True:
            handler.wfile.write(b"X-More: " + b"x" * 8_000 + b"\r\n")
    except OSError:
        handler.close_connection = True


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then: each in time, all together never."""
    try:
        for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500:
            handler.wfile.write(bytes([sign]))
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True
