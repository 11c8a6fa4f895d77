"""The topic that a form is about."""

from __future__ import annotations

from django.http import HttpRequest

from flows.models import Topic

from . import typed


def posted_topic(request: HttpRequest) -> Topic | None:
    return Topic.objects.filter(key=typed.one_line(request.POST.get("topic", ""))).first()
