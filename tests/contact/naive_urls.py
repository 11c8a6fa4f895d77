"""The control: sending as it is done without a guard, a new request for every POST."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from contact import drafts, sending
from contact.models import ContactRequest
from contact.views import private
from helpcenter.urls import *  # noqa: F403
from helpcenter.urls import urlpatterns as real_patterns


@private
def naive_send(request: HttpRequest) -> HttpResponse:
    draft = drafts.find(request)
    assert draft
    draft.id = uuid.uuid4()
    prepared = sending.prepare(draft)
    assert prepared
    return redirect(ContactRequest.objects.store(prepared))


urlpatterns = [path("naive/", naive_send), *real_patterns]
