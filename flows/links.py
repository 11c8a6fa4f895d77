"""Links in texts to flows: `flow:slug`."""

from collections.abc import Collection

from django.db.models import F, Q
from django.utils.translation import override

from articles.links import Link

from .models import Flow


def flows(keys: Collection[str], language: str) -> dict[str, Link]:
    """The flows that are offered in the language, by slug, or by one that they had."""
    with override(language):
        named = Q(slug__in=keys) | Q(old_slugs__slug__in=keys)
        found = Flow.objects.offered(language).filter(named).annotate(old_slug=F("old_slugs__slug"))
        return {
            key: Link(flow.get_absolute_url(), str(flow.title))
            for flow in found  # once for each slug that it had
            for key in (flow.slug, flow.old_slug)
            if key in keys
        }
