"""What flows and topics use, each by its place: policy facts, articles, other flows, pictures, categories."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.uses import Kind, Place, State

from .editor import address_of
from .models import Detail, Flow, Remedy, Step, StepUse, Topic, TopicUse
from .stepuse import named_by, note

MEND_EVERY = 3600.0  # seconds

_mended_at: float | None = None
Found = dict[tuple[str, Any], Place]  # by what is used and where


def places(kind: str, keys: Collection[str], most: int) -> list[Place]:
    """Each once, in the version that matters most: customers' own, else the draft, else an earlier one."""
    return sorted(_all(kind, keys))[:most]


def counts(kind: str, keys: Collection[str]) -> Counter[str]:
    return Counter(place.key for place in _all(kind, keys))


def mend(every: float = MEND_EVERY) -> None:
    """What is written down is what steps and topics name, however they came here.  A worker's duty."""
    global _mended_at
    if _mended_at is not None and time.monotonic() - _mended_at < every:
        return
    _mended_at = time.monotonic()
    for model in (Step, Topic):
        rows: QuerySet[Any] = model._default_manager.prefetch_related("uses")
        for row in rows.iterator(chunk_size=500):
            if named_by(row) != {use.named for use in row.uses.all()}:
                note(row)


def _all(kind: str, keys: Collection[str]) -> list[Place]:
    found: Found = {}
    for where, place in PLACES[Kind(kind)](keys):
        known = found.get((place.key, where))
        if known is None or place.state < known.state:
            found[place.key, where] = place
    return list(found.values())


def _of_facts(keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    yield from _texts(Kind.FACT, keys)
    for step in _steps(Q(wait_fact__key__in=keys), key=F("wait_fact__key")):
        yield _in_step(step, step.used_key, _("wait rule"), "wait", names_key=False)
    yield from _wordings(Kind.FACT, keys)


def _of_articles(keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    yield from _texts(Kind.ARTICLE, keys)
    for step in _steps(Q(article__key__in=keys), key=F("article__key")):
        yield _in_step(step, step.used_key, _("its article"), "article", names_key=False)
    for remedy in Remedy.objects.filter(article__key__in=keys).select_related("article"):
        address = reverse("admin:flows_remedy_change", args=[remedy.pk])
        key = remedy.article.key if remedy.article else ""
        yield (
            ("remedy", remedy.pk),
            Place(State.LIVE, str(remedy), _("remedy, its policy"), address, key, names_key=False),
        )


def _of_flows(keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    yield from _texts(Kind.FLOW, keys)


def _of_images(keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    yield from _texts(Kind.IMAGE, keys)
    for detail in Detail.objects.filter(picture__name__in=keys).select_related("picture"):
        address = reverse("admin:flows_detail_change", args=[detail.pk])
        key = detail.picture.name if detail.picture else ""
        yield ("detail", detail.pk), Place(State.LIVE, str(detail), _("detail"), address, key, names_key=False)


def _of_categories(keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    for flow in Flow.objects.filter(category__slug__in=keys).select_related("category"):
        state = State.LIVE if flow.is_published else State.HIDDEN
        yield (
            ("flow", flow.pk),
            Place(state, str(flow), _("flow"), flow.work_url, flow.category.slug, names_key=False, is_flow=True),
        )
    for topic in Topic.objects.filter(category__slug__in=keys).select_related("category"):
        yield ("topic", topic.pk), _topic(topic, topic.category.slug, _("topic"), names_key=False)


PLACES = {
    Kind.FACT: _of_facts,
    Kind.ARTICLE: _of_articles,
    Kind.FLOW: _of_flows,
    Kind.IMAGE: _of_images,
    Kind.CATEGORY: _of_categories,
}


def _steps(condition: Q, key: F) -> QuerySet[Any]:
    steps = Step.objects.filter(condition).select_related("version__flow").annotate(used_key=key)
    return steps.defer("body").order_by("-version__number", "position", "pk")


def _texts(kind: Kind, keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    """Of an earlier version only where it is all that there is of its flow: nobody reads the others again."""
    uses = StepUse.objects.filter(kind=kind, key__in=keys).select_related("step__version__flow")
    for use in uses.order_by("-step__version__number", "step__position", "pk"):
        where, place = _in_step(use.step, use.key, _("text"), "text")
        if place.state != State.EARLIER or use.step.version.flow.published_version_id is None:
            yield where, place


def _wordings(kind: Kind, keys: Collection[str]) -> Iterator[tuple[Any, Place]]:
    for use in TopicUse.objects.filter(kind=kind, key__in=keys).select_related("topic"):
        yield ("topic", use.topic_id), _topic(use.topic, use.key, _("topic, worded request"))


def _topic(topic: Topic, key: str, what: str, *, names_key: bool = True) -> Place:
    address = reverse("admin:flows_topic_change", args=[topic.pk])
    return Place(State.LIVE, str(topic), what, address, key, names_key=names_key)


def _in_step(step: Step, key: str, part: str, part_key: str, *, names_key: bool = True) -> tuple[Any, Place]:
    version = step.version
    what = _("flow, step “%(step)s”: %(part)s") % {"step": step.slug, "part": part}
    place = Place(
        state=_state(step),
        title=str(version.flow),
        what=what,
        url=f"{address_of(version)}#step-{step.slug}",
        key=key,
        names_key=names_key,
        is_flow=True,
    )
    return ("step", version.flow_id, step.slug, part_key), place


def _state(step: Step) -> State:
    version, flow = step.version, step.version.flow
    if flow.published_version_id == version.pk:
        return State.LIVE if flow.is_published else State.HIDDEN
    return State.WAITING if version.is_draft else State.EARLIER
