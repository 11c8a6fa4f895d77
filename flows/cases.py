"""Flow cases: saved responses with the step they must reach, walked on a day of their own."""

from __future__ import annotations

from datetime import datetime, time

from . import clock
from .graph import Graph
from .models import Flow, FlowCase

NOON = time(12)


def failures(flow: Flow, graph: Graph) -> list[str]:
    """What each case of the flow that does not hold on the graph comes to instead, in a sentence."""
    reached = [(case, reach(case, graph)) for case in flow.cases.all()]
    return [
        f"the case {case.responses} must reach “{case.reaches}” and comes to “{slug}”."
        for case, slug in reached
        if slug != case.reaches
    ]


def reach(case: FlowCase, graph: Graph) -> str:
    """The slug of the step that the case comes to; dates are counted from its day, at noon."""
    if not graph.steps:
        return ""
    at = datetime.combine(case.day, NOON, clock.site_time().tzinfo) if case.day else None
    return clock.walk(graph, case.responses, at).current.slug
