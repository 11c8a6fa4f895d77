"""What a customer did in a flow, replayed here: the browser's word is never taken for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone, translation

from flows import clock
from flows.graph import Kind, Walk
from flows.models import Flow, FlowVersion, Topic
from flows.words import trail_lines

from .models import DraftRequest


@dataclass(frozen=True)
class Trail:
    """The flow's title and the steps walked, as text in the customer's words."""

    title: str = ""
    text: str = ""
    tried: tuple[tuple[str, str], ...] = ()  # what was tried on the way, and how it went
    is_urgent: bool = False  # it ended at a step that says so


@dataclass(frozen=True)
class Carried:
    """What was handed over: the flow, and the step that the customer had come to."""

    flow: Flow
    step: str
    is_new: bool  # False where the draft held the very same already


def carry_flow(draft: DraftRequest, slug: str, responses: Mapping[str, str]) -> Carried | None:
    """The draft holds the flow's trail, and the topic where it ends in one; None where there is no such flow."""
    flow = Flow.objects.published().select_related("published_version", "category").named(slug).first()
    if flow is None or flow.published_version is None:
        return None
    before = (draft.flow, draft.flow_version, draft.responses)
    known = draft.responses if draft.flow == flow.slug else {}
    draft.walked_at = timezone.now()
    walk = clock.walk(flow.published_version.graph(), responses, draft.walked_at)
    if topic := _topic(walk):
        draft.topic = topic
    elif draft.flow != flow.slug:
        draft.topic = None
    draft.flow, draft.flow_version, draft.responses = flow.slug, flow.published_version.number, walk.responses
    draft.category = flow.category
    draft.details = draft.details | _dates(walk, draft.details, known)
    prefill_tried(draft)
    is_new = before != (draft.flow, draft.flow_version, draft.responses)
    return Carried(flow, walk.current.slug, is_new)


def drop_flow(draft: DraftRequest) -> None:
    """The draft holds no trail; what the customer wrote stays."""
    draft.flow, draft.flow_version, draft.responses, draft.walked_at = "", None, {}, None
    prefill_tried(draft)


def prefill_tried(draft: DraftRequest) -> None:
    """“What was tried” says what the trail says, unless the customer has written there."""
    if draft.tried == draft.tried_prefilled:
        draft.tried = draft.tried_prefilled = trail(draft).text


def trail(draft: DraftRequest) -> Trail:
    """What the customer saw and chose, in the draft's language, from the very version that was walked."""
    version = _version(draft)
    if version is None:
        return Trail()
    walk = clock.walk(version.graph(), draft.responses, draft.walked_at)
    walked = trail_lines(walk.trail, draft.language)
    tried = tuple(said for taken, said in zip(walk.trail, walked, strict=True) if taken.step.kind == Kind.TRY)
    lines = [_line(title, answer) for title, answer in walked]
    with translation.override(draft.language):
        return Trail(str(version.flow.title), "\n".join(lines), tried, walk.current.is_urgent)


def likely_topic(draft: DraftRequest) -> str:
    """What a request from the middle of a flow is probably about: a key for the form; empty where it is open."""
    version = _version(draft)
    if version is None:
        return ""
    graph = version.graph()
    return graph.likely_topic(clock.walk(graph, draft.responses, draft.walked_at).current.slug) or ""


def _version(draft: DraftRequest) -> FlowVersion | None:
    """The very version that was walked."""
    if draft.flow_version is None:
        return None
    published = FlowVersion.objects.exclude(published_at=None).select_related("flow")
    return published.filter(flow__in=Flow.objects.named(draft.flow), number=draft.flow_version).first()


def flow_of(draft: DraftRequest) -> Flow | None:
    return Flow.objects.select_related("category__parent").named(draft.flow).first()


def _dates(walk: Walk, details: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The dates given on the way that support needs as details: nobody is asked for them twice.

    Nor for one that is not known, unless it has been written there since: not by the answer they gave `before`.
    """
    found = {}
    for taken in walk.trail:
        if key := taken.step.detail:
            said, was = details.get(key, ""), before.get(taken.step.slug, "")[:10]
            if taken.wait or said in ("", was):
                found[key] = taken.response[:10]
    return found


def _topic(walk: Walk) -> Topic | None:
    """What the request is about, where the trail has come to an outcome that says so."""
    if walk.current.outcome is None or not walk.current.topic:
        return None
    return Topic.objects.filter(key=walk.current.topic).first()


def _line(title: str, answer: str) -> str:
    return f"{title} {answer}" if title.endswith(("?", ":", "!", ".")) else f"{title}: {answer}"
