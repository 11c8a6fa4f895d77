"""Counts of what customers do in flows: best effort, without a cookie, and nothing about who they are.

Only buttons pressed on the flow's own pages count.  The browser says which page it comes from, but for those of
preview links; robots mostly do not, and prefetching says what it is.  Whoever changes an answer is taken back from
the old way and counted on the new one, so that the counts are of where people went in the end.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.origin import is_robot
from articles.patience import best_effort

from .figures import Counted
from .graph import Graph, Walk
from .models import Flow, FlowCount

KEPT = timedelta(days=365)


def note_start(request: HttpRequest, flow: Flow, graph: Graph) -> None:
    """Somebody has pressed Start."""
    if is_counted(request, flow):
        _add(flow, Counted.START, graph.start.slug)


def note_answer(request: HttpRequest, flow: Flow, before: Walk, after: Walk) -> None:
    """Somebody has pressed Continue, and walks as in `after` now instead of as `before`."""
    if not is_counted(request, flow):
        return
    old, new = _way(before), _way(after)
    version, day = flow.published_version_id, timezone.localdate()
    # In one transaction, which waits once for a lock; always in one order, so that no two wait for each other.
    with best_effort(), transaction.atomic():
        for step, option in sorted(new - old):
            FlowCount.objects.add(version, day, Counted.ANSWER, step, option)
        for step, option in sorted(old - new):
            FlowCount.objects.take_back(version, day, Counted.ANSWER, step, option)


def note_hand_off(request: HttpRequest, flow: Flow, step: str) -> None:
    """Somebody has gone from the step to the contact form."""
    if is_counted(request, flow):
        _add(flow, Counted.HAND_OFF, step)


def is_counted(request: HttpRequest, flow: Flow) -> bool:
    """Whether a person has pressed something on one of the flow's pages just now."""
    headers = request.headers
    if request.method != "GET" or headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if "prefetch" in headers.get("Sec-Purpose", "") or headers.get("Purpose") == "prefetch":
        return False
    came_from = urlsplit(headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host() and came_from.path.startswith(flow.get_absolute_url())
    return is_ours and not is_robot(request)


def forget_old() -> None:
    """What was counted more than a year ago is gone; looks once an hour."""
    if cache.add("flows.counting.forget_old", True, timeout=3600):
        FlowCount.objects.filter(day__lt=timezone.localdate() - KEPT).delete()


def _add(flow: Flow, what: Counted, step: str) -> None:
    with best_effort():
        FlowCount.objects.add(flow.published_version_id, timezone.localdate(), what, step)


def _way(walk: Walk) -> set[tuple[str, str]]:
    return {(taken.step.slug, taken.option.key) for taken in walk.trail}
