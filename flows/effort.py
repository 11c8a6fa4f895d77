"""About how long a flow takes, from its graph: pure.  An editor who knows better says so."""

from __future__ import annotations

import math
from graphlib import CycleError, TopologicalSorter

from .graph import Graph, Kind, Step, text

SECONDS = {Kind.QUESTION: 10, Kind.DATE: 30, Kind.TRY: 75, Kind.OUTCOME: 10}
WORDS_A_SECOND = 3.5


def minutes(graph: Graph, language: str) -> int:
    """Whole minutes of the longest way through it, reading included; 0 where it goes round in a circle."""
    leads_to = graph.leads_to()
    longest: dict[str, float] = {}
    try:
        for slug in TopologicalSorter(leads_to).static_order():
            beyond = max((longest[following] for following in leads_to[slug]), default=0.0)
            longest[slug] = _seconds(graph.steps[slug], language) + beyond
    except CycleError:
        return 0
    return math.ceil(longest[graph.start.slug] / 60) if graph.steps else 0


def _seconds(step: Step, language: str) -> float:
    words = len(f"{text(step.title, language)} {text(step.body, language)}".split())
    return SECONDS[step.kind] + words / WORDS_A_SECOND
