"""The virus scanner, where the site has one: clamd's protocol, INSTREAM.  Silence is never taken for “clean”."""

from __future__ import annotations

import logging
import socket
import struct
import time
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from .attachment import Attachment
from .refusals import Reason

AT_ONCE = 5.0  # seconds for one file while a customer waits
LATER = 60.0  # and where nobody does
AGAIN = 30  # seconds until a scanner that did not answer is asked again
MUCH_LATER = 10 * 60  # and until a file is looked at again that nothing could be said of
ROUND = 20  # files in one round of the worker, whose other duties wait meanwhile
CHUNK = 64 * 1024
AWAY = "contact.scanner.is_away"
PUT_OFF = "contact.scanner.put_off"
CLEAN, FOUND = "stream: OK", " FOUND"

logger = logging.getLogger(__name__)


class Silent(Exception):
    """The scanner is away, hangs, or says something else than yes or no."""


@dataclass(frozen=True)
class Verdict:
    """What a scanner said of one file; empty where it found nothing."""

    infection: str


def scan(file: IO[bytes], seconds: float = AT_ONCE) -> Verdict | None:
    """What the scanner says; None where there is none, or it does not say."""
    if not settings.SCANNER or cache.get(AWAY):
        return None
    try:
        return _ask(file, seconds)
    except (Silent, OSError) as error:
        logger.warning("The virus scanner did not answer: %s", type(error).__name__)
        cache.set(AWAY, True, timeout=AGAIN)
        return None


def scan_due() -> float | None:
    """What has not been scanned is; what is infected is withheld, or gone, with a word in its draft.

    One that cannot be read, or that the scanner makes nothing of, is put off, and holds up no other.
    """
    if not settings.SCANNER:
        return None
    if cache.get(AWAY):
        return AGAIN
    put_off = _put_off()
    due = list(Attachment.objects.waiting_for_scan().exclude(pk__in=put_off)[:ROUND])
    for attachment in due:
        if verdict := _scan_stored(attachment):
            _note(attachment, verdict)
        elif cache.get(AWAY) and not answers():
            return AGAIN
        else:
            cache.delete(AWAY)
            put_off[attachment.pk] = time.time() + MUCH_LATER
            cache.set(PUT_OFF, put_off, timeout=MUCH_LATER)
    return 0.0 if len(due) == ROUND else None


def address(text: str) -> tuple[int, str | tuple[str, int]]:
    """Family and address of tcp://HOST:PORT or unix:///PATH; ValueError where it is neither."""
    parts = urlsplit(text)
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return socket.AF_UNIX, parts.path
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.AF_INET, (parts.hostname, parts.port)
    raise ValueError(f"{text!r} is neither tcp://HOST:PORT nor unix:///PATH")


def answers() -> bool:
    """Whether the scanner is there and takes commands."""
    try:
        with _connected(time.monotonic() + AT_ONCE) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(16).startswith(b"PONG")
    except (OSError, ValueError):
        return False


def _put_off() -> dict[UUID, float]:
    """The files that are not looked at again yet, with the moments from which they are."""
    known: dict[UUID, float] = cache.get(PUT_OFF, {})
    return {pk: until for pk, until in known.items() if until > time.time()}


def _scan_stored(attachment: Attachment) -> Verdict | None:
    try:
        with attachment.open() as file:
            return scan(file, LATER)
    except OSError:  # the storage's own trouble
        logger.exception("The file %s could not be read.", attachment.pk)
        return None


def _note(attachment: Attachment, verdict: Verdict) -> None:
    """The verdict is that of every file with these bytes."""
    same = Attachment.objects.filter(sha256=attachment.sha256)
    with transaction.atomic():
        same.update(scanned_at=timezone.now(), infection=verdict.infection[:100])
        if not verdict.infection:
            return
        logger.warning("The file %s is infected and withheld.", attachment.pk)
        for unsent in same.exclude(draft=None).select_related("draft").order_by("draft"):
            if unsent.draft:
                unsent.draft.refuse(Reason.INFECTED, unsent.name)
            unsent.delete()


def _ask(file: IO[bytes], seconds: float) -> Verdict:
    """One conversation, which as a whole takes no longer than that."""
    ends_at = time.monotonic() + seconds
    with _connected(ends_at) as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            _hurry(connection, ends_at)
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        said = _answer(connection, ends_at)
    if said == CLEAN:
        return Verdict("")
    if said.endswith(FOUND):
        return Verdict(said.removesuffix(FOUND).removeprefix("stream: ") or "unnamed")
    raise Silent


def _connected(ends_at: float) -> socket.socket:
    family, place = address(settings.SCANNER)
    seconds = max(0.1, ends_at - time.monotonic())
    if family == socket.AF_INET:
        return socket.create_connection(place, timeout=seconds)  # type: ignore[arg-type]
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(place)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, ends_at: float) -> str:
    """Up to the NUL that ends it; Silent where the line ends before."""
    said = b""
    while not said.endswith(b"\0"):
        _hurry(connection, ends_at)
        part = connection.recv(1024)
        if not part or len(said) > CHUNK:
            raise Silent
        said += part
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _hurry(connection: socket.socket, ends_at: float) -> None:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
