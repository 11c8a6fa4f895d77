"""A flow's pages: its start, and its steps.  Where a customer is follows from the address alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from articles import facts, links
from articles.markdown import render as render_markdown

from . import clock, dates, effort, reminder, words
from .dates import DateAnswer
from .graph import Graph, Kind, Step, Taken, Walk, text
from .models import Detail, Flow
from .waiting import WaitRule
from .words import option_label, trail_lines


@require_safe
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    graph, notices = found.graph(), found.current_notices()
    needed = Detail.objects.needed_for(outcome.topic for outcome in graph.outcomes())
    context = {
        "flow": found,
        "start_url": step_url(found, graph.start, {}),
        "details": needed.select_related("picture"),
        "minutes": found.minutes or effort.minutes(graph, _language()),
        "contact_url": handoff_url(found, {}),
        "notices": notices,
        "is_paused": any(notice.is_pausing for notice in notices),
    }
    return render(request, "flows/flow.html", context)


@require_safe
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    language = _language()
    if not found.is_offered(language):
        return _not_translated(request, found)
    graph = found.graph()
    given = dates.responses(graph, request.GET, clock.site_time())
    walk = clock.walk(graph, given)
    if walk.current.slug != step or _is_reworded(walk, request.GET):
        return _redirect_to(found, walk, has_changed=_has_changed(graph, step, given))
    context = step_context(found, walk, language)
    context["is_unanswered"] = "continue" in request.GET and bool(walk.current.options)
    context["has_changed"] = "moved" in request.GET
    context["notices"] = found.current_notices()
    context["is_paused"] = any(notice.is_pausing for notice in context["notices"])
    context["chosen"] = request.GET.get("was", "")
    if walk.current.kind == Kind.DATE:
        context["date"] = _date_answer(walk.current, request.GET)
    return _fresh(render(request, "flows/step.html", context), walk)


@require_safe
def step_calendar(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """The moment from which to contact us, for the customer's calendar; once it has come, the step itself."""
    found = get_object_or_404(_published(), slug=slug)
    now = clock.site_time()
    walk = clock.walk(found.graph(), dates.responses(found.graph(), request.GET, now), now)
    taken = walk.too_early
    if taken is None or taken.wait is None or walk.current.slug != step:
        return _redirect_to(found, walk, has_changed=False)
    address = settings.SITE_URL + step_url(found, walk.current, walk.responses)
    title = gettext("Contact %(brand)s: %(flow)s") % {"brand": settings.HELPCENTER_NAME, "flow": found.title}
    file = reminder.calendar(
        title=title,
        text=f"{gettext('Go on where you stopped:')} {address}",
        address=address,
        at=taken.wait.due_at,
        now=now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"'}
    return _fresh(HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers), walk)


def step_context(found: Flow, walk: Walk, language: str) -> dict[str, Any]:
    """What a step's page shows; the editor's preview shows the same."""
    current = walk.current
    context: dict[str, Any] = {
        "flow": found,
        "step": current,
        "title": text(current.title, language),
        "body": render_markdown(text(current.body, language), language).html,
        "options": [(option.key, option_label(current, option, language)) for option in current.options],
        "article": links.articles([current.article], language).get(current.article) if current.article else None,
        "answers": _answers(found, walk, language),
        "form_url": reverse("step", args=[found.slug, current.slug]),
        "kept": walk.responses_without(current.slug),
        "alternates": _alternates(found, walk),
        "back_url": _back_url(found, walk),
        "contact_url": handoff_url(found, walk.responses),
        "urgent_url": _with(reverse("contact"), {"urgent": found.slug, **walk.responses}),
        "wait": _wait(found, walk, language),
        "date": DateAnswer(),
        "notices": [],
        "is_paused": False,
        "share_url": settings.SITE_URL + step_url(found, current, {**walk.responses, **walk.later}),
    }
    return context


def step_url(found: Flow, to: Step, responses: Mapping[str, str]) -> str:
    """The address of a step after these responses."""
    return _with(reverse("step", args=[found.slug, to.slug]), responses)


def _with(address: str, responses: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(responses)}" if responses else address


def handoff_url(found: Flow, responses: Mapping[str, str]) -> str:
    """Where contact takes over, with the flow and what was answered in it."""
    return f"{reverse('contact_details')}?{urlencode({'flow': found.slug, **responses})}"


def _published() -> QuerySet[Flow]:
    return Flow.objects.published().select_related("published_version", "category__parent")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _not_translated(request: HttpRequest, found: Flow) -> HttpResponse:
    """The flow exists, but not in the language of the address: says so and offers the ones there are."""
    originals = [(code, found.address_in(code), found.title.localize(code)) for code in found.offered_languages]
    if not originals:
        raise Http404
    return render(request, "flows/not_translated.html", {"flow": found, "originals": originals})


def _redirect_to(found: Flow, walk: Walk, *, has_changed: bool) -> HttpResponse:
    responses = {**walk.responses, **walk.later} | ({"moved": "1"} if has_changed else {})
    return _fresh(redirect(step_url(found, walk.current, responses)), walk)


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


def _wait(found: Flow, walk: Walk, language: str) -> dict[str, str] | None:
    """From when to contact us and why, where it is too early now."""
    taken = walk.too_early
    if taken is None or taken.wait is None or taken.step.wait is None:
        return None
    return {
        "moment": words.moment(taken.wait.due_at),
        "reason": _reason(taken.step.wait, language),
        "calendar_url": _with(reverse("step_calendar", args=[found.slug, walk.current.slug]), walk.responses),
    }


def _reason(rule: WaitRule, language: str) -> str:
    """Why to wait; the fact that the rule counts with is known already, so that it is not asked for again."""
    known = {rule.fact: number_format(rule.amount)} if rule.amount is not None else {}
    return facts.fill(facts.fill_with(text(rule.reason, language), known), language)


def _fresh(response: HttpResponse, walk: Walk) -> HttpResponse:
    """Never from a cache where tomorrow's answer may be another one."""
    if walk.has_dates:
        add_never_cache_headers(response)
    return response


def _answers(found: Flow, walk: Walk, language: str) -> list[dict[str, str]]:
    lines = trail_lines(walk.trail, language)
    return [
        {
            "step": title,
            "answer": answer,
            "change_url": _change_url(found, walk, taken),
        }
        for taken, (title, answer) in zip(walk.trail, lines, strict=True)
    ]


def _back_url(found: Flow, walk: Walk) -> str:
    """The step before with its answer open again; before the first one, the flow's start."""
    if not walk.trail:
        return found.get_absolute_url()
    return _change_url(found, walk, walk.trail[-1])


def _change_url(found: Flow, walk: Walk, taken: Taken) -> str:
    """The step with its question open again, the answer it had marked, and all other answers kept."""
    return step_url(found, taken.step, walk.responses_without(taken.step.slug) | {"was": taken.response})


def _alternates(found: Flow, walk: Walk) -> dict[str, str]:
    """This step in each language, without what only this visit is about, such as an answer that was missing."""
    addresses = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            addresses[code] = step_url(found, walk.current, {**walk.responses, **walk.later})
    return addresses
