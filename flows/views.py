"""A flow's pages: its start, and its steps.  Where a customer is follows from the address alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from articles import links
from articles.markdown import render as render_markdown
from articles.models import ServiceNotice

from .graph import Graph, Step, Taken, Walk, text
from .models import Detail, Flow
from .words import option_label, trail_lines


@require_safe
def flow(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    if not found.is_offered(_language()):
        return _not_translated(request, found)
    graph = found.graph()
    context = {
        "flow": found,
        "start_url": step_url(found, graph.start, {}),
        "details": Detail.objects.needed_for(outcome.topic for outcome in graph.outcomes()),
        "contact_url": handoff_url(found, {}),
        "notices": ServiceNotice.objects.current().filter(category__in=found.category.line()),
    }
    return render(request, "flows/flow.html", context)


@require_safe
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    found = get_object_or_404(_published(), slug=slug)
    language = _language()
    if not found.is_offered(language):
        return _not_translated(request, found)
    graph = found.graph()
    given = {name: request.GET[name] for name in graph.steps if name in request.GET}
    walk = graph.walk(given)
    if walk.current.slug != step:
        return _redirect_to(found, walk, has_changed=_has_changed(graph, step, given))
    context = step_context(found, walk, language)
    context["is_unanswered"] = "continue" in request.GET and bool(walk.current.options)
    context["has_changed"] = "moved" in request.GET
    context["chosen"] = request.GET.get("was", "")
    return render(request, "flows/step.html", context)


def step_context(found: Flow, walk: Walk, language: str) -> dict[str, object]:
    """What a step's page shows; the editor's preview shows the same."""
    current = walk.current
    context: dict[str, object] = {
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
    }
    return context


def step_url(found: Flow, to: Step, responses: Mapping[str, str]) -> str:
    """The address of a step after these responses."""
    address = reverse("step", args=[found.slug, to.slug])
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


def _redirect_to(found: Flow, walk: Walk, *, has_changed: bool) -> HttpResponseRedirect:
    responses = {**walk.responses, **walk.later} | ({"moved": "1"} if has_changed else {})
    return redirect(step_url(found, walk.current, responses))


def _has_changed(graph: Graph, step: str, given: Mapping[str, str]) -> bool:
    """Whether the address is of another version: it names a step or an option that is no longer there."""
    return step not in graph.steps or any(graph.steps[name].option(key) is None for name, key in given.items())


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
    return step_url(found, taken.step, walk.responses_without(taken.step.slug) | {"was": taken.option.key})


def _alternates(found: Flow, walk: Walk) -> dict[str, str]:
    """This step in each language, without what only this visit is about, such as an answer that was missing."""
    addresses = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            addresses[code] = step_url(found, walk.current, {**walk.responses, **walk.later})
    return addresses
