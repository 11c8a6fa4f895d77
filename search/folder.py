"""The folder of an index: generations that never change, one of which is the current one.

    index/en/current -> 000007      what is read; the link is replaced at one moment
    index/en/000006, 000007         the generations; the one before stays for those who are just opening it
    index/en.lock                   held by who writes

A generation is pickled in part, so whoever can write here can run code as the help center: only the owner may
enter.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.synced import sync

CURRENT = "current"
CONTENTS = "contents.json"  # what the generation holds, for those who read it
STATE = "state.json"  # when it was made, and the digest of its files
SEEN = "seen.json"  # the last change that is in it; the only file that is ever replaced
ATTEMPTS = 5

Identity = tuple[int, int]


class Damaged(Exception):
    """The files are not those that were written."""


class IndexFolder:
    """Reading never writes; writing waits for its turn."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._locks_held = 0

    def __str__(self) -> str:
        return str(self.path)

    @property
    def current(self) -> Path:
        return self.path / CURRENT

    @property
    def exists(self) -> bool:
        return self.current.is_dir()

    @property
    def is_sound(self) -> bool:
        """Whether the files are byte for byte those that were written."""
        try:
            self.read()
        except (OSError, Damaged):
            return False
        return True

    @property
    def applied(self) -> int:
        """The last change that the index has seen."""
        applied = _json(self.current / SEEN).get("applied")
        return applied if isinstance(applied, int) else 0

    @property
    def made_at(self) -> datetime | None:
        """When the current generation was made."""
        made = _json(self.current / STATE).get("made_at")
        return datetime.fromisoformat(made) if isinstance(made, str) else None

    @property
    def size(self) -> int:
        """The bytes of the current generation."""
        return sum(path.stat().st_size for path in self.current.iterdir()) if self.exists else 0

    def identity(self) -> Identity:
        """Another one for each generation; FileNotFoundError when there is none."""
        found = (self.current / CONTENTS).stat()
        return found.st_ino, found.st_mtime_ns

    def read(self) -> tuple[Identity, dict[str, bytes]]:
        """The files of the current generation, all of the same one; Damaged when they are not those written."""
        for attempt in range(ATTEMPTS):
            # By its own name: the link may point at another one in a moment.
            place = self.current.resolve()
            try:
                return self._read(place)
            except (FileNotFoundError, Damaged):
                # Who reads slowly finds it half removed, when two others have taken its place meanwhile.
                if attempt == ATTEMPTS - 1 or self.current.resolve() == place:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _read(self, place: Path) -> tuple[Identity, dict[str, bytes]]:
        found = (place / CONTENTS).stat()
        files = {path.name: path.read_bytes() for path in place.iterdir() if path.name != SEEN}
        state = files.pop(STATE, b"")
        if _loaded(state).get("digest") != _digest(files):
            raise Damaged(f"The search index in {place} is damaged.")
        return (found.st_ino, found.st_mtime_ns), files

    @contextmanager
    def next(self, *, empty: bool) -> Iterator[Path]:
        """A folder for the next generation, empty or with the files of the current one; then that one is current.

        Files must be replaced there, never written into: those of the current one are the very same.  When this
        ends in an exception, or in a kill, nothing has changed.
        """
        with self.locked():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            before = self.current.resolve() if self.exists else None
            self._clear({before.name} if before else set())
            place = self.path / f"{self._number() + 1:06}"
            place.mkdir(mode=0o700)
            applied = self.applied
            try:
                if before and not empty:
                    _link_files(before, place)
                yield place
                _write(place / STATE, {"made_at": datetime.now(UTC).isoformat(), "digest": _digest(_files(place))})
                _write(place / SEEN, {"applied": 0 if empty else applied})
                for path in (*place.iterdir(), place):
                    sync(path)
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
            self._swap(place)
            self._clear({place.name, *({before.name} if before else ())})

    def remember(self, applied: int) -> None:
        """The changes up to this one are in the index."""
        with self.locked():
            _write(self.current / SEEN, {"applied": applied})

    @contextmanager
    def locked(self, *, wait: bool = True) -> Iterator[bool]:
        """Whether this process alone may write now.  The lock dies with its process."""
        if self._locks_held:
            yield True
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_name(f"{self.path.name}.lock").open("w") as lock:
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

    def _swap(self, place: Path) -> None:
        link = self.path / f"{CURRENT}.new"
        link.unlink(missing_ok=True)
        link.symlink_to(place.name)
        if self.current.is_dir() and not self.current.is_symlink():
            shutil.rmtree(self.current)  # a backup came back with a folder for the link
        link.replace(self.current)
        sync(self.path)

    def _number(self) -> int:
        return max((int(path.name) for path in self.path.iterdir() if path.name.isdecimal()), default=0)

    def _clear(self, kept: set[str]) -> None:
        """What is neither current nor kept goes: what a kill left half made, and older layouts."""
        for path in self.path.iterdir():
            if path.name in kept or path.name == CURRENT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _files(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir() if path.name not in (STATE, SEEN)}


def _link_files(before: Path, place: Path) -> None:
    for path in before.iterdir():
        # A lock of Whoosh's that a failed writer still holds would hold up the next one; ours is enough.
        if path.name in (STATE, SEEN, CONTENTS) or path.name.endswith("LOCK"):
            continue
        try:
            os.link(path, place / path.name)
        except OSError:  # a file system without hard links
            shutil.copy2(path, place / path.name)


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _json(path: Path) -> dict[str, Any]:
    try:
        return _loaded(path.read_bytes())
    except OSError:
        return {}


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, content: dict[str, Any]) -> None:
    # Beside the generation: one more file in it is damage to who reads it at this moment.
    new = path.parent.parent / f"{path.name}.new"
    new.write_text(json.dumps(content))
    new.replace(path)
