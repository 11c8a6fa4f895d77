"""When somebody could call: within the opening hours, and not where the channel takes no more calls."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from flows.clock import site_time

from . import hours
from .hours import Span
from .models import Channel, ContactRequest
from .turns import take_turn


class Full(Exception):
    """The window has as many calls as it takes."""


def free(now: datetime | None = None, besides: ContactRequest | None = None) -> list[Span]:
    """None where no channel offers a call; `besides` is the request whose own call takes no room from it."""
    channel = Channel.objects.open().filter(kind=Channel.Kind.CALLBACK).first()
    return hours.windows(channel.opening, site_time(now), full(channel, besides)) if channel else []


def full(channel: Channel, besides: ContactRequest | None = None) -> frozenset[float]:
    """The beginnings of the windows to come that take no further call, as timestamps."""
    if channel.kind != Channel.Kind.CALLBACK or channel.calls_per_window is None:
        return frozenset()
    booked = ContactRequest.objects.filter(callback_at__gt=timezone.now()).order_by()
    if besides:
        booked = booked.exclude(pk=besides.pk)
    counted = booked.values("callback_at").annotate(calls=Count("pk")).filter(calls__gte=channel.calls_per_window)
    return frozenset(start.timestamp() for start in counted.values_list("callback_at", flat=True) if start)


def is_full(start: datetime, besides: ContactRequest | None = None) -> bool:
    """Whether the window takes no further call; none does where calls are not offered any more."""
    channel = Channel.objects.open().filter(kind=Channel.Kind.CALLBACK).first()
    return channel is None or start.timestamp() in full(channel, besides)


def take(start: datetime, besides: ContactRequest | None = None) -> None:
    """There is room for a call then, until our transaction ends, which books it; Full where there is none.

    For that transaction: whoever wants to book at the same moment waits for it.
    """
    take_turn("contact.calls")
    if is_full(start, besides):
        raise Full
