"""The links to other sites that articles' texts hold, as readers see them and as they were written last."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from . import holders as every
from .checkdesk import place_url
from .external import ExternalLink, LinksRead, LinkUse
from .holders import Holder
from .models import Revision, Translation
from .reading import line_of


def collect(most: int) -> int:
    """The links of that many texts are known which have been written since; how many texts it were."""
    unread = list(islice(_unread().iterator(), most))
    newest = Revision.objects.in_bulk([translation.newest_pk for translation in unread])
    held = [(each, every.pages_in(_bodies(each, newest.get(each.newest_pk)))) for each in unread]
    if unread:
        _write(held)
    return len(unread)


def places() -> Any:
    return LinkUse.objects.all()


def holders(links: Collection[ExternalLink], user: Any) -> Iterator[tuple[int, Holder]]:
    related = places().select_related("link", "translation__article", "translation__applied")
    for use in every.first_of_each(related, links, "pk"):
        yield use.link_id, _holder(use.translation, use.link.address, user)


def _holder(translation: Translation, address: str, user: Any) -> Holder:
    return Holder(
        title=translation.title,
        what=translation.get_language_display(),
        state=translation.state,
        url=place_url(translation, "body", line_of(address, translation.body), user),
    )


def _unread() -> Any:
    kept = Q(revisions__discarded_at=None)
    return (
        Translation.objects.annotate(newest_pk=Coalesce(Max("revisions__pk", filter=kept), 0))
        .annotate(applied_pk=Coalesce(F("applied"), 0))
        .exclude(links_read__newest=F("newest_pk"), links_read__applied=F("applied_pk"))
        .order_by("pk")
    )


def _bodies(translation: Any, newest: Revision | None) -> set[str]:
    """What readers see, and what was written last."""
    return {translation.body, newest.body if newest else translation.body}


@transaction.atomic
def _write(held: Sequence[tuple[Any, dict[str, str]]]) -> None:
    """Each text has these uses: all at once and no more than that, since whoever sends a request waits."""
    uses = LinkUse.objects.filter(translation__in=[text for text, _pages in held])
    had = set(uses.values_list("translation", flat=True))
    for text, pages in held:
        if pages or text.pk in had:
            every.write_down(text.link_uses, pages)
    LinksRead.objects.bulk_create(
        [LinksRead(translation=text, newest=text.newest_pk, applied=text.applied_pk) for text, _pages in held],
        update_conflicts=True,
        unique_fields=["translation"],
        update_fields=["newest", "applied"],
    )
