"""Where the pages of a flow are, and where contact takes over from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from articles.languages import current_language
from articles.models import PreviewLink

from .graph import Step
from .models import Flow, FlowVersion


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
            return reverse("admin:flows_rehearsal", args=[self.rehearsed.pk, current_language()])
        return self.flow.preview_url(self.link) if self.link else self.flow.get_absolute_url()

    def form_url(self, step: str) -> str:
        if self.rehearsed:
            return reverse("admin:flows_rehearsal_step", args=[self.rehearsed.pk, current_language(), step])
        if self.link:
            return reverse("preview_step", args=[self.link.signed, step])
        return reverse("step", args=[self.flow.slug, step])

    def step_url(self, to: Step, responses: Mapping[str, str]) -> str:
        """The address of a step after these responses."""
        return with_query(self.form_url(to.slug), responses)

    def contact_url(self, responses: Mapping[str, str]) -> str:
        """Where contact takes over; at the desk, a page that says what it would take over."""
        if self.rehearsed:
            address = reverse("admin:flows_rehearsal_contact", args=[self.rehearsed.pk, current_language()])
            return with_query(address, responses)
        return with_query(reverse("contact_details"), {"flow": self.flow.slug, **responses})

    def urgent_url(self, responses: Mapping[str, str]) -> str:
        if self.rehearsed:
            return self.contact_url(responses)
        return with_query(reverse("contact"), {"urgent": self.flow.slug, **responses})

    @property
    def context(self) -> dict[str, object]:
        shared: dict[str, object] = {"flow": self.flow, "flow_url": self.start_url}
        if self.rehearsed:
            return shared | {"is_rehearsal": True, "alternates": {}}
        # The page in the other language would be the flow's own, which does not show the draft.
        return shared | ({"preview": self.link, "alternates": {}} if self.link else {})


def with_query(address: str, responses: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(responses)}" if responses else address
