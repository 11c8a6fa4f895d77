"""Links in texts to flows: `flow:slug`."""

from collections.abc import Collection, Iterable

from django.db.models import F
from django.utils.translation import override

from articles.links import Link

from .models import Flow


def flows(keys: Collection[str], language: str) -> dict[str, Link]:
    """The flows that are offered in the language, by slug, or by one that they had."""
    with override(language):
        found = _links(Flow.objects.offered(language).filter(slug__in=keys))
        if others := set(keys) - found.keys():
            renamed = Flow.objects.offered(language).filter(old_slugs__slug__in=others)
            renamed = renamed.annotate(old_slug=F("old_slugs__slug"))
            found |= {flow.old_slug: link for flow in renamed for link in _links([flow]).values()}
        return found


def _links(flows: Iterable[Flow]) -> dict[str, Link]:
    return {flow.slug: Link(flow.get_absolute_url(), str(flow.title)) for flow in flows}
