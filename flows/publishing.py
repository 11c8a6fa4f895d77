"""The worker's duty: draft versions whose moment has come are what customers walk."""

from articles import review

from .models import FlowVersion


def publish_due() -> float | None:
    return review.publish_due(FlowVersion.objects.scheduled())
