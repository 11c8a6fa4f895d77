"""How a request stands: who acts next, and what has happened, for its own page and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import brand
from flows import clock

from . import mistyped, telephone, words
from .models import ContactRequest

FRESH = timedelta(hours=1)  # so long the page still greets who has just sent


class Due(TextChoices):
    """Where today stands to the last day of the promise, while there is no answer yet."""

    OVERDUE = "overdue", _("overdue")
    TODAY = "today", _("due today")
    WEEK = "week", _("later this week")
    LATER = "later", _("next week or later")
    ANSWERED = "answered", _("answered")

    @classmethod
    def of(cls, promise: date, today: date) -> Due:
        if promise < today:
            return cls.OVERDUE
        if promise == today:
            return cls.TODAY
        return cls.WEEK if promise <= _sunday(today) else cls.LATER

    def condition(self, today: date) -> Q:
        """The requests that it holds for, for a query."""
        match self:
            case Due.ANSWERED:
                return Q(answered_at__isnull=False)
            case Due.OVERDUE:
                when = Q(promise__lt=today)
            case Due.TODAY:
                when = Q(promise=today)
            case Due.WEEK:
                when = Q(promise__gt=today, promise__lte=_sunday(today))
            case Due.LATER:
                when = Q(promise__gt=_sunday(today))
        return when & Q(answered_at=None)


@dataclass(frozen=True)
class Happened:
    """One line of what has happened to a request."""

    at: datetime
    what: str


def due(sent: ContactRequest) -> Due:
    return Due.ANSWERED if sent.answered_at else Due.of(sent.promise, today())


def today() -> date:
    """The day by the clocks of this site, wherever the reader is."""
    return clock.site_time().date()


def page(sent: ContactRequest) -> dict[str, Any]:
    """What the request's own page says, in the reader's language."""
    versions = list(sent.later_versions.all())
    rows = [row for row in words.rows(sent) if row.value]
    return {
        "sent": sent,
        "rows": sorted(rows, key=lambda row: row.field != "worded"),  # it says what the others are about
        "later_versions": versions,
        "answer_by": words.weekday(sent.promise),
        "due": due(sent),
        **call(sent),
        "answered_on": words.weekday(clock.site_time(sent.answered_at).date()) if sent.answered_at else "",
        "meant": "" if sent.answered_at else mistyped.meant(sent.email),
        "is_fresh": timezone.now() - (versions[-1] if versions else sent).created_at < FRESH,
        "timeline": [
            Happened(sent.created_at, gettext("You sent your request.")),
            *(Happened(version.created_at, gettext("You sent it again, with changes.")) for version in versions),
        ],
        "support_email": brand.support_email(),
    }


def call(sent: ContactRequest) -> dict[str, Any]:
    """The call that takes the place of an answer by mail, and whether it is to come or its time is over.

    Neither once the request is answered, or where no call was asked for.
    """
    if sent.callback_at is None or sent.callback_until is None or sent.answered_at:
        return {"call_is_to_come": False, "call_is_over": False}
    is_over = sent.callback_until <= timezone.now()
    return {
        "call_is_to_come": not is_over,
        "call_is_over": is_over,
        "call_window": words.window(sent.callback_at, sent.callback_until),
        # In a sentence it is not parted at the end of a line.
        "call_number": telephone.written(sent.callback_number).replace(" ", "\xa0"),
    }


def _sunday(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())
