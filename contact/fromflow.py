"""Customers who come from a flow: from its outcome, from any step of it, or from an urgent one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from articles import brand
from flows import clock, counting

from . import drafts, handoff, reaching, typed
from .channels import Case
from .models import DraftRequest
from .promise import answer_by


def hand_off(request: HttpRequest) -> HttpResponse:
    """From a flow's outcome, or from any step of it; where the topic is not known yet it is asked first."""
    draft = drafts.find_unsent(request)
    if not _carry(request, draft, "flow"):
        return redirect("contact")
    return drafts.go_on("contact_details" if draft.topic else "contact", draft)


def urgent(request: HttpRequest) -> HttpResponse:
    """From an urgent step: the ways to reach us, the fastest first, and no further questions."""
    draft = drafts.find_unsent(request)
    if not _carry(request, draft, "urgent"):
        return redirect("contact")
    if draft.topic is None:
        return drafts.go_on("contact", draft)
    drafts.save(draft)
    promise = answer_by(clock.site_time().date(), draft.topic.answer_days, clock.opening())
    ways = reaching.ways(Case(answer_by=reaching.end_of(promise), is_urgent=True))
    context = {"draft": draft, "ways": ways, "support_email": brand.support_email()}
    response = render(request, "contact/urgent.html", context)
    drafts.keep(response, draft)
    return response


def _carry(request: HttpRequest, draft: DraftRequest, name: str) -> bool:
    """The draft holds what was answered in the flow that the parameter names; False where there is none."""
    responses = {key: str(value) for key, value in request.GET.items() if key != name}
    carried = handoff.carry_flow(draft, typed.one_line(request.GET[name]), responses)
    if carried and carried.is_new:
        counting.note_hand_off(request, carried.flow, carried.step)
    return carried is not None
