"""A flow's pages: its start, its steps, and the same of a draft version for who holds its link."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import brand
from articles.guards import secret
from articles.languages import current_language
from articles.models import PreviewLink

from . import clock, counting, dates, effort, reminder
from .flow import FlowQuerySet
from .graph import Graph
from .models import Detail, Flow
from .place import Place, with_query
from .steppage import fresh, redirect_to, step_page


@require_safe
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_published().named(slug))
    if found.slug != slug:
        return _moved(request, found)
    if not found.is_offered(current_language()):
        return _not_translated(request, found)
    if "start" in request.GET:
        return _begin(request, Place(found), found.graph())
    return start_page(request, Place(found), found.graph())


@require_safe
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    found = get_object_or_404(_published().named(slug))
    if found.slug != slug:
        return _moved(request, found)
    if not found.is_offered(current_language()):
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
        return redirect_to(Place(found), walk, has_changed=False)
    address = settings.SITE_URL + Place(found).step_url(walk.current, walk.responses)
    title = gettext("Contact %(brand)s: %(flow)s") % {"brand": brand.name(), "flow": found.title}
    file = reminder.calendar(
        title=title,
        text=gettext("Go on where you stopped: %(address)s") % {"address": address},
        address=address,
        at=taken.wait.due_at,
        now=now,
    )
    headers = {"Content-Disposition": f'attachment; filename="{found.slug}.ics"'}
    return fresh(HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers), walk)


def start_page(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    notices = place.flow.current_notices()
    needed = Detail.objects.needed_for(outcome.topic for outcome in graph.outcomes())
    context = place.context | {
        "start_url": f"{place.start_url}?start=1" if place.is_public else place.step_url(graph.start, {}),
        "details": needed.select_related("picture"),
        "minutes": place.flow.minutes or effort.minutes(graph, current_language()),
        "contact_url": place.contact_url({}),
        "written_in": place.flow.offered_languages,
        "notices": notices,
        "is_paused": any(notice.is_pausing for notice in notices),
    }
    return render(request, "flows/flow.html", context)


def _begin(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    """The first step, counted as a start: its own address is not, since it may be reloaded, kept or sent on."""
    counting.note_start(request, place.flow, graph)
    response = redirect(place.step_url(graph.start, {}))
    add_never_cache_headers(response)
    return response


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


def _moved(request: HttpRequest, found: Flow) -> HttpResponse:
    """The same page at the address that the flow has now, with what was answered so far."""
    match = request.resolver_match
    if match is None:
        raise Http404
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": found.slug})
    return redirect(with_query(address, request.GET.dict()), permanent=True)


def _published() -> FlowQuerySet:
    return Flow.objects.published().select_related("published_version", "category__parent")


def _not_translated(request: HttpRequest, found: Flow) -> HttpResponse:
    """The flow exists, but not in the language of the address: says so and offers the ones there are."""
    originals = [(code, found.address_in(code), found.title.localize(code)) for code in found.offered_languages]
    if not originals:
        raise Http404
    return render(request, "flows/not_translated.html", {"flow": found, "originals": originals})
