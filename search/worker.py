"""Keeps the indexes true: applies recorded changes, and compares what is published with what is indexed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

from django.db import DatabaseError
from django.db.models import Model
from haystack.utils import get_identifier

from . import changes
from .engine import Backend, backends
from .models import IndexChange
from .related import relate
from .search_indexes import ContentIndex, known_facts

COMPARE_EVERY = 30.0  # seconds; damage is mended within a minute, and building takes a part of it
AT_ONCE = 500  # objects; databases limit the values of one query

log = logging.getLogger(__name__)

# By alias.  An index that cannot even be built (a full disk) rests, or it would fill the log every second.
_compared_at: dict[str, float] = {}
_rests_until: dict[str, float] = {}


def apply_changes() -> None:
    """Every index has seen every recorded change, but one that another worker is busy with."""
    newest = IndexChange.objects.newest()
    behind = [backend for backend in backends() if backend.folder.exists and backend.folder.applied < newest]
    for backend in behind:
        _work_on(backend, _apply)
    if behind:
        IndexChange.objects.old().delete()


def compare(every: float = COMPARE_EVERY) -> None:
    """Every index holds what is published, whatever happened to it; each is looked at once in that many seconds.

    Catches what no signal tells: moments that arrive, bulk updates, a damaged or missing index, a restored backup.
    """
    for backend in backends():
        last = _compared_at.get(backend.connection_alias)
        if last is None or time.monotonic() - last >= every:
            _compared_at[backend.connection_alias] = time.monotonic()
            _work_on(backend, update)


def _work_on(backend: Backend, work: Callable[[Backend], None]) -> None:
    alias = backend.connection_alias
    with backend.folder.locked(wait=False) as is_ours:
        if not is_ours or time.monotonic() < _rests_until.get(alias, 0.0):
            return
        try:
            work(backend)
        except DatabaseError:
            raise
        except Exception:
            # A damaged index can raise anything.
            log.exception("The search index in %s is broken; it is built anew.", backend.folder)
            _rests_until[alias] = time.monotonic() + COMPARE_EVERY
            rebuild(backend)
            del _rests_until[alias]


def _apply(backend: Backend) -> None:
    pending = list(IndexChange.objects.after(backend.folder.applied))
    if not pending:  # another worker was faster
        return
    touched = changes.touched_by(pending)
    documents, removed = [], []
    for index in backend.indexes():
        keys = iter(sorted(touched.get(index.get_model(), ())))
        while some := list(islice(keys, AT_ONCE)):
            shown = index.index_queryset(using=backend.connection_alias).filter(pk__in=some)
            documents.append(backend.documents(index, shown))
            gone = set(some).difference(shown.values_list("pk", flat=True))
            removed += [_identifier(index, pk) for pk in gone]
    backend.write(chain.from_iterable(documents), removed)
    backend.folder.remember(pending[-1].pk)
    relate(backend, {_identifier(index, pk) for index in backend.indexes() for pk in touched[index.get_model()]})


def update(backend: Backend) -> None:
    """The index holds what is published; the caller holds its folder's lock."""
    newest = IndexChange.objects.newest()
    if not backend.folder.exists:
        log.info("There is no search index in %s yet; it is built.", backend.folder)
        rebuild(backend)
        return
    if not backend.folder.is_sound:
        log.error("The search index in %s is damaged; it is built anew.", backend.folder)
        rebuild(backend)
        return
    indexed, wanted = backend.fingerprints(), published(backend)
    changed = {identifier for identifier, mark in wanted.items() if indexed.get(identifier) != mark}
    removed = indexed.keys() - wanted.keys()
    if changed or removed:
        backend.write(_documents(backend, changed), removed)
        relate(backend, changed | removed)
    backend.folder.remember(newest)


def rebuild(backend: Backend) -> int:
    """The index is built anew beside the one that is asked meanwhile; the number of its documents."""
    newest = IndexChange.objects.newest()
    with backend.folder.locked():
        count = backend.rebuild(_documents(backend))
        backend.folder.remember(newest)
    relate(backend)
    return count


def published(backend: Backend) -> dict[str, str]:
    """The fingerprint of all that should be indexed, by identifier."""
    known = known_facts()
    return {
        get_identifier(instance): index.fingerprint_of(instance, known)
        for index in backend.indexes()
        for instance in _objects(backend, index)
    }


def _documents(backend: Backend, only: set[str] | None = None) -> Iterator[dict[str, Any]]:
    for index in backend.indexes():
        objects = _objects(backend, index)
        wanted = (instance for instance in objects if only is None or get_identifier(instance) in only)
        yield from backend.documents(index, wanted)


def _objects(backend: Backend, index: ContentIndex) -> Iterator[Model]:
    return index.index_queryset(using=backend.connection_alias).iterator(chunk_size=AT_ONCE)


def _identifier(index: ContentIndex, pk: int) -> str:
    return get_identifier(f"{index.get_model()._meta.label_lower}.{pk}")
