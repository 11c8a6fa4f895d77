"""Days and rows, as the customer, the agent and the mails read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from flows.clock import site_time
from flows.models import Detail
from flows.words import day as day

from . import telephone
from .attachment import Attachment
from .models import ContactRequest, LaterVersion


@dataclass(frozen=True)
class Row:
    """One line of the summary list; `field` is that of the form it came from, empty where there is none."""

    label: str
    value: str
    field: str = ""
    files: tuple[Attachment, ...] = ()
    came_as: str = ""  # what came along without a field: flow, article, search

    @property
    def key(self) -> str:
        """What the line is, in any language."""
        return self.field or self.came_as


DETAIL = "detail-"
# The same lines for those who answer: nobody tells an agent “what you have tried”.
FOR_AGENTS: dict[str, object] = {
    "topic": gettext_lazy("Topic"),
    "worded": gettext_lazy("The request, in words"),
    "message": gettext_lazy("In the customer's own words"),
    "files": gettext_lazy("Files"),
    "tried": gettext_lazy("What was tried"),
    "remedy": gettext_lazy("What the customer asks for"),
    "callback": gettext_lazy("Call"),
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "flow": gettext_lazy("The guide followed"),
    "article": gettext_lazy("The article read"),
    "search": gettext_lazy("Searched for"),
}


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
    return [
        Row(_("What it is about"), request.topic_name, "topic"),
        Row(_("Your request, in words"), request.worded, "worded"),
        *details(request),
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
        Row(_("The guide you followed"), f"{request.flow_title}\n{trail}".strip(), came_as="flow"),
        Row(_("The article you read"), request.article_title, came_as="article"),
        Row(_("What you searched for"), request.search_words, came_as="search"),
    ]
    return [row for row in came if row.value]


def for_agents(*lists: Iterable[Row]) -> list[list[Row]]:
    """The same rows with labels in the agent's language, one query for all; the values stay."""
    known = [list(rows) for rows in lists]
    names = {row.key.removeprefix(DETAIL) for rows in known for row in rows if row.key.startswith(DETAIL)}
    details = Detail.objects.filter(key__in=names) if names else ()
    labels = FOR_AGENTS | {f"{DETAIL}{detail.key}": str(detail.label) for detail in details}
    return [[replace(row, label=str(labels.get(row.key, row.label))) for row in rows] for rows in known]


def details(request: ContactRequest) -> list[Row]:
    return [Row(detail["label"], detail["value"], f"{DETAIL}{detail['key']}") for detail in request.details]


def of_version(version: LaterVersion) -> list[Row]:
    """What was sent again; of versions from before rows had keys, nothing says what a row is but its label."""
    return [Row(row["label"], row["value"], row.get("key", "")) for row in version.content]
