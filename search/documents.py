"""What the index keeps of each text and flow: split words to rank by, and beside them what is shown."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DatabaseError
from django.db.models import Model
from haystack.constants import DJANGO_CT, DJANGO_ID, ID
from haystack.indexes import SearchIndex
from haystack.utils import get_identifier
from whoosh import fields as whoosh_fields
from whoosh.analysis import SpaceSeparatedTokenizer

from .analysis import spelled, terms
from .generation import FIELDS, KEYWORDS, TEXT, TITLE

log = logging.getLogger(__name__)

_SPLIT = whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False)
SCHEMA = whoosh_fields.Schema(
    **dict.fromkeys(FIELDS, _SPLIT),
    **{name: whoosh_fields.STORED() for name in (DJANGO_ID, "fingerprint", "category", "shown", "about")},
    **{ID: whoosh_fields.ID(stored=True, unique=True), DJANGO_CT: whoosh_fields.ID(stored=True)},
)


def prepared(index: SearchIndex, objects: Iterable[Model], language: str) -> Iterator[dict[str, Any]]:
    """What is kept of each object; one that cannot be prepared is logged and left out."""
    for instance in objects:
        try:
            found = index.full_prepare(instance)
        except DatabaseError:
            raise
        except Exception:
            log.exception("%s cannot be indexed.", get_identifier(instance))
            continue
        yield document(found, language)


def document(prepared: dict[str, Any], language: str) -> dict[str, Any]:
    """What is kept: the words of each field, and beside them what ranking and snippets need."""
    title, keywords, shown = (prepared[name] or "" for name in (TITLE, KEYWORDS, "shown"))
    texts = {TEXT: "\n".join((prepared[TEXT] or "", title, keywords, shown)), TITLE: title, KEYWORDS: keywords}
    found = {name: spelled(texts[name]) for name in FIELDS}
    lines = [_line(line, language) for line in keywords.splitlines()]
    return {
        **{name: " ".join(split) for name, split in found.items()},
        **{name: prepared[name] for name in (ID, DJANGO_CT, DJANGO_ID, "fingerprint", "category", "shown")},
        "about": [
            [len(found[name]) for name in FIELDS],
            _line(title, language),
            [line for line in lines if line.strip()],
            _line(prepared.get("summary") or "", language),
        ],
    }


def _line(text: str, language: str) -> str:
    return f" {' '.join(terms(text, language))} "
