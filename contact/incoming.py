"""Files on their way in, for every form of the site: what is too much is read and dropped, never stored.

The form's other fields are kept, so that its page can say what was wrong with which file.
"""

from __future__ import annotations

import io
import logging
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from .refusals import Reason

PATIENCE = 4  # times what a request may have; of more the page says that it was too much

logger = logging.getLogger(__name__)


class Incoming(UploadedFile):
    """A file as it came; `reason` says why it holds nothing, where something was wrong on the way."""

    def __init__(self, file: IO[bytes], name: str, size: int, reason: Reason | None, **kwargs: Any) -> None:
        super().__init__(file, name, size=size, **kwargs)
        self.reason = reason


class Handler(FileUploadHandler):
    """One for all the files of a form: it counts them, and what they are together."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.count = self.total = self.received = 0
        self.file: IO[bytes] | None = None
        self.reason: Reason | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        self.reason = Reason.TOO_MANY if self.count > settings.FILES else None
        if not self.reason:
            self._begin()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > PATIENCE * settings.FILES_SIZE:
            raise RequestDataTooBig("Nobody reads on for ever.")
        if self.reason or self.file is None:
            return
        self.total += len(raw_data)
        if start + len(raw_data) > settings.FILE_SIZE:
            self._drop(Reason.TOO_LARGE)
        elif self.total > settings.FILES_SIZE:
            self._drop(Reason.TOGETHER)
        else:
            self._write(raw_data)

    def file_complete(self, file_size: int) -> Incoming:
        file, self.file = self.file or io.BytesIO(), None
        file.seek(0)
        return Incoming(file, self.file_name or "", file_size, self.reason, content_type=self.content_type)

    def upload_interrupted(self) -> None:
        self._drop(None)

    def _begin(self) -> None:
        """A file without a name: it is gone when nobody holds it, whatever becomes of this process."""
        folder = Path(settings.INCOMING_FOLDER)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 – held until the request ends
        except OSError as error:
            self._have_no_room(error)

    def _write(self, raw_data: bytes) -> None:
        try:
            self.file.write(raw_data)  # type: ignore[union-attr]
            self.file.flush()  # type: ignore[union-attr]
        except OSError as error:
            self._have_no_room(error)

    def _have_no_room(self, error: OSError) -> None:
        logger.error("A file could not be stored on its way in: %s", error.strerror)
        self._drop(Reason.NO_ROOM)

    def _drop(self, reason: Reason | None) -> None:
        self.reason = reason
        file, self.file = self.file, None
        if file is not None:
            _close(file)


def _close(file: IO[bytes]) -> None:
    try:
        file.close()
    except OSError:  # what was still waiting to be written; nobody wants it any more
        file.close()
