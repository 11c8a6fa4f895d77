"""Forms whose token is no longer good: the page again, with what was typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.guards import private

from . import callpages, drafts
from .checkpage import check_page
from .detailspage import details_page
from .forms import DetailsForm, TopicForm
from .topicpage import first_category, topic_page
from .topics import posted_topic


@private
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """On contact pages what was typed is there again with a fresh token; nothing has been stored or sent.

    The form may be a stranger's, so the draft is the one of the browser's cookie: with one that the stranger knows
    they could read what is typed from here on.
    """
    page = request.resolver_match.url_name if request.resolver_match else ""
    draft = drafts.find_by_cookie(request) or drafts.begin_anew()
    topic = posted_topic(request) or draft.topic
    if page == "contact":
        topics = TopicForm(first_category(draft, request.POST), initial=request.POST.dict())
        return topic_page(request, topics, draft, has_expired=True, status=403)
    if page == "contact_details" and topic:
        draft.topic = topic
        details = DetailsForm(topic, initial=request.POST.dict())
        return details_page(request, details, draft, has_expired=True, status=403)
    if page == "contact_check" and draft.topic:
        return check_page(request, draft, has_expired=True, status=403)
    return callpages.expired(request) or render(request, "403.html", status=403)
