"""Where files of customers lie: outside of what any web server shows, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from articles.synced import sync

ALIAS = "attachments"


def attachments() -> Storage:
    """The storage that the settings name."""
    return storages[ALIAS]


class SyncedFolder(FileSystemStorage):
    """A folder that nobody else may enter; what `save` says it has saved is on the disk, even after a power cut.

    For names that are digests: what has the same name is the same, and is written once more.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)  # for its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink()
            raise
        sync(path.parent)
        sync(path.parent.parent)
        return name
