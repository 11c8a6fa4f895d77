"""Flow cases: saved responses with the step they must reach, walked on a day of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from urllib.parse import parse_qsl, urlsplit

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import clock
from .flow import Flow
from .graph import Graph

NOON = time(12)


class FlowCase(models.Model):
    """Saved responses with the step they must reach, whatever is edited."""

    flow = models.ForeignKey(Flow, verbose_name=_("flow"), on_delete=models.CASCADE, related_name="cases")
    responses = models.JSONField(
        _("responses"), default=dict, help_text=_("Step → option, or date: as in its address.")
    )
    day = models.DateField(
        _("on"), null=True, blank=True, help_text=_("The day it is walked, at noon. Empty: whenever it is run.")
    )
    reaches = models.SlugField(_("reaches"), help_text=_("The slug of the step."))

    class Meta:
        verbose_name = _("flow case")
        verbose_name_plural = _("flow cases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.flow} → {self.reaches}"


def failures(flow: Flow, graph: Graph) -> list[str]:
    """What each case of the flow that does not hold on the graph comes to instead, in a sentence."""
    reached = [(case, reach(case, graph)) for case in flow.cases.all()]
    return [sentence(case, slug, graph) for case, slug in reached if slug != case.reaches]


def sentence(case: FlowCase, slug: str, graph: Graph) -> str:
    return gettext("The case %(case)s must reach “%(wanted)s” and comes to “%(slug)s”.") % {
        "case": given(case, graph),
        "wanted": case.reaches,
        "slug": slug,
    }


def changes(cases: Iterable[FlowCase], before: Graph, after: Graph) -> list[str]:
    """The cases that come to another step than before, each in a sentence."""
    found = []
    for case in cases:
        was, now = reach(case, before), reach(case, after)
        if was != now:
            words = {"case": given(case, before), "was": was or "–", "now": now or "–", "wanted": case.reaches}
            found.append(
                gettext("%(case)s came to “%(was)s” and now comes to “%(now)s” (it must reach “%(wanted)s”).")
                % words
            )
    return found


def given(case: FlowCase, graph: Graph) -> str:
    """The case's responses as one reads them, in the order of the steps: PostgreSQL keeps none."""
    order = {slug: number for number, slug in enumerate(graph.steps)}
    responses = sorted(case.responses.items(), key=lambda item: order.get(item[0], len(order)))
    words = ", ".join(f"{slug}: {response}" for slug, response in responses) or "–"
    return f"({words})"


def reach(case: FlowCase, graph: Graph) -> str:
    """The slug of the step that the case comes to; dates are counted from its day, at noon."""
    if not graph.steps:
        return ""
    at = datetime.combine(case.day, NOON, clock.site_time().tzinfo) if case.day else None
    return clock.walk(graph, case.responses, at).current.slug


def of_address(flow: Flow, address: str, graph: Graph) -> FlowCase | None:
    """The case that a step's address says, not saved yet; None where it is no address of a step of the graph.

    Where dates are among the responses, it is walked on the day on which it was made.
    """
    parts = urlsplit(address.strip())
    slug = parts.path.rstrip("/").rpartition("/")[2]
    responses = {name: value for name, value in parse_qsl(parts.query) if name in graph.steps}
    if slug not in graph.steps:
        return None
    day = clock.site_time().date() if any(graph.steps[name].wait for name in responses) else None
    return FlowCase(flow=flow, responses=responses, day=day, reaches=slug)
