"""What waits for somebody at the desk: on its first page, in their own words."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from articles import keeping, review
from articles.models import Revision
from articles.unsaved import Unsaved
from flows.models import FlowVersion

MOST = 30


def waiting_for(user: Any) -> dict[str, Any]:
    """What this person must do next, what others must, and what they typed and never saved."""
    own: list[Any] = []
    others: list[Any] = []
    for work in _open_works():
        entry = {
            "title": str(work.subject),
            "url": work.subject.work_url,
            "work": work,
            "next": review.next_act(work),
        }
        if not work.subject.may_be_written_by(user) and not work.subject.may_be_reviewed_by(user):
            continue
        (own if user in review.next_actors(work) else others).append(entry)
    return {
        "own": own,
        "others": others,
        "unsaved": list(Unsaved.objects.filter(user=user).order_by("-kept_at")[:10]),
        "keeping": keeping.waiting_for(user),
    }


def _open_works() -> list[Any]:
    """The newest of each text and flow that is on its way to readers, the oldest first."""
    revisions = Revision.objects.filter(discarded_at=None).select_related(
        "author", "reviewer", "approved_by", "translation__article", "translation__applied"
    )
    on_the_way = (
        Q(submitted_at__isnull=False) | Q(apply_at__isnull=False) | Q(translation__published_at__isnull=False)
    )
    waiting = revisions.filter(on_the_way, number__gt=F("translation__applied__number")) | revisions.filter(
        submitted_at__isnull=False, translation__published_at=None
    )
    found: list[Any] = [revision for revision in waiting.order_by("created_at")[:MOST] if revision.is_newest]
    drafts = FlowVersion.objects.filter(published_at=None).select_related(
        "flow", "author", "reviewer", "approved_by"
    )
    return [*found, *drafts.order_by("created_at")[:MOST]]
