"""The files of a draft request: taken one by one, removed, moved when it is sent, swept when it is gone."""

from __future__ import annotations

import errno
import hashlib
import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.cache import cache
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from . import names, scanning, spam
from .attachment import Attachment, path_of
from .copying import harmless
from .incoming import Incoming
from .models import ContactRequest, DraftRequest
from .refusals import Reason, Refused
from .storage import attachments
from .turns import take_turn

SWEEP = 10 * 60  # seconds between two looks at the storage
YOUNG = timedelta(minutes=10)  # its row may be on its way

logger = logging.getLogger(__name__)


def take_all(draft: DraftRequest, uploads: Iterable[UploadedFile], network: str = "") -> None:
    """The saved draft has each file that can be taken, and says of each other one why not.

    DraftRequest.DoesNotExist where it was deleted meanwhile, in another tab.
    """
    for upload in uploads:
        try:
            take(draft, upload, network)
        except Refused as refused:
            draft.refuse(refused.reason, refused.name)


def take(draft: DraftRequest, upload: UploadedFile, network: str = "") -> Attachment:
    """A harmless copy of the file is on the disk, and the draft has it; what it has already it has once.

    Refused where the file is not taken.  The database's own trouble is the caller's: then nothing but the copy
    remains, which is swept.
    """
    name = names.readable(upload.name or "")
    if reason := getattr(upload, "reason", None):
        raise Refused(reason, name)
    if not upload.size:
        raise Refused(Reason.EMPTY, name)
    _check_room(draft, upload.size, name)
    _count(network, name)
    with _scratch(name) as copy, _on_disk(upload, name) as given:
        kind = harmless(given, copy, name)
        return _keep(draft, copy, names.fitting(upload.name or "", kind), kind)


def remove(draft: DraftRequest, pk: str) -> None:
    """The draft has no such file; one that was sent stays."""
    with suppress(ValueError):
        draft.attachments.filter(pk=uuid.UUID(pk)).delete()


def move(request: ContactRequest) -> None:
    """What the draft had is the request's.  Rows only, for the transaction that sends."""
    Attachment.objects.filter(draft=request.pk).update(draft=None, request=request)


def sweep() -> None:
    """Files that no row names are gone: of drafts that are gone, and of uploads that were cut off."""
    if not cache.add("contact.files.sweep", True, timeout=SWEEP):
        return
    storage = attachments()
    with suppress(FileNotFoundError):
        for folder in storage.listdir("")[0]:
            known = set(Attachment.objects.filter(sha256__startswith=folder).values_list("sha256", flat=True))
            for name in set(storage.listdir(folder)[1]) - known:
                _sweep_one(f"{folder}/{name}", name)


def _sweep_one(path: str, sha256: str) -> None:
    """Whoever stores the same bytes at this moment waits for us, or we find their row."""
    storage = attachments()
    with suppress(FileNotFoundError), transaction.atomic():
        take_turn(sha256)
        is_known = Attachment.objects.filter(sha256=sha256).exists()
        if not is_known and storage.get_modified_time(path) < timezone.now() - YOUNG:
            storage.delete(path)


def _keep(draft: DraftRequest, copy: IO[bytes], name: str, kind: str) -> Attachment:
    size = copy.seek(0, 2)
    copy.seek(0)
    verdict = scanning.scan(copy)
    if verdict and verdict.infection:
        raise Refused(Reason.INFECTED, name)
    copy.seek(0)
    sha256 = hashlib.sha256(copy.read()).hexdigest()
    _store(copy, sha256, name)
    with transaction.atomic():
        take_turn(sha256)
        take_turn(draft.pk.hex)
        DraftRequest.objects.select_for_update().only("pk").get(pk=draft.pk)  # no file without its draft
        if same := Attachment.objects.of(draft.pk).filter(sha256=sha256).first():
            return same
        _check_room(draft, size, name)
        if not attachments().exists(path_of(sha256)):
            _store(copy, sha256, name)
        scanned_at = timezone.now() if verdict else None
        return Attachment.objects.create(
            draft=draft, name=name, kind=kind, size=size, sha256=sha256, scanned_at=scanned_at
        )


def _store(copy: IO[bytes], sha256: str, name: str) -> None:
    copy.seek(0)
    try:
        attachments().save(path_of(sha256), File(copy))
    except OSError as error:
        logger.error("A file could not be stored: %s", error.strerror)
        raise Refused(Reason.NO_ROOM, name) from None


def _check_room(draft: DraftRequest, size: int, name: str) -> None:
    """Refused where the request would have too many files, or too large ones together."""
    sizes = list(Attachment.objects.of(draft.pk).values_list("size", flat=True))
    if size > settings.FILE_SIZE:
        raise Refused(Reason.TOO_LARGE, name)
    if len(sizes) >= settings.FILES:
        raise Refused(Reason.TOO_MANY, name)
    if sum(sizes) + size > settings.FILES_SIZE:
        raise Refused(Reason.TOGETHER, name)


def _count(network: str, name: str) -> None:
    """So many files an hour come from one network as fit into the requests it may send; nobody fills the disk."""
    if network and not spam.may_upload(network):
        raise Refused(Reason.NETWORK, name)


def _scratch(name: str) -> IO[bytes]:
    folder = Path(settings.INCOMING_FOLDER)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < settings.KEPT_FREE:
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        return tempfile.TemporaryFile(dir=folder)
    except OSError as error:
        logger.error("A file could not be copied: %s", error.strerror)
        raise Refused(Reason.NO_ROOM, name) from None


@contextmanager
def _on_disk(upload: UploadedFile, name: str) -> Iterator[IO[bytes]]:
    """The upload as a file that another process can read."""
    if isinstance(upload, Incoming):
        yield upload.file  # type: ignore[misc]
        return
    with _scratch(name) as scratch:  # from memory, as in scripts
        for chunk in upload.chunks():
            scratch.write(chunk)
        yield scratch
