"""The steps of a flow, as content files write them down."""

from __future__ import annotations

from articles.contentfiles import Fields
from articles.models import Article, PolicyFact

from . import graph as rules
from .graph import Due, Kind, Tried
from .models import Detail, Topic
from .waiting import Unit, WaitRule

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


def read_step(slug: str, fields: Fields) -> rules.Step:
    """The step, with a mistake in the report for whatever it names and there is not."""
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
