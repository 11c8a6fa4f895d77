"""Flows for the link picker of the editor's page: `flow:slug`."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from articles.picking import Choice, Picker

from .models import Flow


def _flows(language: str) -> Iterable[Choice]:
    """Every flow by its title in the language."""
    for flow in Flow.objects.select_related("published_version").order_by("position", "pk"):
        is_visible = flow.is_published and flow.is_offered(language)
        notes = [_("Guide"), *([] if is_visible else [_("readers do not see it")])]
        title, summary = flow.title.localize(language), flow.summary.localize(language)
        yield Choice(f"flow:{flow.slug}", title, " · ".join(notes), words=f"{flow.slug} {summary}")


flows = Picker("flows.view_flow", _flows)
