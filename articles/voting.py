"""Taking votes: once for each press, tied to the revision that was read, best effort, and without a cookie.

The page that somebody reads is the same for all, so it can carry no token.  The first press makes one: a random
key and what was voted, signed, in the address of the page that says thanks.  Whoever has it may change the vote
for a day.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .network import network_of
from .patience import best_effort
from .personal import masked
from .vote import RecentVote, Vote

SALT = "articles.voting"
CHANGEABLE = 24 * 60 * 60  # seconds
HOUR = timedelta(hours=1)
PER_NETWORK = 60  # votes in any hour
PRESS = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Ticket:
    """What was voted, on which revision of which text, under which key; without a key it is not counted."""

    translation: int
    revision: int
    number: int
    is_helpful: bool
    key: str = ""

    @property
    def signed(self) -> str:
        return signing.dumps(list(asdict(self).values()), salt=SALT)

    @classmethod
    def read(cls, signed: str, translation: int) -> Self | None:
        """None where it is none of ours, too old, or of another text."""
        try:
            ticket = cls(*signing.loads(signed, salt=SALT, max_age=CHANGEABLE))
        except (signing.BadSignature, TypeError):
            return None
        return ticket if ticket.translation == translation else None

    def turned(self, is_helpful: bool) -> Self:
        return replace(self, is_helpful=is_helpful)


def take(request: HttpRequest, ticket: Ticket, **said: str) -> Ticket:
    """The vote counts with this reason, if the database has time for it and its network has room; its ticket.

    Under a known ticket it replaces what was voted.  Without one, the same press sent again, twice at once even,
    is the same vote.  What was not stored in time is stored when something comes under its ticket.
    """
    if "words" in said:
        said["words"] = masked(said["words"])
    if ticket.key:
        with best_effort(), transaction.atomic():
            Vote.objects.put(ticket.key, ticket.revision, is_helpful=ticket.is_helpful, **said)
        return ticket
    key, network = uuid4().hex, network_of(request)
    with best_effort(), transaction.atomic():
        recent, is_new = _recent(_press(request, ticket, network), network, key)
        key = recent.vote_key
        if is_new and network and _is_full(recent):
            recent.delete()
            return ticket
        Vote.objects.put(key, ticket.revision, is_helpful=ticket.is_helpful, **said)
    return replace(ticket, key=key)


def forget_old() -> None:
    """What is older than it may be is gone: of what knows presses again an hour, of free texts the days of
    settings.VOTE_WORDS_DAYS, of votes a year; looks once a minute.
    """
    if cache.add(f"{SALT}.forget_old", True, timeout=60):
        RecentVote.objects.filter(ends_at__lte=timezone.now()).delete()
        Vote.objects.wordy_for_too_long().update(words="")
        Vote.objects.over().delete()


def _recent(press: str, network: str, key: str) -> tuple[RecentVote, bool]:
    """The row of this press, and whether it is a new one."""
    now = timezone.now()
    RecentVote.objects.filter(press=press, ends_at__lte=now).delete()
    given: dict[str, Any] = {"vote_key": key, "ends_at": now + HOUR, "network": network and _hash(network)}
    return RecentVote.objects.get_or_create(given, press=press)


def _is_full(recent: RecentVote) -> bool:
    return RecentVote.objects.filter(network=recent.network, ends_at__gt=timezone.now()).count() > PER_NETWORK


def _press(request: HttpRequest, ticket: Ticket, network: str) -> str:
    """The same for all posts of one press.

    With a script each opened page has a name of its own, so that neighbours in one network do not vote as one.
    """
    page = request.POST.get("page", "")
    page = page if PRESS.fullmatch(page) else ""
    return _hash(f"{network}\n{request.headers.get('User-Agent', '')}\n{page}\n{ticket.revision}")


def _hash(text: str) -> str:
    """Keyed: whoever sees the table learns no address."""
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()
