"""The links to other sites that the steps of flows hold: of the version that customers walk, and of the draft."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from articles import holders as every
from articles.holders import Holder
from articles.models import ExternalLink
from articles.reading import line_of

from .editor import address_of
from .labels import texts
from .models import FlowVersion, Step, StepLink, StepLinksRead
from .steplink import IS_DRAFT, IS_WALKED


def collect(most: int) -> int:
    """The links of that many steps are known which have been written since; how many steps it were.

    What an earlier version held is forgotten.
    """
    for model in (StepLink, StepLinksRead):
        model._default_manager.exclude(IS_DRAFT | IS_WALKED).delete()
    unread = list(_unread()[:most])
    held = [(step, every.pages_in(texts(step.body).values())) for step in unread]
    if unread:
        _write(held)
    return len(unread)


def places() -> Any:
    return StepLink.objects.places()


def holders(links: Collection[ExternalLink], user: Any) -> Iterator[tuple[int, Holder]]:
    drafts = FlowVersion.objects.filter(flow=OuterRef("step__version__flow"), published_at=None)
    related = places().annotate(has_draft=Exists(drafts)).select_related("link", "step__version__flow")
    order = ("step__version__flow", "step__position", "pk")
    for use in every.first_of_each(related, links, *order):
        yield use.link_id, _holder(use, user)


def _holder(use: Any, user: Any) -> Holder:
    step: Step = use.step
    return Holder(
        title=str(step.version.flow),
        what=_("flow, step “%(step)s”: %(part)s") % {"step": step.slug, "part": _where(use.link.address, step)},
        state=_state(use),
        url=_address(use, user),
    )


def _where(address: str, step: Step) -> str:
    """The languages in which the step's text has the link, as far as it stands there as it is."""
    names = dict(settings.LANGUAGES)
    found = [str(names.get(code, code)) for code, words in texts(step.body).items() if line_of(address, words)]
    return ", ".join(found) or _("text")


def _state(use: Any) -> str:
    flow = use.step.version.flow
    if use.step.version.is_draft and not use.is_in_other:
        return _("in the draft version")
    if not flow.is_published:
        return _("customers do not see it")
    if use.step.version.is_draft or not use.has_draft:
        return _("customers see it")
    return _("customers see it; in the draft version it is mended already")


def _address(use: Any, user: Any) -> str:
    """Where it is mended: in the draft, by publishing the draft, or by making one of what customers walk."""
    version, slug = use.step.version, use.step.slug
    if not user.has_perm("flows.view_flow"):
        return ""
    if not user.has_perm("flows.view_flowversion") or (use.has_draft and not version.is_draft):
        return str(version.flow.work_url)
    # Of what customers walk, the top of the page: the button that makes a draft of it stands there.
    return address_of(version) + (f"#step-{slug}" if version.is_draft else f"?step={slug}")


def _unread() -> Any:
    """The steps of current versions whose text was written since; most texts hold no link, and are not read."""
    is_current = Q(version__published_at=None) | Q(version__flow__published_version=F("version"))
    steps = Step.objects.filter(is_current).annotate(raw=Cast("body", TextField()))
    may_hold = Q(raw__icontains="http") | Q(links_read__isnull=False)
    return steps.filter(may_hold).exclude(links_read__body=F("raw")).order_by("pk")


@transaction.atomic
def _write(held: Sequence[tuple[Any, dict[str, str]]]) -> None:
    """Each step has these links, of its text in all languages."""
    for step, pages in held:
        every.write_down(step.step_links, pages)
    StepLinksRead.objects.bulk_create(
        [StepLinksRead(step=step, body=step.raw) for step, _pages in held],
        update_conflicts=True,
        unique_fields=["step"],
        update_fields=["body"],
    )
