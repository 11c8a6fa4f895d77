"""The folder of an index: who may write, what it was when it was last written, and which changes it has seen.

An index is pickled, so whoever can write here can run code as the help center: only the owner may enter.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

STATE = "state.json"


class IndexFolder:
    """Reading never writes; writing waits for its turn."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._locks_held = 0

    def __str__(self) -> str:
        return str(self.path)

    @property
    def exists(self) -> bool:
        return self.path.is_dir()

    @property
    def is_sound(self) -> bool:
        """Whether the files are byte for byte those of the last write."""
        return self._state().get("digest") == _digest(self.path)

    @property
    def applied(self) -> int:
        """The last change that the index has seen."""
        applied = self._state().get("applied")
        return applied if isinstance(applied, int) else 0

    @contextmanager
    def storage(self) -> Iterator[FileStorage]:
        storage = ClosingStorage(str(self.path), supports_mmap=False)
        try:
            yield storage
        finally:
            storage.close_all()

    @contextmanager
    def writing(self) -> Iterator[FileStorage]:
        """As `storage`, alone; afterwards the files count as sound."""
        with self.locked():
            self.path.chmod(0o700)
            with self.storage() as storage:
                yield storage
            _write_state(self.path, {"applied": self.applied, "digest": _digest(self.path)})

    @contextmanager
    def replacing(self) -> Iterator[FileStorage]:
        """An empty storage that then takes the folder's place; until then readers see the old one, or none."""
        fresh, old = self._beside("new"), self._beside("old")
        with self.locked():
            for folder in (fresh, old):
                shutil.rmtree(folder, ignore_errors=True)
            fresh.mkdir(mode=0o700)
            yield FileStorage(str(fresh))
            _write_state(fresh, {"applied": 0, "digest": _digest(fresh)})
            if self.path.exists():
                self.path.rename(old)
            fresh.rename(self.path)
            shutil.rmtree(old, ignore_errors=True)

    def remember(self, applied: int) -> None:
        """The changes up to this one are in the index."""
        with self.locked():
            _write_state(self.path, self._state() | {"applied": applied})

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[bool]:
        """Whether this process alone may write now.  The lock dies with its process."""
        if self._locks_held:
            yield True
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._beside("lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            self._locks_held += 1
            try:
                yield True
            finally:
                self._locks_held -= 1

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{suffix}")

    def _state(self) -> dict[str, Any]:
        try:
            state = json.loads((self.path / STATE).read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


class ClosingStorage(FileStorage):
    """Can close what Whoosh leaves open when it stumbles over a damaged file.

    Used without memory maps: a file that is cut short while it is mapped kills the process.
    """

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(path, **options)
        self._opened: list[StructFile] = []

    def open_file(self, name: str, **options: Any) -> StructFile:
        self._opened.append(super().open_file(name, **options))
        return self._opened[-1]

    def close_all(self) -> None:
        for file in self._opened:
            if not file.is_closed:
                file.close()


def _write_state(folder: Path, state: dict[str, Any]) -> None:
    new = folder / f"{STATE}.new"
    new.write_text(json.dumps(state))
    new.replace(folder / STATE)


def _digest(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.glob("*")):
        if path.suffix in (".toc", ".seg"):
            digest.update(path.name.encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()
