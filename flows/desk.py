"""The desk's own pages about flows: one flow's work, and the comparison of two of its versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles import compare
from articles import work as desk_work
from articles.languages import current_language

from . import checking
from .desk_map import flow_map
from .editor import address_of
from .models import Flow, FlowVersion
from .sentences import outline_word, sentence


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/flows/flow/."""
    return [
        path("<int:pk>/work/", site.admin_view(work), name="flows_work"),
        path("<int:pk>/compare/", site.admin_view(comparison), name="flows_compare"),
        path("<int:pk>/map/<int:number>/", site.admin_view(flow_map), name="flows_map"),
        path("<int:pk>/draft/", site.admin_view(draft), name="flows_draft"),
    ]


def work(request: HttpRequest, pk: int) -> HttpResponse:
    """One flow's way to customers: its draft version, what that changes, what was said, what it was."""
    flow = _flow(request, pk)
    versions = flow.versions.select_related("author", "approved_by", "reviewer", "flow")
    newest = versions.first()
    is_draft = newest is not None and newest.is_draft
    context = admin.site.each_context(request) | {
        "title": str(flow),
        "flow": flow,
        "newest": newest,
        "history": list(versions),
        "waits": is_draft,
        "cannot_restore": is_draft,  # there is one draft version at a time
        "fields": differences(flow.published_version, newest) if newest and is_draft else [],
        "problems": _problems(newest) if newest and is_draft else [],
        "may_write": flow.may_be_written_by(request.user),
    }
    return desk_work.page(request, flow, versions, "admin/flows/work.html", context)


def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions of a flow, as outlines."""
    flow = _flow(request, pk)
    versions = {version.number: version for version in flow.versions.select_related("author")}
    return desk_work.comparison(request, flow, versions, differences) if versions else redirect(flow.work_url)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """There is a draft version, and its steps are open, at the wanted one if it has it."""
    flow = _flow(request, pk)
    if not flow.may_be_written_by(request.user):
        raise PermissionDenied
    made, wanted = flow.make_draft(request.user), request.POST.get("step", "")
    is_there = wanted in made.steps.values_list("slug", flat=True)
    return redirect(address_of(made) + (f"#step-{wanted}" if is_there else ""))


def differences(old: FlowVersion | None, new: FlowVersion) -> list[dict[str, Any]]:
    """The outlines in which they differ, language by language, each step with its text."""
    before = old.graph() if old else None
    after = new.graph()
    found, own = [], current_language()
    for code, name in sorted(settings.LANGUAGES, key=lambda language: language[0] != own):
        if rows := compare.rows(
            before.outline(code, texts=True, say=outline_word) if before else "",
            after.outline(code, texts=True, say=outline_word),
        ):
            found.append({"label": gettext("Outline, %(language)s") % {"language": name}, "rows": rows})
    return found


def _problems(version: FlowVersion) -> list[str]:
    return [sentence(problem) for problem in checking.problems(version.graph())]


def _flow(request: HttpRequest, pk: int) -> Flow:
    if not request.user.has_perm("flows.view_flow"):
        raise PermissionDenied
    return get_object_or_404(Flow.objects.select_related("category", "published_version"), pk=pk)
