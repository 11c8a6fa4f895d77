"""The real web server in processes of its own, on the test database; for TransactionTestCase alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection

from contact.models import DraftRequest
from flows.models import Topic
from tests.contact.smtp import free_port

SECRET = "c" * 32  # what the browser has as its CSRF cookie, and the form as its token
START = 30.0  # seconds to wait at most


class Ready(NamedTuple):
    """A draft as its check page holds it, to be sent from threads that ask nothing of the database."""

    pk: UUID
    token: str
    digest: str


class Answer(NamedTuple):
    """What a browser got; status 0 where it got nothing."""

    status: int
    headers: Mapping[str, str]
    body: str
    seconds: float


class Server:
    def __init__(self, process: subprocess.Popen[bytes], port: int, place: str) -> None:
        self.process = process
        self.port = port
        self.place = place  # its HELPCENTER_VAR

    def send(self, draft: Ready, path: str = "/en/contact/check/", **headers: str) -> tuple[int, str]:
        """Press Send on the check page; the status and where it leads, or (0, "") without an answer."""
        answer = self.press_send(draft, path, **headers)
        return answer.status, answer.headers.get("Location", "")

    def press_send(self, draft: Ready, path: str = "/en/contact/check/", work: str = "", **headers: str) -> Answer:
        fields = {"draft": draft.token, "shown": draft.digest, "csrfmiddlewaretoken": SECRET, "work": work}
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={SECRET}"}
        return self.ask("POST", path, urlencode(fields), form | headers)

    def upload(self, draft: Ready, name: str, content: str) -> Answer:
        """A text file, as the script of the details page sends it."""
        fields = {"draft": draft.token, "csrfmiddlewaretoken": SECRET}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{text}' for key, text in fields.items()]
        parts.append(f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n{content}')
        body = "".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--\r\n"
        form = {"Content-Type": "multipart/form-data; boundary=x", "Cookie": f"csrftoken={SECRET}"}
        return self.ask("POST", "/en/contact/files/", body, form)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        http = HTTPConnection("127.0.0.1", self.port, timeout=30)
        began = time.monotonic()
        try:
            http.request(method, path, body, dict(headers or {}))
            got: HTTPResponse = http.getresponse()
            text = got.read().decode()
            return Answer(got.status, got.headers, text, time.monotonic() - began)
        except (OSError, HTTPException):
            return Answer(0, {}, "", time.monotonic() - began)
        finally:
            http.close()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_workers(self) -> int:
        """kill -9 of every process that answers customers; how many there were."""
        killed = 0
        for pid in self.workers():
            try:
                os.kill(pid, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                continue
        return killed

    def wait(self) -> None:
        deadline = time.monotonic() + START
        while True:
            http = HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                http.request("GET", "/robots.txt")
                http.getresponse().read()
                return
            except (OSError, HTTPException):
                assert self.process.poll() is None, "the server did not start"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
            finally:
                http.close()


@contextmanager
def web_server(app: str = "helpcenter.wsgi", workers: int = 1, **variables: str) -> Iterator[Server]:
    """gunicorn answers on loopback with that many processes of four threads."""
    port = free_port()
    arguments = ["--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--backlog", "512"]
    quiet = ["--log-level", "critical", "--no-control-socket"]
    with _running(
        ["-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *arguments, *quiet], port, variables
    ) as it:
        yield it


@contextmanager
def whole_site() -> Iterator[Server]:
    """`manage.py serve`: the web processes as on a real site, and the worker beside them."""
    port = free_port()
    with _running(["manage.py", "serve", "--port", str(port)], port, {}) as server:
        yield server


@contextmanager
def _running(command: list[str], port: int, variables: Mapping[str, str]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="helpcenter-web-") as place:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=environment(place) | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = Server(process, port, place)
        try:
            server.wait()
            yield server
        finally:
            process.terminate()
            process.wait(40)


def environment(place: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HELPCENTER_", "DJANGO_"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "HELPCENTER_TEST_VAR": place,
        "HELPCENTER_SECRET_KEY": settings.SECRET_KEY,
        "HELPCENTER_DATABASE_URL": database_url(),
    }


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    password = f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else ""
    host = f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}"
    return f"postgres://{quote(database['USER'])}{password}@{host}/{database['NAME']}"


def ready_drafts(count: int, topic: Topic) -> list[Ready]:
    """Draft requests of as many customers who are about to press Send."""
    drafts = DraftRequest.objects.bulk_create(
        DraftRequest(
            language="en", topic=topic, message=f"It is not here ({number}).", email=f"ana{number}@example.org"
        )
        for number in range(count)
    )
    return [Ready(draft.pk, draft.token, draft.digest) for draft in drafts]
