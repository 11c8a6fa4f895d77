"""Days and rows, as the customer, the agent and the mails read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from flows.clock import site_time
from flows.words import day as day

from . import telephone
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


def window(start: datetime, end: datetime) -> str:
    """When somebody calls: Friday 27 November, 09:00 to 11:00."""
    start, end = site_time(start), site_time(end)
    form = pgettext("format of a day without its year, see Django's date filter", "l j F")
    times = {"start": time_format(start.time(), "H:i"), "end": time_format(end.time(), "H:i")}
    return _("%(day)s, %(start)s to %(end)s") % {"day": date_format(start.date(), form), **times}


def call_times(request: ContactRequest) -> str:
    """From when to when somebody calls: 09:00–11:00; empty where no call was asked for."""
    moments = [moment for moment in (request.callback_at, request.callback_until) if moment]
    return "–".join(time_format(site_time(moment).time(), "H:i") for moment in moments)


def language_of_call(request: ContactRequest) -> str:
    return str(dict(settings.LANGUAGES).get(request.callback_language, request.callback_language))


def call(request: ContactRequest) -> str:
    """The number, when and in which language; empty where no call was asked for."""
    if request.callback_at is None or request.callback_until is None:
        return ""
    return _("%(number)s; %(window)s; language: %(language)s") % {
        "number": telephone.written(request.callback_number),
        "window": window(request.callback_at, request.callback_until),
        "language": language_of_call(request),
    }


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
        *([Row(_("We call you"), called, "callback")] if (called := call(request)) else []),
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
