"""What happens to flows on which day, for the calendar of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.agenda import Entry, at

from .models import Flow, FlowVersion


def flows(start: datetime, end: datetime, user: Any) -> Iterable[Entry]:
    """Flows of which a version is published, or that are withdrawn."""
    if not user.has_perm("flows.view_flow"):
        return
    planned = FlowVersion.objects.scheduled().filter(apply_at__gte=start, apply_at__lt=end)
    for version in planned.select_related("flow"):
        if version.apply_at:
            yield at(version.apply_at, _("flow is published"), str(version.flow), version.flow.work_url, "publish")
    soon = max(start, timezone.now())
    for flow in Flow.objects.filter(withdrawn_at__gte=soon, withdrawn_at__lt=end):
        if flow.withdrawn_at:
            yield at(flow.withdrawn_at, _("flow is withdrawn"), str(flow), flow.work_url, "withdraw")
