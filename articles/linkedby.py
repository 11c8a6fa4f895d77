"""The links to other sites that articles' texts hold, as readers see them and as they were written last."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
    for translation in unread:
        _read(translation)
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


@transaction.atomic
def _read(translation: Any) -> None:
    """Its uses are those of what readers see and of what was written last."""
    newest = Revision.objects.filter(pk=translation.newest_pk).first()
    every.write_down(translation.link_uses, {translation.body, newest.body if newest else translation.body})
    given = {"newest": translation.newest_pk, "applied": translation.applied_pk}
    LinksRead.objects.update_or_create(given, translation=translation)
