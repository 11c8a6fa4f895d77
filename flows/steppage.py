"""The page of a step.  Where a customer is follows from the address alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import number_format
from django.utils.translation import override

from articles import facts, links
from articles.languages import current_language, offered
from articles.markdown import render as render_markdown

from . import clock, counting, dates, words
from .dates import DateAnswer
from .graph import Graph, Kind, Step, Taken, Walk, text
from .place import Place, with_query
from .waiting import WaitRule
from .words import option_label, trail_lines


def step_page(request: HttpRequest, place: Place, graph: Graph, step: str) -> HttpResponse:
    given = dates.responses(graph, request.GET, clock.site_time())
    walk = clock.walk(graph, given)
    if walk.current.slug != step or _is_reworded(walk, request.GET):
        if place.is_public and "continue" in request.GET:
            counting.note_answer(request, place.flow, _before(graph, given, step, request.GET), walk)
        return redirect_to(place, walk, has_changed=_has_changed(graph, step, given))
    context = _context(place, walk, current_language())
    context["is_unanswered"] = "continue" in request.GET and bool(walk.current.options)
    context["has_changed"] = "moved" in request.GET
    context["notices"] = place.flow.current_notices()
    context["is_paused"] = any(notice.is_pausing for notice in context["notices"])
    context["chosen"] = request.GET.get("was", "")
    if walk.current.kind == Kind.DATE:
        context["date"] = _date_answer(walk.current, request.GET)
    return fresh(render(request, "flows/step.html", context), walk)


def _context(place: Place, walk: Walk, language: str) -> dict[str, Any]:
    """What a step's page shows."""
    current = walk.current
    context: dict[str, Any] = {
        "step": current,
        "title": text(current.title, language),
        "body": render_markdown(text(current.body, language), language).html,
        "options": [(option.key, option_label(current, option, language)) for option in current.options],
        "article": links.articles([current.article], language).get(current.article) if current.article else None,
        "answers": _answers(place, walk, language),
        "form_url": place.form_url(current.slug),
        "kept": walk.responses_without(current.slug),
        "alternates": _alternates(place, walk),
        "back_url": _back_url(place, walk),
        "contact_url": place.contact_url(walk.responses),
        "urgent_url": place.urgent_url(walk.responses),
        "wait": _wait(place, walk, language),
        "date": DateAnswer(),
        "notices": [],
        "is_paused": False,
        "share_url": settings.SITE_URL + place.step_url(current, {**walk.responses, **walk.later}),
    }
    return context | place.context


def redirect_to(place: Place, walk: Walk, *, has_changed: bool) -> HttpResponse:
    responses = {**walk.responses, **walk.later} | ({"moved": "1"} if has_changed else {})
    return fresh(redirect(place.step_url(walk.current, responses)), walk)


def _before(graph: Graph, given: Mapping[str, str], step: str, query: Mapping[str, str]) -> Walk:
    """The walk as it was before the step was answered: without the answer, after Change with the one it had."""
    return clock.walk(graph, {**given, step: query.get("was", "")})


def _has_changed(graph: Graph, step: str, given: Mapping[str, str]) -> bool:
    """Whether the address is of another version: it names a step or an option that is no longer there."""
    now = clock.site_time()
    return step not in graph.steps or not all(graph.steps[name].knows(key, now) for name, key in given.items())


def _is_reworded(walk: Walk, query: Mapping[str, str]) -> bool:
    """Whether the address says “today”, which tomorrow it would no longer mean."""
    return any(taken.wait and query.get(taken.step.slug) != taken.response for taken in walk.trail)


def _date_answer(step: Step, query: Mapping[str, str]) -> DateAnswer:
    """What the date's form shows: what was typed, after Change what was answered."""
    if "continue" in query:
        return DateAnswer.read(step.slug, query, clock.site_time())
    return DateAnswer.again(query.get("was", ""))


def _wait(place: Place, walk: Walk, language: str) -> dict[str, str] | None:
    """From when to contact us and why, where it is too early now."""
    taken = walk.too_early
    if taken is None or taken.wait is None or taken.step.wait is None:
        return None
    calendar = with_query(reverse("step_calendar", args=[place.flow.slug, walk.current.slug]), walk.responses)
    return {
        "moment": words.moment(taken.wait.due_at),
        "reason": _reason(taken.step.wait, language),
        "calendar_url": calendar if place.is_public else "",  # what is not published yet has none
    }


def _reason(rule: WaitRule, language: str) -> str:
    """Why to wait; the fact that the rule counts with is known already, so that it is not asked for again."""
    known = {rule.fact: number_format(rule.amount)} if rule.amount is not None else {}
    return facts.fill(facts.fill_with(text(rule.reason, language), known), language)


def fresh(response: HttpResponse, walk: Walk) -> HttpResponse:
    """Never from a cache where tomorrow's answer may be another one."""
    if walk.has_dates:
        add_never_cache_headers(response)
    return response


def _answers(place: Place, walk: Walk, language: str) -> list[dict[str, str]]:
    lines = trail_lines(walk.trail, language)
    return [
        {
            "step": title,
            "answer": answer,
            "change_url": _change_url(place, walk, taken),
        }
        for taken, (title, answer) in zip(walk.trail, lines, strict=True)
    ]


def _back_url(place: Place, walk: Walk) -> str:
    """The step before with its answer open again; before the first one, the flow's start."""
    if not walk.trail:
        return place.start_url
    return _change_url(place, walk, walk.trail[-1])


def _change_url(place: Place, walk: Walk, taken: Taken) -> str:
    """The step with its question open again, the answer it had marked, and all other answers kept."""
    return place.step_url(taken.step, walk.responses_without(taken.step.slug) | {"was": taken.response})


def _alternates(place: Place, walk: Walk) -> dict[str, str]:
    """This step in each language, without what only this visit is about, such as an answer that was missing."""
    addresses = {}
    for code in offered():
        with override(code):
            addresses[code] = place.step_url(walk.current, {**walk.responses, **walk.later})
    return addresses
