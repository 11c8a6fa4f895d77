"""The part of the details page that takes files: what the topic says of them, which are there, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from flows.models import Detail, Topic, TopicDetail

from . import names
from .attachment import Attachment
from .models import DraftRequest
from .refusals import Reason, megabytes, sentence

INPUT = "files"
# What a file picker offers at first; what a file is, its content says.
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,.heic,.heif,application/pdf,text/plain"


@dataclass(frozen=True)
class FilesField:
    label: str
    hint: str
    is_required: bool
    picture: Any = None
    attached: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    accept = ACCEPT

    @property
    def has_room(self) -> bool:
        return len(self.attached) < settings.FILES

    @property
    def limits(self) -> dict[str, object]:
        """For the page and its script, in the reader's words."""
        return {
            "count": settings.FILES,
            "bytes": settings.FILE_SIZE,
            "size": megabytes(settings.FILE_SIZE),
            "total": megabytes(settings.FILES_SIZE),
        }

    @property
    def too_large(self) -> str:
        """What the script says of a file before it sends it; “{name}” is the script's to fill in."""
        return sentence(Reason.TOO_LARGE, "{name}")

    @property
    def lost(self) -> str:
        return sentence(Reason.AGAIN, "{name}")

    @property
    def is_ready(self) -> bool:
        return bool(self.attached) or not self.is_required


def files_field(draft: DraftRequest, *, is_checked: bool, lost: Iterable[str] = ()) -> FilesField:
    """The draft's files with the errors of the last try; one that is missing is an error where `is_checked`."""
    wanted = photos_of(draft.topic)
    attached = draft.files
    label = str(wanted.detail.label) if wanted else _("Photos and files")
    errors = [sentence(reason, name) for reason, name in draft.refused]
    errors += [sentence(Reason.AGAIN, name) for name in lost]
    is_required = bool(wanted and wanted.is_required)
    if is_checked and is_required and not attached and not errors:
        errors.append(_("“%(label)s” is missing.") % {"label": label})
    hint = str(wanted.detail.hint) if wanted else _("A photo or a screenshot often saves one round trip.")
    picture = wanted.detail.picture if wanted else None
    return FilesField(label, hint, is_required, picture, attached, errors)


def photos_of(topic: Topic | None) -> TopicDetail | None:
    """What the topic says of photos: the first of its details that are files."""
    if topic is None:
        return None
    wanted = topic.topic_details.filter(detail__kind=Detail.Kind.PHOTOS)
    return wanted.select_related("detail__picture").first()


def uploads_of(request: HttpRequest) -> list[UploadedFile]:
    """The files that came with the form; browsers send an empty part where none was chosen, which Django drops."""
    return request.FILES.getlist(INPUT)


def lost_names(request: HttpRequest) -> list[str]:
    """What the files were called that came with a form which cannot be taken now."""
    if request.method != "POST":
        return []
    return [names.readable(upload.name or "") for upload in uploads_of(request)]
