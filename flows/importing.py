"""Topics with their details and remedies, and flows, from content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.contentfiles import Fields, Report, put, read_fields
from articles.models import Article, Category, Image, PolicyFact

from . import graph as rules
from .cases import reach
from .graph import Due, Graph, Kind, Tried
from .models import (
    Detail,
    DetailChoice,
    Flow,
    FlowCase,
    FlowVersion,
    Option,
    Remedy,
    Step,
    Topic,
    TopicDetail,
    TopicRemedy,
)
from .problems import problems
from .sentences import sentence
from .topics import LONG_ANSWER_DAYS, MOST_ANSWER_DAYS
from .waiting import Unit, WaitRule
from .wording import mistakes

FLOW = ("category", "position", "title", "summary", "minutes", "published", "steps", "cases")
STEP = (
    "kind",
    "title",
    "body",
    "options",
    "outcome",
    "topic",
    "article",
    "wait",
    "detail",
    "urgent",
    *Tried,
    *Due,
)
OWN = {Kind.OUTCOME: ("outcome", "topic", "article", "urgent"), Kind.DATE: ("wait", "detail")}
FIXED: dict[Kind, type[Tried] | type[Due]] = {Kind.TRY: Tried, Kind.DATE: Due}
TOPIC = ("category", "name", "answer_days", "details", "remedies", "wording")


def import_flows(folder: Path, report: Report) -> None:
    """What the folder says of this app is in the database, but for what the report tells."""
    topics = read_fields(folder / "topics.yaml", report)
    topics.expect("details", "remedies", "topics")
    for key, fields in topics.children("details"):
        _import_detail(key, fields)
    for position, (key, fields) in enumerate(topics.children("remedies")):
        _import_remedy(key, fields, position)
    for position, (key, fields) in enumerate(topics.children("topics")):
        _import_topic(key, fields, position)
    for path in sorted((folder / "flows").glob("*.yaml")):
        _import_flow(path.stem, read_fields(path, report))


def _import_detail(key: str, fields: Fields) -> None:
    fields.expect("label", "hint", "kind", "forms", "sentence", "picture", "choices")
    picture = fields.text("picture")
    if picture and not Image.objects.filter(name=picture).exists():
        fields.mistake(f"There is no picture “{picture}”.", "picture")
    values = {
        "label": fields.label("label", required=True),
        "hint": fields.label("hint"),
        "kind": fields.choice("kind", Detail.Kind.values, Detail.Kind.TEXT),
        "forms": fields.text("forms"),
        "sentence": fields.label("sentence"),
        "picture": Image.objects.filter(name=picture).first() if picture else None,
    }
    detail = put(Detail, {"key": key}, values)
    choices = dict(fields.children("choices"))
    if (values["kind"] == Detail.Kind.CHOICE) != bool(choices):
        fields.mistake("A choice, and nothing else, has “choices”.", "kind")
    detail.choices.exclude(key__in=choices).delete()
    for position, (name, label) in enumerate(choices.items()):
        put(DetailChoice, {"detail": detail, "key": name}, {"label": _label(label), "position": position})


def _import_remedy(key: str, fields: Fields, position: int) -> None:
    """A label by language, or a mapping of a label and its policy."""
    has_policy = "label" in fields
    if has_policy:
        fields.expect("label", "article", "wording")
    name = fields.text("article") if has_policy else ""
    article = Article.objects.filter(key=name).first() if name else None
    if name and article is None:
        fields.mistake(f"There is no article “{name}”.", "article")
    label = fields.label("label", required=True) if has_policy else _label(fields)
    wording = fields.label("wording") if has_policy else {}
    put(Remedy, {"key": key}, {"label": label, "article": article, "wording": wording, "position": position})


def _label(fields: Fields) -> dict[str, str]:
    return {code: fields.text(code) for code in fields}


def _import_topic(key: str, fields: Fields, position: int) -> None:
    fields.expect(*TOPIC)
    category = _category(fields)
    if category is None:
        return
    values = {
        "category": category,
        "name": fields.label("name", required=True),
        "answer_days": _answer_days(fields),
        "wording": fields.label("wording"),
        "position": position,
    }
    topic = put(Topic, {"key": key}, values)
    wanted = [_topic_detail(fields, item) for item in fields.items_of("details")]
    for code, template in (values["wording"] or {}).items():
        for name in mistakes(template, (key for key, _required in wanted)):
            fields.mistake(f"The wording ({code}) names “{name}”, which is no detail of the topic.", "wording")
    topic.topic_details.exclude(detail__key__in=[name for name, _required in wanted]).delete()
    for place, (name, is_required) in enumerate(wanted):
        detail = Detail.objects.filter(key=name).first()
        if detail is None:
            fields.mistake(f"There is no detail “{name}”.", "details")
            continue
        values = {"is_required": is_required, "position": place}
        put(TopicDetail, {"topic": topic, "detail": detail}, values)
    _import_order(topic, fields)


def _import_order(topic: Topic, fields: Fields) -> None:
    """The topic has these remedies and no others, in the order of the file."""
    wanted = list(dict.fromkeys(str(name) for name in fields.items_of("remedies")))
    topic.topic_remedies.exclude(remedy__key__in=wanted).delete()
    for position, name in enumerate(wanted):
        if remedy := Remedy.objects.filter(key=name).first():
            put(TopicRemedy, {"topic": topic, "remedy": remedy}, {"position": position})
        else:
            fields.mistake(f"There is no remedy “{name}”.", "remedies")


def _answer_days(fields: Fields) -> Any:
    """A promise that nobody would wait for is not refused, and not made in silence; as in the admin."""
    days = fields.number("answer_days", 3)
    if not 1 <= days <= MOST_ANSWER_DAYS:
        fields.mistake(f"“answer_days” must be between 1 and {MOST_ANSWER_DAYS}.", "answer_days")
    elif days > LONG_ANSWER_DAYS:
        fields.warn(
            f"Customers are promised an answer within {days} working days: more than three weeks. Shorten it to "
            f"{LONG_ANSWER_DAYS} or less, or say in an article why it takes so long.",
            "answer_days",
        )
    return days


def _topic_detail(fields: Fields, item: Any) -> tuple[str, bool]:
    if isinstance(item, Fields):
        item.expect("detail", "optional")
        return item.text("detail", required=True), not item.flag("optional")
    return str(item), True


def _category(fields: Fields) -> Category | None:
    slug = fields.text("category", required=True)
    found = Category.objects.filter(slug=slug).first()
    if slug and found is None:
        fields.mistake(f"There is no category “{slug}”.", "category")
    return found


def _import_flow(slug: str, fields: Fields) -> None:
    fields.expect(*FLOW)
    category = _category(fields)
    steps = dict(fields.children("steps"))
    graph = Graph.of(_step(name, given) for name, given in steps.items())
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


def _step(slug: str, fields: Fields) -> rules.Step:
    fields.expect(*STEP)
    kind = Kind(fields.choice("kind", list(Kind)))
    for owner, names in OWN.items():
        for name in () if kind == owner else (name for name in names if name in fields):
            fields.mistake(f"Only a step of the kind “{owner}” has “{name}”.", name)
    for model, name in ((Topic, "topic"), (Article, "article"), (Detail, "detail")):
        if (key := fields.text(name)) and not model._default_manager.filter(key=key).exists():
            fields.mistake(f"There is no {name} “{key}”.", name)
    return rules.Step(
        slug=slug,
        kind=kind,
        title=fields.label("title", required=True),
        body=fields.label("body"),
        options=tuple(
            _fixed(fields, FIXED[kind]) if kind in FIXED and "options" not in fields else _options(fields)
        ),
        outcome=rules.Outcome(fields.choice("outcome", list(rules.Outcome))) if kind == Kind.OUTCOME else None,
        topic=fields.text("topic") or None,
        article=fields.text("article") or None,
        wait=_wait(fields) if kind == Kind.DATE else None,
        detail=fields.text("detail") or None,
        is_urgent=fields.flag("urgent"),
    )


def _wait(fields: Fields) -> WaitRule | None:
    """The rule: a unit with a number or the key of a fact that has one, and why."""
    given = fields.inner("wait")
    if given is None:
        return None
    given.expect(*Unit, "because")
    units = [unit for unit in Unit if unit in given]
    if len(units) != 1:
        given.mistake("A wait has one of: hours, days, working-days.")
        return None
    reason, unit = given.label("because"), units[0]
    if isinstance(given[unit], int):
        return WaitRule(given.number(unit), unit, reason)
    key = given.text(unit, required=True)
    fact = PolicyFact.objects.filter(key=key).exclude(number=None).first()
    if fact is None:
        given.mistake(f"There is no fact “{key}” with a number.", unit)
        return None
    return WaitRule(int(fact.said.number or 0), unit, reason, key)


def _fixed(fields: Fields, keys: type[Tried] | type[Due]) -> list[rules.Option]:
    """The options that every step of this kind has; their labels are ours."""
    return [rules.Option(str(key), {}, fields.text(key) or None) for key in keys if key in fields]


def _options(fields: Fields) -> list[rules.Option]:
    options = []
    for key, given in fields.children("options"):
        given.expect("label", "to")
        options.append(rules.Option(key, given.label("label"), given.text("to", required=True) or None))
    return options


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
