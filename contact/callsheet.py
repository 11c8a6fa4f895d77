"""The calls of one day for agents, to read and to print: whom, when, about what, in which language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from flows.clock import site_time
from flows.waiting import read_day

from . import answerdesk, telephone, words
from .models import ContactRequest


def urls(site: AdminSite) -> list[URLPattern]:
    def page(request: HttpRequest) -> HttpResponse:
        return call_sheet(request, site)

    return [path("calls/", site.admin_view(page), name="contact_contactrequest_calls")]


def call_sheet(request: HttpRequest, site: AdminSite) -> HttpResponse:
    if not request.user.has_perm("contact.view_contactrequest"):
        raise PermissionDenied
    day = read_day(request.GET.get("day", "")) or site_time().date()
    found = calls_on(day)
    details = words.for_agents(*(words.details(sent) for sent in found))
    calls = [
        {
            "sent": sent,
            "details": of_sent,
            "seen": sent.last_sent_at.isoformat(),
            "number": telephone.written(sent.callback_number),
            "when": words.call_times(sent),
            "language": words.language_of_call(sent),
        }
        for sent, of_sent in zip(found, details, strict=True)
    ]
    context = {
        **site.each_context(request),
        "title": _("Calls on %(day)s") % {"day": words.weekday(day)},
        "calls": calls,
        "may_answer": answerdesk.may_answer(request),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return render(request, "admin/contact/calls.html", context)


def calls_on(day: date) -> list[ContactRequest]:
    """The requests whose call begins on that day, at this site's clocks, in their order."""
    starts, ends = (datetime.combine(day + timedelta(days=n), time(), site_time().tzinfo) for n in (0, 1))
    found = ContactRequest.objects.filter(callback_at__gte=starts, callback_at__lt=ends)
    return list(found.order_by("callback_at", "pk").select_related("topic").prefetch_related("later_versions"))
