"""U3: who sends a file by drops is cut off; who is only slow is not."""

import socket
import time

from django.test import TransactionTestCase

from helpcenter import slow
from tests.contact.server import web_server

HEAD = (
    "POST /en/contact/files/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    "Content-Length: {length}\r\n\r\n"
)
START = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
END = "\r\n--x--\r\n"
SECONDS = slow.LONGEST / 30  # as hurried_wsgi has it


def drop(port: int, seconds: float) -> float | None:
    """A byte each tenth of a second; after how long the server hung up, None where it did not."""
    with socket.create_connection(("127.0.0.1", port), timeout=0.1) as connection:
        connection.sendall((HEAD.format(length=10_000_000) + START).encode())
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                connection.sendall(b"x")
                if not connection.recv(1):
                    return time.monotonic() - began
            except TimeoutError:
                continue
            except OSError:
                return time.monotonic() - began
        return None


def trickle(port: int) -> str:
    """64 KB in four pieces with a pause before each that is just short enough: the status of the answer."""
    body = START + "x" * 65_536 + END
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(HEAD.format(length=len(body)).encode())
        for start in range(0, len(body), slow.PIECE):
            time.sleep(SECONDS * 0.6)
            connection.sendall(body[start : start + slow.PIECE].encode())
        return connection.recv(100).decode().partition("\r\n")[0]


class SlowTests(TransactionTestCase):
    def test_drops_are_cut_off_and_a_slow_upload_gets_its_answer(self):
        assert 2 * slow.LONGEST <= 60
        with web_server("tests.contact.hurried_wsgi") as server:
            after = drop(server.port, 5 * SECONDS)
            assert after is not None and SECONDS * 0.8 <= after <= 2 * SECONDS
            assert trickle(server.port) == "HTTP/1.1 403 Forbidden"  # it has no token

    def test_without_the_clock_drops_hold_a_thread(self):
        with web_server("tests.contact.hurried_wsgi:waits_for_ever") as server:
            assert drop(server.port, 3 * SECONDS) is None
