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
MOST = 10  # who has written more often is known by now


@dataclass(frozen=True)
class Earlier:
    """Another request, and why it is about the same."""

    request: ContactRequest
    is_same_address: bool
    is_same_number: bool

    @property
    def why(self) -> str:
        """In the words of the desk: the same number, from another address."""
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
    given = numbers.of(sent.details)
    same_topic = Q(mailbox=sent.mailbox, topic=sent.topic_id) if sent.mailbox and sent.topic_id else Q(pk__in=[])
    near = Q(created_at__range=(sent.created_at - WITHIN, sent.created_at + WITHIN))
    found = ContactRequest.objects.filter(near, same_topic | Q(pk__in=_with(given))).exclude(pk=sent.pk)
    return [_why(one, sent, given) for one in found.prefetch_related("numbers")[:MOST]]


def of_same_address(sent: ContactRequest) -> list[ContactRequest]:
    """Those that its own customer may be told of by mail: sent from the very same address.

    Not the same mailbox: some servers give `ana+x@` to somebody else.
    """
    return [one.request for one in of(sent) if one.request.email.casefold() == sent.email.casefold()]


def of_browser(draft: DraftRequest) -> list[ContactRequest]:
    """What this browser has itself sent about the same thing as the draft; what others sent is not looked for."""
    if not draft.sent_before:
        return []
    details = [{"key": key, "value": text} for key, text in draft.details.items()]
    same_thing = Q(topic=draft.topic) if draft.topic else Q(pk__in=[])
    return list(
        ContactRequest.objects.filter(pk__in=draft.sent_before, created_at__gte=timezone.now() - WITHIN)
        .exclude(pk=draft.pk)
        .filter(same_thing | Q(pk__in=_with(numbers.of(details))))
    )


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
        is_same_number=any((number.key, number.value) in given for number in earlier.numbers.all()),
    )
