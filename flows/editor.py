"""The editor's page: all steps of a flow version in order, with their options and where each leads.

Every button saves what was filled in first, so that nothing typed is lost and the page always shows what is there.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_protect

from articles import review, writing
from articles.languages import current_language
from articles.review import Act
from articles.stages import NotAllowed

from . import buttons, cases, checking, editorpage
from .graph import Graph
from .models import FlowVersion
from .sentences import outline_word
from .sheet import Sheet

TEMPLATE = "admin/flows/editor.html"


@csrf_protect
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The version's steps to read, and to change where it is a draft that nobody has scheduled."""
    version = FlowVersion.objects.select_related("flow__published_version").filter(pk=pk).first()
    if not request.user.has_perm("flows.view_flowversion"):
        raise PermissionDenied
    shared = writing.page_context(request)
    writing.recover(request, shared["unsaved"])
    if version is None or not may_change(request.user, version):
        return _not_here(request, version)
    with transaction.atomic():
        response = _work_on(request, version, shared)
    writing.note_outcome(request, response)
    return response


def may_change(user: Any, version: FlowVersion) -> bool:
    """Whether they may write this version: customers may be in the middle of one that is published."""
    may_write = user.has_perms(["flows.change_flowversion", "flows.change_step"])
    return bool(may_write) and version.is_draft and version.apply_at is None


def _not_here(request: HttpRequest, version: FlowVersion | None) -> HttpResponse:
    """It cannot be written (any more): shown as it is, and what was typed for it kept apart."""
    kept = writing.kept_apart(request) if request.user.has_perm("flows.change_flowversion") else None
    if kept:
        return kept
    if version is None:
        messages.warning(request, gettext("This version does not exist any more. Perhaps somebody discarded it."))
        return redirect("admin:flows_flow_changelist")
    if request.method == "POST":
        raise PermissionDenied
    graph = version.graph()
    found = [*(checking.problems(graph) if version.is_draft else []), *checking.warnings(graph)]
    context = editorpage.about(request, version, graph, found) | {
        "outlines": graph.outlines(current_language(), texts=True, say=outline_word),
        "wanted": request.GET.get("step", ""),
    }
    return render(request, TEMPLATE, context)


def _work_on(request: HttpRequest, version: FlowVersion, shared: dict[str, Any]) -> HttpResponse:
    """What was posted is saved, and the button's act done; else the page, with what is wrong."""
    is_saving = request.method == "POST" and not writing.is_recovering(request)
    if is_saving:
        try:
            version = version.locked()
        except NotAllowed:
            return _not_here(request, None)
        if not may_change(request.user, version):
            return _not_here(request, version)
    before = version.graph()
    sheet = Sheet(version, request.POST if request.method == "POST" else None)
    if is_saving and sheet.is_valid():
        return _save(request, sheet, before)
    found = [*checking.problems(before), *checking.warnings(before)]
    context = editorpage.about(request, version, before, found) | shared | writing.written(sheet.forms)
    context |= editorpage.forms(sheet, before, found, {} if is_saving else request.GET.dict())
    context["is_recovering"] = writing.is_recovering(request)
    if is_saving:
        context |= {"is_refused": True, "mistakes": editorpage.mistakes(sheet)}
    return render(request, TEMPLATE, context)


def _save(request: HttpRequest, sheet: Sheet, before: Graph) -> HttpResponse:
    """All is saved and the button's act done; then the page again, at the step that it was about."""
    version, button = sheet.version, request.POST.get("_do", "")
    is_unseen = sheet.is_stale(buttons.about_to_go(button))
    has_changed = sheet.save()
    done = buttons.UNSEEN if is_unseen else buttons.press(version, button, request.POST, request.user)
    if has_changed or done.has_changed:
        version.touched(request.user)
        _tell_cases(request, version, before)
    elsewhere = _bring_on(request, version, button) if button in (Act.PUBLISH, Act.SUBMIT) else ""
    if elsewhere:
        return redirect(elsewhere)
    if done.mistake:
        messages.error(request, str(done.mistake))
    elif button not in (Act.PUBLISH, Act.SUBMIT):
        messages.success(request, done.words or gettext("Saved."))
    return redirect(f"{request.path}{_query(done)}")


def _query(done: buttons.Done) -> str:
    """What the page shows of what was done; no fragment, since what has the focus is brought into view."""
    if done.step is None:
        return ""
    query = {"at": str(done.step.pk)} | ({"new": done.new} if done.new else {})
    return f"?{urlencode(query | ({'remove': str(done.step.pk)} if done.is_asking else {}))}"


def _bring_on(request: HttpRequest, version: FlowVersion, button: str) -> str:
    """It is published, or somebody is asked to review it: where to go on; empty where something stops that."""
    try:
        review.do(Act(button), version, request.user)
    except NotAllowed as error:
        said = gettext("Saved, and not published:") if button == Act.PUBLISH else gettext("Saved.")
        lines = format_html_join("", '<div class="stop">{}</div>', ((line,) for line in error.args))
        messages.error(request, format_html("{} {}", said, lines))
        return ""
    if button == Act.SUBMIT:
        messages.success(request, gettext("Somebody is asked to review it."))
        return version.flow.work_url
    link = format_html('<a href="{}">{}</a>', version.flow.get_absolute_url(), version.flow)
    messages.success(request, format_html("{} {}", gettext("Customers now walk this version."), link))
    return reverse("admin:flows_flow_change", args=[version.flow_id])


def _tell_cases(request: HttpRequest, version: FlowVersion, before: Graph) -> None:
    """Which saved responses now come elsewhere, right after the edit that did it."""
    changed = cases.changes(version.flow.cases.all(), before, version.graph())
    if changed:
        count = ngettext(
            "This edit changes the outcome of %(count)d flow case:",
            "This edit changes the outcome of %(count)d flow cases:",
            len(changed),
        ) % {"count": len(changed)}
        messages.warning(request, " ".join([count, *changed]))


def address_of(version: FlowVersion) -> str:
    return reverse("admin:flows_flowversion_change", args=[version.pk])
