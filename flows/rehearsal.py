"""A version as customers would walk it, at the desk: in a frame as wide as a phone, or wider."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from articles.languages import current_language

from . import clock, dates, words
from .editor import address_of
from .graph import Graph
from .models import FlowVersion, Topic
from .place import Place
from .steppage import step_page
from .views import start_page

WIDTHS = {"phone": _("Phone"), "tablet": _("Tablet"), "desktop": _("Computer")}


def urls() -> list[URLPattern]:
    """Below /admin/flows/flowversion/."""
    view = admin.site.admin_view
    inside = "<int:pk>/preview/<slug:language>/"
    return [
        path("<int:pk>/preview/", view(preview), name="flows_preview"),
        path(inside, view(start), name="flows_rehearsal"),
        path(f"{inside}contact/", view(contact), name="flows_rehearsal_contact"),
        path(f"{inside}step/<slug:step>/", view(step), name="flows_rehearsal_step"),
    ]


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The frame, with the choice of its language and width."""
    version = _version(request, pk)
    language = request.GET.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else current_language()
    width = request.GET.get("width", "")
    context = admin.site.each_context(request) | {
        "title": gettext("Preview: %(flow)s, version %(number)s")
        % {"flow": version.flow, "number": version.number},
        "version": version,
        "edit_url": address_of(version),
        "languages": settings.LANGUAGES,
        "language": language,
        "widths": WIDTHS,
        "width": width if width in WIDTHS else "phone",
        "has_steps": version.steps.exists(),
        "frame_url": reverse("admin:flows_rehearsal", args=[version.pk, language]),
    }
    return render(request, "admin/flows/preview.html", context)


Rehearsed = Callable[..., HttpResponse]


def _rehearsed(view: Rehearsed) -> Rehearsed:
    """Shown in our own frame only, in the language of the address."""

    @wraps(view)
    def wrapped(request: HttpRequest, pk: int, language: str, **given: str) -> HttpResponse:
        version = _version(request, pk)
        graph = version.graph()
        if language not in dict(settings.LANGUAGES) or not graph.steps:
            raise Http404
        with override(language):
            return view(request, Place(version.flow, rehearsed=version), graph, **given)

    framed: Any = csp_replace({"frame-ancestors": [SELF]})(wrapped)  # type: ignore[arg-type]
    return require_safe(xframe_options_sameorigin(framed))


@_rehearsed
def start(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    return start_page(request, place, graph)


@_rehearsed
def step(request: HttpRequest, place: Place, graph: Graph, step: str) -> HttpResponse:
    return step_page(request, place, graph, step)


@_rehearsed
def contact(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    """What would be handed over here: the topic with its details and remedies, and what was answered."""
    language = current_language()
    walk = clock.walk(graph, dates.responses(graph, request.GET, clock.site_time()))
    topic = Topic.objects.filter(key=walk.current.topic).first() if walk.current.topic else None
    context = place.context | {
        "topic": topic,
        "details": topic.topic_details.select_related("detail") if topic else [],
        "remedies": topic.offered if topic else [],
        "trail": words.trail_lines(walk.trail, language),
        "back_url": place.step_url(walk.current, walk.responses),
    }
    return render(request, "flows/rehearsed_contact.html", context)


def _version(request: HttpRequest, pk: int) -> FlowVersion:
    if not request.user.has_perm("flows.view_flowversion"):
        raise PermissionDenied
    return get_object_or_404(FlowVersion.objects.select_related("flow__category__parent"), pk=pk)
