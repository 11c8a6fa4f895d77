"""Where agents say that a request is answered: its page, the call sheet, or many at once in the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from flows.waiting import read_day

from . import answering, desk, status
from .models import ContactRequest
from .status import Due

EVERYTHING = "all"
QUEUE = ["promise", "created_at"]  # the order in which they are due


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(
            "<uuid:pk>/answered/", site.admin_view(require_POST(answered)), name="contact_contactrequest_answered"
        )
    ]


def answered(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The request is marked as answered, or no longer (`undo`); not where the customer has come back meanwhile."""
    if not may_answer(request):
        raise PermissionDenied
    found = ContactRequest.objects.filter(pk=pk)
    sent = get_object_or_404(found)
    if "undo" in request.POST:
        undo(request, found)
    elif request.POST.get("seen") != sent.last_sent_at.isoformat():
        said = gettext("The customer has sent more meanwhile: it is on this page now. Nothing was marked.")
        messages.warning(request, said)
    else:
        mark(request, found)
        _name_next(request)
    return redirect(_back(sent, read_day(request.POST.get("day", ""))))


def may_answer(request: HttpRequest) -> bool:
    return request.user.has_perm(answering.MAY_ANSWER)


def mark(request: HttpRequest, requests: QuerySet[ContactRequest]) -> None:
    """They are answered, and who did that is told how many were not before."""
    new = list(requests.filter(answered_at=None).order_by())
    count = answering.mark(ContactRequest.objects.filter(pk__in=[sent.pk for sent in new]), request.user)
    said = ngettext("%(count)d request is answered.", "%(count)d requests are answered.", count)
    _tell(request, new, said % {"count": count}, gettext("Marked as answered."))


def undo(request: HttpRequest, requests: QuerySet[ContactRequest]) -> None:
    """They wait for an answer, and who did that is told how many did not before."""
    old = list(requests.exclude(answered_at=None).order_by())
    count = answering.undo(ContactRequest.objects.filter(pk__in=[sent.pk for sent in old]))
    said = ngettext(
        "%(count)d request waits for an answer again.", "%(count)d requests wait for an answer again.", count
    )
    _tell(request, old, said % {"count": count}, gettext("Waits for an answer again."))


def _tell(request: HttpRequest, changed: list[ContactRequest], said: str, logged: str) -> None:
    """The page says it, and each request's history keeps who did it, since undoing forgets who marked it."""
    if changed and request.user.pk:
        LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, logged)
    messages.success(request, said)


def _name_next(request: HttpRequest) -> None:
    """The one that is due next is one click away, so that nobody goes back to the list for each."""
    following = ContactRequest.objects.filter(answered_at=None).order_by(*QUEUE).select_related("topic").first()
    if following is None:
        messages.info(request, gettext("Every request is answered."))
        return
    words = f"{following.reference} · {following.topic_title}"
    link = format_html('<a href="{}">{}</a>', desk.address_of(following), words)
    messages.info(request, format_html("{} {}", gettext("Due next:"), link))


def _back(sent: ContactRequest, day: date | None) -> str:
    if day:
        return f"{reverse('admin:contact_contactrequest_calls')}?day={day.isoformat()}"
    return reverse("admin:contact_contactrequest_change", args=[sent.pk])


class PromiseFilter(admin.SimpleListFilter):
    """What waits for an answer, unless something else is chosen, or searched for."""

    title = _("promise")
    parameter_name = "promise"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.is_searching = bool(request.GET.get("q", "").strip())
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        # Who searches sees all anyway: a reference is found whether or not it is answered.
        return [*Due.choices, *([] if self.is_searching else [(EVERYTHING, _("all, answered ones too"))])]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield first if self.is_searching else {**first, "display": _("waiting for an answer")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[ContactRequest]) -> QuerySet[ContactRequest]:
        chosen = self.value() or ""
        if chosen in Due.values:
            return queryset.filter(Due(chosen).condition(status.today()))
        is_everything = self.is_searching or chosen == EVERYTHING
        return queryset if is_everything else queryset.filter(answered_at=None)


def order(request: HttpRequest) -> list[str]:
    """What waits stands in the order in which it is due; what does not, and what is searched for, newest first."""
    is_queue = request.GET.get(PromiseFilter.parameter_name) not in (Due.ANSWERED, EVERYTHING)
    return QUEUE if is_queue and not request.GET.get("q") else ["-created_at"]
