"""A flow's pages: its start, and its steps.  Where a customer is follows from the address alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from articles import brand, facts, links
from articles.guards import secret
from articles.languages import offered
from articles.markdown import render as render_markdown
from articles.models import PreviewLink

from . import clock, counting, dates, effort, reminder, words
from .dates import DateAnswer
from .flow import FlowQuerySet
from .graph import Graph, Kind, Step, Taken, Walk, text
from .models import Detail, Flow, FlowVersion
from .waiting import WaitRule
from .words import option_label, trail_lines


@dataclass(frozen=True)
class Place:
    """Where the pages of a flow are: at its own address, at that of a preview link, or at the desk.

    At the desk a version is rehearsed by who writes it; nothing there leads to customers' pages.
    """

    flow: Flow
    link: PreviewLink | None = None
    rehearsed: FlowVersion | None = None

    @property
    def is_public(self) -> bool:
        """Whether customers walk here: what they do is counted, and may be kept in a calendar."""
        return self.link is None and self.rehearsed is None

    @property
    def start_url(self) -> str:
        if self.rehearsed:
            return reverse("admin:flows_rehearsal", args=[self.rehearsed.pk, _language()])
        return self.flow.preview_url(self.link) if self.link else self.flow.get_absolute_url()

    def form_url(self, step: str) -> str:
        if self.rehearsed:
            return reverse("admin:flows_rehearsal_step", args=[self.rehearsed.pk, _language(), step])
        if self.link:
            return reverse("preview_step", args=[self.link.signed, step])
        return reverse("step", args=[self.flow.slug, step])

    def step_url(self, to: Step, responses: Mapping[str, str]) -> str:
        """The address of a step after these responses."""
        address = self.form_url(to.slug)
        return f"{address}?{urlencode(responses)}" if responses else address

    def contact_url(self, responses: Mapping[str, str]) -> str:
        """Where contact takes over; at the desk, a page that says what it would take over."""
        if self.rehearsed:
            address = reverse("admin:flows_rehearsal_contact", args=[self.rehearsed.pk, _language()])
            return _with(address, responses)
        return handoff_url(self.flow, responses)

    def urgent_url(self, responses: Mapping[str, str]) -> str:
        if self.rehearsed:
            return self.contact_url(responses)
        return _with(reverse("contact"), {"urgent": self.flow.slug, **responses})

    @property
    def context(self) -> dict[str, object]:
        shared: dict[str, object] = {"flow": self.flow, "flow_url": self.start_url}
        if self.rehearsed:
            return shared | {"is_rehearsal": True, "alternates": {}}
        # The page in the other language would be the flow's own, which does not show the draft.
        return shared | ({"preview": self.link, "alternates": {}} if self.link else {})


@require_safe
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_published().named(slug))
    if found.slug != slug:
        return _moved(request, found)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    if "start" in request.GET:
        return _begin(request, Place(found), found.graph())
    return start_page(request, Place(found), found.graph())


@require_safe
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    found = get_object_or_404(_published().named(slug))
    if found.slug != slug:
        return _moved(request, found)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    return step_page(request, Place(found), found.graph(), step)


@secret
@require_safe
def preview(request: HttpRequest, signed: str) -> HttpResponse:
    """The start of a flow as its draft version has it, for who holds the link."""
    place, graph = _draft_of(signed)
    return start_page(request, place, graph)


@secret
@require_safe
def preview_step(request: HttpRequest, signed: str, step: str) -> HttpResponse:
    place, graph = _draft_of(signed)
    return step_page(request, place, graph, step)


def _draft_of(signed: str) -> tuple[Place, Graph]:
    """The flow that the link leads to, and the steps of its draft version; 404 where there are none."""
    link = PreviewLink.objects.signed(signed, Flow)
    flows_with_place = Flow.objects.select_related("category__parent")
    found = flows_with_place.filter(pk=link.subject_pk).first() if link else None
    draft = found.draft_version if found else None
    graph = draft.graph() if draft else Graph({})
    if found is None or not graph.steps:
        raise Http404
    return Place(found, link), graph


def _begin(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    """The first step, counted as a start: its own address is not, since it may be reloaded, kept or sent on."""
    counting.note_start(request, place.flow, graph)
    response = redirect(place.step_url(graph.start, {}))
    add_never_cache_headers(response)
    return response


def start_page(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    notices = place.flow.current_notices()
    needed = Detail.objects.needed_for(outcome.topic for outcome in graph.outcomes())
    context = place.context | {
        "start_url": f"{place.start_url}?start=1" if place.is_public else place.step_url(graph.start, {}),
        "details": needed.select_related("picture"),
        "minutes": place.flow.minutes or effort.minutes(graph, _language()),
        "contact_url": place.contact_url({}),
        "notices": notices,
        "is_paused": any(notice.is_pausing for notice in notices),
    }
    return render(request, "flows/flow.html", context)


def step_page(request: HttpRequest, place: Place, graph: Graph, step: str) -> HttpResponse:
    given = dates.responses(graph, request.GET, clock.site_time())
    walk = clock.walk(graph, given)
    if walk.current.slug != step or _is_reworded(walk, request.GET):
        if place.is_public and "continue" in request.GET:
            counting.note_answer(request, place.flow, _before(graph, given, step, request.GET), walk)
        return _redirect_to(place, walk, has_changed=_has_changed(graph, step, given))
    context = step_context(place, walk, _language())
    context["is_unanswered"] = "continue" in request.GET and bool(walk.current.options)
    context["has_changed"] = "moved" in request.GET
    context["notices"] = place.flow.current_notices()
    context["is_paused"] = any(notice.is_pausing for notice in context["notices"])
    context["chosen"] = request.GET.get("was", "")
    if walk.current.kind == Kind.DATE:
        context["date"] = _date_answer(walk.current, request.GET)
    return _fresh(render(request, "flows/step.html", context), walk)


@require_safe
def step_calendar(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """The moment from which to contact us, for the customer's calendar; once it has come, the step itself."""
    found = get_object_or_404(_published().named(slug))
    if found.slug != slug:
        return _moved(request, found)
    now = clock.site_time()
    walk = clock.walk(found.graph(), dates.responses(found.graph(), request.GET, now), now)
    taken = walk.too_early
    if taken is None or taken.wait is None or walk.current.slug != step:
        return _redirect_to(Place(found), walk, has_changed=False)
    address = settings.SITE_URL + Place(found).step_url(walk.current, walk.responses)
    title = gettext("Contact %(brand)s: %(flow)s") % {"brand": brand.name(), "flow": found.title}
    file = reminder.calendar(
        title=title,
        text=f"{gettext('Go on where you stopped:')} {address}",
        address=address,
        at=taken.wait.due_at,
        now=now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"'}
    return _fresh(HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers), walk)


