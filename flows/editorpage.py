"""What the editor's page shows of a flow version: what stops publishing, what its cases say, its forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext

from articles import review
from articles.languages import offered

from . import cases, editing
from .graph import Graph
from .labels import name_of, texts
from .models import Flow, FlowVersion
from .problems import WARNINGS, Problem
from .sentences import words_about
from .sheet import Sheet
from .stepforms import StepForm


def about(request: HttpRequest, version: FlowVersion, graph: Graph, found: Sequence[Problem]) -> dict[str, Any]:
    """The version as a whole, with what stops publishing it and what is warned of."""
    reached = [(case, cases.reach(case, graph)) for case in version.flow.cases.all()]
    user = request.user
    return admin.site.each_context(request) | {
        "title": gettext("%(flow)s, version %(number)s") % {"flow": version.flow, "number": version.number},
        "version": version,
        "flow": version.flow,
        "problems": _listed(graph, (each for each in found if each.code not in WARNINGS)),
        "warnings": _listed(graph, (each for each in found if each.code in WARNINGS)),
        "unnamed_in": unnamed_in(version.flow),
        "cases": [
            {
                "pk": case.pk,
                "given": cases.given(case, graph),
                "reaches": case.reaches,
                "day": case.day,
                "comes_to": slug,
            }
            for case, slug in reached
        ],
        "broken_count": sum(case.reaches != slug for case, slug in reached),
        "may_publish": user.has_perm("flows.publish_flow") and not review.is_required(),
        "may_keep_cases": user.has_perm("flows.change_flowcase"),
        "may_write": user.has_perm("flows.change_flowversion"),
        "review_is_on": review.is_on(),
    }


def unnamed_in(flow: Flow) -> list[str]:
    """The languages on offer in which it is not offered, since its own title or summary is missing there."""
    own, on_offer = (texts(flow.title), texts(flow.summary)), offered()
    languages = [(code, name) for code, name in settings.LANGUAGES if code in on_offer]
    return [str(name) for code, name in languages if not all(words.get(code) for words in own)]


def _listed(graph: Graph, found: Iterable[Problem]) -> list[tuple[str, str]]:
    """Each with the slug of its step, and in a sentence that names the step as the page does."""
    names = editing.names_in(graph)
    return [
        (each.step, f"{names[each.step]}: {words_about(each)}") if each.step else ("", words_about(each))
        for each in found
    ]


def forms(sheet: Sheet, graph: Graph, found: Iterable[Problem], query: Mapping[str, str]) -> dict[str, Any]:
    """Each step's forms with what is said about it.

    In the query, `at` is the step that the last button was about, `new` the form to go on with, and `remove` the
    step that its editor is about to remove.
    """
    said: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        is_problem = each.code not in WARNINGS
        said.setdefault(each.step, []).append({"is_problem": is_problem, "words": words_about(each)})
    leads_here: dict[str, list[tuple[str, str]]] = {}
    names = editing.names_in(graph)
    for slug, following in graph.leads_to().items():
        for target in dict.fromkeys(following):
            leads_here.setdefault(target, []).append((slug, names[slug]))
    rows = [_row(form, said, leads_here) for form in sheet.steps]
    for row in rows:
        row["is_at"] = str(row["pk"]) == query.get("at")
        if str(row["pk"]) == query.get("remove") and row["slug"] in graph.steps:
            flow_cases = list(sheet.version.flow.cases.all())
            row["removal"] = editing.consequences(graph, row["slug"], flow_cases)
    for form in sheet.forms:
        if form.prefix == query.get("new"):
            name = "title" if isinstance(form, StepForm) else "label"
            form.fields[name].widget.widgets[0].attrs["autofocus"] = True
    is_at = any(row["is_at"] for row in rows)
    return {"sheet": sheet, "rows": rows, "is_at_a_step": is_at, "is_new": bool(query.get("new"))}


def _row(form: StepForm, said: dict[str, Any], leads_here: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """A step as the database has it, whatever is typed in its form."""
    slug, kind = form.initial["slug"], form.initial["kind"]
    return {
        "form": form,
        "pk": form.instance.pk,
        "slug": slug,
        "name": name_of(form.initial["title"], slug),
        "kind": kind,
        "kind_words": dict(form.fields["kind"].choices).get(kind, kind),  # type: ignore[attr-defined]
        "said": said.get(slug, []),
        "leads_here": leads_here.get(slug, []),
        "removal": None,
    }


def mistakes(sheet: Sheet) -> list[dict[str, str]]:
    """What is wrong in the forms, each with the id of the field that it is about."""
    found = [
        {
            "anchor": "",
            "words": gettext("Somebody has removed this step or option meanwhile. You had typed: %(words)s")
            % {"words": words},
        }
        for words in sheet.gone
    ]
    for form in sheet.bound:
        for name, errors in form.errors.items():
            field = form[name] if name in form.fields else None
            anchor, label = (field.auto_id, f"{field.label}: ") if field else (f"{form.prefix}", "")
            found += [{"anchor": anchor, "words": f"{label}{error}"} for error in errors]
    return found
