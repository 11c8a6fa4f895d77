"""Links in texts to flows: `flow:slug`."""

from collections.abc import Collection

from django.utils.translation import override

from articles.links import Link

from .models import Flow


def flows(keys: Collection[str], language: str) -> dict[str, Link]:
    """The flows that are offered in the language, by slug."""
    with override(language):
        found = Flow.objects.offered(language).filter(slug__in=keys)
        return {flow.slug: Link(flow.get_absolute_url(), str(flow.title)) for flow in found}
