"""The controls: sending as it is done without a guard."""

import uuid
from threading import Timer

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from articles.guards import private
from contact import drafts, sending
from contact.models import ContactRequest
from helpcenter.urls import *  # noqa: F403
from helpcenter.urls import urlpatterns as real_patterns


@private
def naive_send(request: HttpRequest) -> HttpResponse:
    """A new request for every POST."""
    draft = drafts.find(request)
    assert draft
    draft.id = uuid.uuid4()
    prepared = sending.prepare(draft)
    assert prepared
    return redirect(ContactRequest.objects.store(prepared.request))


@private
def hasty_send(request: HttpRequest) -> HttpResponse:
    """Tells the customer first and stores afterwards, as with a queue in memory."""
    draft = drafts.find(request)
    assert draft
    Timer(0.5, sending.send, [draft, draft.digest]).start()
    return redirect(ContactRequest(id=draft.id, language=draft.language))


urlpatterns = [path("naive/", naive_send), path("hasty/", hasty_send), *real_patterns]
