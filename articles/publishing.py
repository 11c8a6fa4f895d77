"""The worker's duty: revisions whose moment has come are what readers see."""

from . import review
from .models import Revision


def publish_due() -> float | None:
    return review.publish_due(Revision.objects.scheduled())