def step_context(place: Place, walk: Walk, language: str) -> dict[str, Any]:
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


def _with(address: str, responses: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(responses)}" if responses else address


def handoff_url(found: Flow, responses: Mapping[str, str]) -> str:
    """Where contact takes over, with the flow and what was answered in it."""
    return f"{reverse('contact_details')}?{urlencode({'flow': found.slug, **responses})}"


def _moved(request: HttpRequest, found: Flow) -> HttpResponse:
    """The same page at the address that the flow has now, with what was answered so far."""
    match = request.resolver_match
    if match is None:
        raise Http404
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": found.slug})
    return redirect(_with(address, request.GET.dict()), permanent=True)


def _published() -> FlowQuerySet:
    return Flow.objects.published().select_related("published_version", "category__parent")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _not_translated(request: HttpRequest, found: Flow) -> HttpResponse:
    """The flow exists, but not in the language of the address: says so and offers the ones there are."""
    originals = [(code, found.address_in(code), found.title.localize(code)) for code in found.offered_languages]
    if not originals:
        raise Http404
    return render(request, "flows/not_translated.html", {"flow": found, "originals": originals})


def _redirect_to(place: Place, walk: Walk, *, has_changed: bool) -> HttpResponse:
    responses = {**walk.responses, **walk.later} | ({"moved": "1"} if has_changed else {})
    return _fresh(redirect(place.step_url(walk.current, responses)), walk)


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
    return {
        "moment": words.moment(taken.wait.due_at),
        "reason": _reason(taken.step.wait, language),
        "calendar_url": _with(reverse("step_calendar", args=[place.flow.slug, walk.current.slug]), walk.responses)
        if place.is_public
        else "",  # what is not published yet has none
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
