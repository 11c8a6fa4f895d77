"""A request that was sent: its own page, and the record to keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.guards import private

from . import callback, record, status, words
from .models import ContactRequest

CALL = "call"  # the parameter that says what has just become of the call
BOOKED, CANCELLED = "booked", "cancelled"


@private
@require_safe
def contact_sent(request: HttpRequest, signed: str) -> HttpResponse:
    """The request's own page: how it stands, what was sent, and the record, as often as it is asked for."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    context = status.page(sent) | {"signed": signed, "record_url": reverse("contact_record", args=[signed])}
    context |= {
        "call": words.call(sent),
        "call_said": _said(request, sent),
        "may_change_call": not callback.is_too_late(sent) and bool(callback.windows(besides=sent)),
    }
    return render(request, "contact/sent.html", context)


def _said(request: HttpRequest, sent: ContactRequest) -> str:
    """What the page says of a call that was just changed; nothing where that no longer holds."""
    said = request.GET.get(CALL, "")
    return said if said == (BOOKED if sent.callback_at else CANCELLED) else ""


@private
@require_safe
def contact_record(request: HttpRequest, signed: str) -> HttpResponse:
    """The record, to keep."""
    sent = get_object_or_404(ContactRequest.objects.signed(signed))
    response = HttpResponse(record.archive(sent), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{sent.reference}.zip"'
    return response
