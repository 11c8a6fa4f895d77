"""Flows and topics from content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.contentfiles import Fields, Report, put, read_fields
from articles.models import Article, PolicyFact

from .cases import reach
from .graph import Graph
from .models import Detail, Flow, FlowCase, FlowVersion, Option, Step, Topic
from .problems import problems
from .sentences import sentence
from .stepfiles import read_step
from .topicfiles import category_of, import_topics
from .waiting import WaitRule

FLOW = ("category", "position", "title", "summary", "minutes", "published", "steps", "cases")


def import_flows(folder: Path, report: Report) -> None:
    """What the folder says of this app is in the database, but for what the report tells."""
    import_topics(read_fields(folder / "topics.yaml", report))
    for path in sorted((folder / "flows").glob("*.yaml")):
        _import_flow(path.stem, read_fields(path, report))


def _import_flow(slug: str, fields: Fields) -> None:
    fields.expect(*FLOW)
    category = category_of(fields)
    steps = dict(fields.children("steps"))
    graph = Graph.of(read_step(name, given) for name, given in steps.items())
    is_published = fields.flag("published")
    if is_published:
        for problem in problems(graph, settings.REQUIRED_LANGUAGES):
            place = steps.get(problem.step, fields)
            place.mistake(sentence(problem))
    if category is None or fields.report.mistakes:
        return
    values = {
        "category": category,
        "title": fields.label("title", required=True),
        "summary": fields.label("summary", required=True),
        "minutes": fields.number("minutes", None),
        "position": fields.number("position"),
    }
    flow = put(Flow, {"slug": slug}, values)
    _import_cases(flow, graph, fields)
    if is_published:
        _import_published(flow, graph)
    else:
        _import_draft(flow, graph, fields)


def _import_published(flow: Flow, graph: Graph) -> None:
    """Customers walk these steps; a draft version that somebody is writing stays theirs."""
    latest = flow.versions.exclude(published_at=None).first()
    if latest and latest.graph().is_same_as(graph):
        return
    draft = flow.draft_version
    is_theirs = draft and draft.author and not draft.graph().is_same_as(graph)
    version = _before(draft) if draft and is_theirs else flow.make_draft()
    _write(graph, version)
    version.publish()


def _before(draft: FlowVersion) -> FlowVersion:
    """A version in front of the draft."""
    number = draft.number
    draft.mark(number=number + 1)
    return FlowVersion.objects.create(flow=draft.flow, number=number, published_at=timezone.now())


def _import_draft(flow: Flow, graph: Graph, fields: Fields) -> None:
    """The draft version has these steps, unless somebody is writing one."""
    draft = flow.draft_version
    if draft and draft.graph().is_same_as(graph):
        return
    if draft and draft.author:
        fields.warn(f"{draft.author} is writing a draft version, which stays. Discard it to load this one.")
        return
    _write(graph, flow.make_draft())


def _import_cases(flow: Flow, graph: Graph, fields: Fields) -> None:
    """The flow has exactly these cases, and each holds on the graph."""
    wanted = [_case(flow, item, fields) for item in fields.items_of("cases")]
    for case in wanted:
        if (slug := reach(case, graph)) != case.reaches:
            fields.mistake(f"The case that must reach “{case.reaches}” comes to “{slug}”.", "cases")
    if [_content(case) for case in flow.cases.all()] != [_content(case) for case in wanted]:
        flow.cases.all().delete()
        FlowCase.objects.bulk_create(wanted)


def _case(flow: Flow, item: Any, fields: Fields) -> FlowCase:
    if not isinstance(item, Fields):
        fields.mistake("A case has responses and the step it reaches.", "cases")
        return FlowCase(flow=flow)
    item.expect("responses", "day", "reaches")
    day = item.moment("day")
    given = {slug: str(value) for slug, value in (item.inner("responses") or {}).items()}
    return FlowCase(
        flow=flow, responses=given, day=day.date() if day else None, reaches=item.text("reaches", required=True)
    )


def _content(case: FlowCase) -> tuple[object, ...]:
    return case.responses, case.day, case.reaches


def _write(graph: Graph, draft: FlowVersion) -> None:
    """The draft version has exactly the graph's steps."""
    draft.steps.all().delete()
    topics, articles = Topic.objects.in_bulk(field_name="key"), Article.objects.in_bulk(field_name="key")
    rows = {}
    for position, step in enumerate(graph.steps.values()):
        rows[step.slug] = Step.objects.create(
            version=draft,
            slug=step.slug,
            kind=step.kind,
            position=position,
            title=dict(step.title),
            body=dict(step.body),
            outcome=step.outcome or "",
            topic=topics[step.topic] if step.topic else None,
            article=articles[step.article] if step.article else None,
            detail=Detail.objects.filter(key=step.detail).first() if step.detail else None,
            is_urgent=step.is_urgent,
            **_wait_fields(step.wait),
        )
    for step in graph.steps.values():
        for position, option in enumerate(step.options):
            Option.objects.create(
                step=rows[step.slug],
                key=option.key,
                label=dict(option.label),
                leads_to=rows.get(option.leads_to or ""),
                position=position,
            )


def _wait_fields(rule: WaitRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    return {
        "wait_amount": None if rule.fact else rule.amount,
        "wait_fact": PolicyFact.objects.get(key=rule.fact) if rule.fact else None,
        "wait_unit": rule.unit,
        "wait_reason": dict(rule.reason),
    }
