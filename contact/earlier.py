"""A second request on the same thing: told to the agent, to its own address, to the browser that sent the first.

Never on a page to somebody who types an address or a number: they would learn that there is a request of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from . import numbers
from .models import ContactRequest, DraftRequest
from .numbers import GivenNumber

WITHIN = timedelta(days=30)
MOST = 5  # who has written more often is known by now


@dataclass(frozen=True)
class Earlier:
    """Another request, and why it is about the same."""

    request: ContactRequest
    is_same_address: bool
    is_same_number: bool
    is_other_number: bool  # both have one, and not the same: perhaps a second parcel

    @property
    def why(self) -> str:
        """In the words of the desk: the same number, from another address."""
        if self.is_other_number:
            return gettext("the same address and topic, another number")
        if not self.is_same_number:
            return gettext("the same address and topic")
        if self.is_same_address:
            return gettext("the same number, the same address")
        return gettext("the same number, from another address")


def of(sent: ContactRequest) -> list[Earlier]:
    """The earlier requests on the same thing, newest first."""
    return [one for one in about_the_same(sent) if one.request.created_at < sent.created_at]


def about_the_same(sent: ContactRequest) -> list[Earlier]:
    """The requests on the same thing, later ones too: of the same mailbox and topic, or with the same number.

    For agents only, since a number may have been given from another address.
    """
    given = _numbers(sent)
    same_topic = Q(mailbox=sent.mailbox, topic=sent.topic_id) if sent.mailbox and sent.topic_id else Q(pk__in=[])
    near = Q(created_at__range=(sent.created_at - WITHIN, sent.created_at + WITHIN))
    found = ContactRequest.objects.filter(near, same_topic | Q(pk__in=_with(given))).exclude(pk=sent.pk)
    return [_why(one, sent, given) for one in found.select_related("topic").prefetch_related("numbers")[:MOST]]


def of_same_address(sent: ContactRequest, before: list[Earlier]) -> list[ContactRequest]:
    """Those that its own customer may be told of by mail: from the very same address, about no other number.

    Not the same mailbox: some servers give `ana+x@` to somebody else.
    """
    if not sent.email:
        return []
    own = [one for one in before if one.request.email.casefold() == sent.email.casefold()]
    return [one.request for one in own if not one.is_other_number]


def of_browser(draft: DraftRequest) -> list[ContactRequest]:
    """What this browser has itself sent about the same thing as the draft; what others sent is not looked for."""
    if not draft.sent_before:
        return []
    given = numbers.of([{"key": key, "value": text} for key, text in draft.details.items()])
    same_topic = Q(topic=draft.topic) if draft.topic else Q(pk__in=[])
    found = (
        ContactRequest.objects.filter(pk__in=draft.sent_before, created_at__gte=timezone.now() - WITHIN)
        .exclude(pk=draft.pk)
        .filter(same_topic | Q(pk__in=_with(given)))
        .prefetch_related("numbers")
    )
    return [one for one in found if not _is_other(given, _numbers(one))]


def note_numbers(sent: ContactRequest, changed: ContactRequest) -> None:
    """The request is found by the numbers of these words, too, be they its first or later ones."""
    rows = [GivenNumber(request=sent, key=key, value=value) for key, value in numbers.of(changed.details)]
    GivenNumber.objects.bulk_create(rows, ignore_conflicts=True)


def _with(given: Iterable[tuple[str, str]]) -> QuerySet[GivenNumber, Any]:
    """The requests that one of these numbers was given in, by their ids."""
    condition = Q(pk__in=[])
    for key, value in given:
        condition |= Q(key=key, value=value)
    return GivenNumber.objects.filter(condition).values("request")


def _why(earlier: ContactRequest, sent: ContactRequest, given: set[tuple[str, str]]) -> Earlier:
    return Earlier(
        request=earlier,
        is_same_address=earlier.mailbox == sent.mailbox,
        is_same_number=bool(given & _numbers(earlier)),
        is_other_number=_is_other(given, _numbers(earlier)),
    )


def _numbers(request: ContactRequest) -> set[tuple[str, str]]:
    return {(number.key, number.value) for number in request.numbers.all()}


def _is_other(given: set[tuple[str, str]], known: set[tuple[str, str]]) -> bool:
    return bool(given and known and not given & known)
