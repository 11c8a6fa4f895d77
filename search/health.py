"""How the indexes are, in figures, for whoever watches the machine."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from .engine import Backend
from .folder import Damaged
from .models import IndexChange
from .worker import published


@dataclass(frozen=True)
class Figures:
    language: str
    published: int  # texts and flows that readers may see
    indexed: int  # of them, as they are now
    surplus: int  # in the index, but not to be seen
    generation: str  # the name of its folder; empty: there is none
    age_seconds: int  # since the generation was made
    pending: int  # changes that the index has not seen
    size_bytes: int
    is_readable: bool

    @property
    def missing(self) -> int:
        return self.published - self.indexed


def figures(backend: Backend) -> Figures:
    """The figures of this moment; an index that cannot be read holds nothing."""
    wanted, folder = published(backend), backend.folder
    try:
        found, is_readable = backend.fingerprints(), folder.is_sound
    except (OSError, Damaged, ValueError):
        found, is_readable = {}, False
    made_at = folder.made_at
    return Figures(
        language=backend.language,
        published=len(wanted),
        indexed=sum(found.get(identifier) == mark for identifier, mark in wanted.items()),
        surplus=len(found.keys() - wanted.keys()),
        generation=folder.current.resolve().name if folder.exists else "",
        age_seconds=int((timezone.now() - made_at).total_seconds()) if made_at else 0,
        pending=IndexChange.objects.after(folder.applied).count(),
        size_bytes=folder.size,
        is_readable=is_readable,
    )
