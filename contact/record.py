"""The record: the customer's own download of a request, to keep or to hand on, readable without us."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from articles import brand

from .facts import facts
from .models import ContactRequest
from .words import rows, weekday

Content = bytes | Path

logger = logging.getLogger(__name__)


def archive(sent: ContactRequest) -> bytes:
    """A zip of all that was sent: a page, the same for programs, and the files, with the checksum of each.

    The same request gives the same bytes, so that two copies can be compared.
    """
    given = attached(sent)
    files: list[tuple[str, Content]] = [("request.html", _page(sent, [name for name, _content in given])), *given]
    files.append(("request.json", _facts(sent, files)))
    sums = "".join(f"{_sum(content)}  {name}\n" for name, content in files)  # as `sha256sum --check` reads them
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as folder:
        for name, content in [*files, ("SHA256SUMS", sums.encode())]:
            folder.writestr(_entry(name, sent), _bytes(content), compresslevel=9)
    return written.getvalue()


def attached(sent: ContactRequest) -> list[tuple[str, Content]]:
    """The files of the request, each by its name in the record; none that is withheld, or cannot be read."""
    found: list[tuple[str, Content]] = []
    for number, file in enumerate(sent.files, 1):
        if file.is_withheld:
            continue
        try:
            with file.open() as content:
                found.append((f"files/{number}-{file.name}", content.read()))
        except OSError:  # the rest is worth keeping all the more
            logger.exception("The file %s could not be put into the record.", file.pk)
    return found


def _page(sent: ContactRequest, names: list[str]) -> bytes:
    """The request as one file that needs no other, in the language it was sent in."""
    with translation.override(sent.language):
        context = {
            "sent": sent,
            "subject": f"{brand.name()} {sent.reference}",
            "brand": brand.name(),
            "rows": [row for row in rows(sent) if row.value and row.field != "worded"],
            "later_versions": list(sent.later_versions.all()),
            "answer_by": weekday(sent.promise),
            "site_url": settings.SITE_URL,
            "names": names,
        }
        return render_to_string("contact/record.html", context).strip().encode() + b"\n"


def _facts(sent: ContactRequest, files: list[tuple[str, Content]]) -> bytes:
    """What programs read; the manifest names every file but this one, whose checksum is in SHA256SUMS."""
    versions = sent.later_versions.all()
    said: dict[str, Any] = facts(sent) | {
        "sent_again": [{"sent_at": one.created_at.isoformat(), "content": one.content} for one in versions],
        "manifest": [
            {"name": name, "bytes": len(_bytes(content)), "sha256": _sum(content)} for name, content in files
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def _entry(name: str, sent: ContactRequest) -> zipfile.ZipInfo:
    """The file's place in the zip; of nothing that differs from machine to machine or from day to day."""
    moment = timezone.localtime(sent.created_at, timezone.get_default_timezone())
    entry = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # Unix, wherever it was made
    entry.external_attr = 0o644 << 16
    return entry


def _sum(content: Content) -> str:
    return hashlib.sha256(_bytes(content)).hexdigest()


def _bytes(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()
