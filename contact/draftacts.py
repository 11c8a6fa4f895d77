"""A draft request besides its pages: kept while it is typed, thrown away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from articles.guards import private

from . import drafts
from .forms import OWN, DetailsForm, WordedForm
from .topics import posted_topic
from .trouble import keeps_text, keeps_text_in_a_hurry


@private
@keeps_text_in_a_hurry
@require_POST
def contact_save(request: HttpRequest) -> HttpResponse:
    """What is being typed, kept by JavaScript from time to time; 204, or 503 where it may try again."""
    draft = drafts.find(request)
    topic = posted_topic(request)
    if draft and "worded" in request.POST and not draft.sent:
        form = WordedForm(request.POST)
        if form.is_valid():
            draft.update(worded=form.changed)
    elif draft and topic and topic == draft.topic and not draft.sent:
        DetailsForm(topic, request.POST).save_to(draft)
        draft.update(**{name: getattr(draft, name) for name in (*OWN, "details", "remedy")})
    return HttpResponse(status=204)


@private
@keeps_text
@require_POST
def contact_discard(request: HttpRequest) -> HttpResponse:
    """What was typed is gone, as on a computer that others use; what was sent stays."""
    draft = drafts.find(request)
    if draft and not draft.sent:
        draft.delete()
    response = redirect("contact")
    drafts.forget(response)
    return response
