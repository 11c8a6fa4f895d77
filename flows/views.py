"""A flow's pages: its start, and its steps.  Where a customer is follows from the address alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from articles import links
from articles.guards import secret
from articles.markdown import render as render_markdown
from articles.models import PreviewLink, ServiceNotice

from .graph import Graph, Step, Taken, Walk, text
from .models import Detail, Flow
from .words import option_label, trail_lines


@dataclass(frozen=True)
class Place:
    """Where the pages of a flow are: at its own address, or at that of a preview link."""

    flow: Flow
    link: PreviewLink | None = None

    @property
    def start_url(self) -> str:
        return self.flow.preview_url(self.link) if self.link else self.flow.get_absolute_url()

    def form_url(self, step: str) -> str:
        if self.link:
            return reverse("preview_step", args=[self.link.signed, step])
        return reverse("step", args=[self.flow.slug, step])

    def step_url(self, to: Step, responses: Mapping[str, str]) -> str:
        """The address of a step after these responses."""
        address = self.form_url(to.slug)
        return f"{address}?{urlencode(responses)}" if responses else address

    @property
    def context(self) -> dict[str, object]:
        shared: dict[str, object] = {"flow": self.flow, "flow_url": self.start_url}
        # The page in the other language would be the flow's own, which does not show the draft.
        return shared | ({"preview": self.link, "alternates": {}} if self.link else {})


@require_safe
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    return _start(request, Place(found), found.graph())


@require_safe
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    return _step(request, Place(found), found.graph(), step)


@secret
@require_safe
def preview(request: HttpRequest, signed: str) -> HttpResponse:
    """The start of a flow as its draft version has it, for who holds the link."""
    place, graph = _draft_of(signed)
    return _start(request, place, graph)


@secret
@require_safe
def preview_step(request: HttpRequest, signed: str, step: str) -> HttpResponse:
    place, graph = _draft_of(signed)
    return _step(request, place, graph, step)


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


def _start(request: HttpRequest, place: Place, graph: Graph) -> HttpResponse:
    context = place.context | {
        "start_url": place.step_url(graph.start, {}),
        "details": Detail.objects.needed_for(outcome.topic for outcome in graph.outcomes()),
        "contact_url": handoff_url(place.flow, {}),
        "notices": ServiceNotice.objects.current().filter(category__in=place.flow.category.line()),
    }
    return render(request, "flows/flow.html", context)


def _step(request: HttpRequest, place: Place, graph: Graph, step: str) -> HttpResponse:
    given = {name: request.GET[name] for name in graph.steps if name in request.GET}
    walk = graph.walk(given)
    if walk.current.slug != step:
        return _redirect_to(place, walk, has_changed=_has_changed(graph, step, given))
    context = step_context(place, walk, _language())
    context["is_unanswered"] = "continue" in request.GET and bool(walk.current.options)
    context["has_changed"] = "moved" in request.GET
    context["chosen"] = request.GET.get("was", "")
    return render(request, "flows/step.html", context)


def step_context(place: Place, walk: Walk, language: str) -> dict[str, object]:
    """What a step's page shows."""
    current = walk.current
    context: dict[str, object] = {
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
        "contact_url": handoff_url(place.flow, walk.responses),
    }
    return context | place.context


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


def _redirect_to(place: Place, walk: Walk, *, has_changed: bool) -> HttpResponseRedirect:
    responses = {**walk.responses, **walk.later} | ({"moved": "1"} if has_changed else {})
    return redirect(place.step_url(walk.current, responses))


def _has_changed(graph: Graph, step: str, given: Mapping[str, str]) -> bool:
    """Whether the address is of another version: it names a step or an option that is no longer there."""
    return step not in graph.steps or any(graph.steps[name].option(key) is None for name, key in given.items())


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
    return place.step_url(taken.step, walk.responses_without(taken.step.slug) | {"was": taken.option.key})


def _alternates(place: Place, walk: Walk) -> dict[str, str]:
    """This step in each language, without what only this visit is about, such as an answer that was missing."""
    addresses = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            addresses[code] = place.step_url(walk.current, {**walk.responses, **walk.later})
    return addresses
