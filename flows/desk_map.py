"""The desk's page with the map of a flow version, its figures and its outline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from articles.languages import current_language
from articles.models import Article

from . import checking
from .cards import Remarks
from .figures import Figures
from .graph import Graph, Outcome
from .map import FlowMap, draw
from .models import Flow, FlowVersion, Topic
from .problems import Problem
from .sentences import outline_word, sentence
from .titles import titles_of

SPANS = (7, 30, 90)  # days


def flow_map(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version of a flow as a picture, with what customers did in it in the last days."""
    if not request.user.has_perm("flows.view_flow"):
        raise PermissionDenied
    flow = get_object_or_404(Flow.objects.select_related("category"), pk=pk)
    version = get_object_or_404(flow.versions.select_related("flow"), number=number)
    graph, days = version.graph(), _days(request)
    figures = figures_of(version, graph, days)
    context = admin.site.each_context(request) | {
        "title": gettext("Map of %(flow)s") % {"flow": flow},
        "flow": flow,
        "version": version,
        "versions": [one for one in flow.versions.all() if one.number != number],
        "map": map_of(version, graph, figures if figures else None),
        "figures": figures,
        "ends": {str(outcome): figures.outcomes[outcome] for outcome in Outcome},
        "days": days,
        "spans": [(one, f"?days={one}", one == days) for one in SPANS],
        "outline": graph.outline(current_language(), say=outline_word),
    }
    return render(request, "admin/flows/map.html", context)


def map_of(
    version: FlowVersion,
    graph: Graph,
    figures: Figures | None = None,
) -> FlowMap:
    """The map of the version, for admin/flows/_map.html."""
    remarks = Remarks(
        language=current_language(),
        address=reverse("admin:flows_flowversion_change", args=[version.pk]),
        topics=_topics(graph),
        articles=_articles(graph),
        problems=by_step(checking.problems(graph)),
        warnings=by_step(checking.warnings(graph)),
        figures=figures,
    )
    return draw(graph, remarks)


def figures_of(version: FlowVersion, graph: Graph, days: int) -> Figures:
    """What was counted in the version in the last days, today included; one query."""
    since = timezone.localdate() - timedelta(days=days - 1)
    rows = version.counts.filter(day__gte=since).values_list("what", "step", "option")
    return Figures.of(graph, rows.annotate(Sum("count")))


def by_step(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """The sentences of each step, without its name in front."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        found[problem.step].append(sentence(replace(problem, step="")))
    return found


def _topics(graph: Graph) -> dict[str, str]:
    """The names of the steps' topics, by key."""
    keys = {step.topic for step in graph.steps.values() if step.topic}
    return {topic.key: str(topic) for topic in Topic.objects.filter(key__in=keys)}


def _articles(graph: Graph) -> dict[str, str]:
    """The titles of the steps' articles, by key."""
    keys = {step.article for step in graph.steps.values() if step.article}
    return {key: title for (_pk, key), title in titles_of(Article.objects.filter(key__in=keys)).items()}


def _days(request: HttpRequest) -> int:
    given = request.GET.get("days", "")
    return next((days for days in SPANS if str(days) == given), SPANS[1])
