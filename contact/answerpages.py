"""Answers while a request is being written: the fragment with them, and “This solved it”."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from articles.guards import get_or_post, private

from . import drafts, suggesting, typed
from .forms import DetailsForm, WordedForm
from .models import DraftRequest
from .trouble import keeps_text, keeps_text_in_a_hurry


@private
@keeps_text_in_a_hurry
@require_POST
def contact_suggestions(request: HttpRequest) -> HttpResponse:
    """What may answer the message so far.  Only by POST: what is being typed belongs into no address."""
    draft = drafts.find(request)
    found = suggesting.suggest(draft, typed.one_line(request.POST.get("message", ""))) if draft else []
    return render(request, "contact/_suggestions.html", {"suggestions": found})


@private
@keeps_text
@get_or_post
def contact_solved(request: HttpRequest) -> HttpResponse:
    """One of the answers has solved it.  Nothing is sent, and nothing that was typed is lost."""
    draft = drafts.find(request)
    if request.method == "POST":
        if draft and not draft.sent:
            _keep(draft, request)
        if draft:
            suggesting.note_solved(request.POST.get("solved", ""), draft.language)
        return redirect("contact_solved")
    return render(request, "contact/solved.html", {"draft": draft if draft and not draft.sent else None})


def _keep(draft: DraftRequest, request: HttpRequest) -> None:
    """The draft has what was being typed on the details page or on the check page."""
    if draft.topic and "message" in request.POST:
        DetailsForm(draft.topic, request.POST).save_to(draft)
    worded = WordedForm(request.POST)
    if "worded" in request.POST and worded.is_valid():
        draft.worded = worded.changed
    drafts.save(draft)
