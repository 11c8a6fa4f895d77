"""Days and rows, as the customer, the agent and the mails read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from flows.words import day as day

from .attachment import Attachment
from .models import ContactRequest


@dataclass(frozen=True)
class Row:
    """One line of the summary list; `field` is that of the form it came from, empty where there is none."""

    label: str
    value: str
    field: str = ""
    files: tuple[Attachment, ...] = ()


def weekday(given: date) -> str:
    """The day of a promise: Thursday 14 May 2026."""
    return date_format(given, pgettext("format of a day of the week, see Django's date filter", "l j F Y"))


def rows(request: ContactRequest) -> list[Row]:
    """All that is sent, in the order of the forms; empty values too."""
    details = [Row(detail["label"], detail["value"], f"detail-{detail['key']}") for detail in request.details]
    return [
        Row(_("What it is about"), request.topic_name, "topic"),
        Row(_("Your request, in words"), request.worded, "worded"),
        *details,
        Row(_("Your message"), request.message, "message"),
        files_row(request),
        Row(_("What you have tried"), request.tried, "tried"),
        Row(_("What you would like us to do"), request.remedy, "remedy"),
        Row(_("Your name"), request.name, "name"),
        Row(_("Your e-mail address"), request.email, "email"),
        *carried(request),
    ]


def files_row(request: ContactRequest) -> Row:
    files = request.files
    return Row(_("Files"), "\n".join(each.in_words for each in files), "files", tuple(files))


def carried(request: ContactRequest) -> list[Row]:
    """What came along without being typed into the form."""
    # “What was tried” is prefilled with the trail; unchanged, it is not read twice.
    trail = request.trail if request.trail != request.tried else ""
    came = [
        Row(_("The guide you followed"), f"{request.flow_title}\n{trail}".strip()),
        Row(_("The article you read"), request.article_title),
        Row(_("What you searched for"), request.search_words),
    ]
    return [row for row in came if row.value]
