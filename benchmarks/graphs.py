"""The pure rules on a flow of a thousand steps: a question each, in one long line, every tenth a date."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flows.cards import Remarks
from flows.graph import Graph, Kind, Option, Outcome, Step
from flows.map import draw
from flows.problems import problems, warnings
from flows.waiting import Opening, Unit, WaitRule, read_hours

STEPS, ROUNDS = 1000, 50
LANGUAGES = ("en", "es")
NOW = datetime(2026, 5, 12, 11, 30, tzinfo=ZoneInfo("Europe/Madrid"))
OPENING = Opening(read_hours("mon-fri 09:00-18:00"))
RULE = WaitRule(3, Unit.WORKING_DAYS)


def label(words: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, words)


def graph() -> Graph:
    steps = []
    for number in range(STEPS - 1):
        following, is_date = f"s{number + 1}", number % 10 == 9
        keys = ("too-early", "due") if is_date else ("a", "b", "c", "not-sure")
        options = tuple(Option(key, label(key), following) for key in keys)
        kind, rule = (Kind.DATE, RULE) if is_date else (Kind.QUESTION, None)
        steps.append(Step(f"s{number}", kind, label(f"Step {number}"), options=options, wait=rule))
    end = Step(f"s{STEPS - 1}", Kind.OUTCOME, label("End"), outcome=Outcome.CONTACT, topic="t")
    return Graph.of([*steps, end])


def times() -> dict[str, list[float]]:
    """Milliseconds of each rule, sorted."""
    made = graph()
    responses = {slug: "2026-01-02" if step.wait else "b" for slug, step in made.steps.items()}
    assert made.walk(responses, NOW, OPENING).current.slug == f"s{STEPS - 1}"  # noqa: S101
    assert problems(made, LANGUAGES) == []  # noqa: S101
    return {
        f"walk() of {STEPS} steps": _timed(lambda: made.walk(responses, NOW, OPENING)),
        f"problems() of {STEPS} steps": _timed(lambda: problems(made, LANGUAGES)),
        f"warnings() of {STEPS} steps": _timed(lambda: warnings(made)),
        f"map of {STEPS} steps": _timed(lambda: draw(tangled(), Remarks("en")), rounds=5),
    }


def tangled() -> Graph:
    """Three options at each step, which lead up to fifty steps ahead: many columns to cross."""
    pick = random.Random(1)
    steps = []
    for number in range(STEPS - 1):
        ends = [min(STEPS - 1, number + pick.randint(1, 50)) for _ in range(3)]
        options = tuple(Option(f"o{end}", label(f"Option {end}"), f"s{end}") for end in dict.fromkeys(ends))
        steps.append(Step(f"s{number}", Kind.QUESTION, label(f"Step {number}"), options=options))
    return Graph.of([*steps, Step(f"s{STEPS - 1}", Kind.OUTCOME, label("End"), outcome=Outcome.SOLVED)])


def _timed(act: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    found = []
    for _round in range(rounds):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)
