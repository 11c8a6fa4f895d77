"""Marked as answered: the help center does not see the mails of agents, so that they say it themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from .models import ContactRequest

MAY_ANSWER = "contact.answer_contactrequest"


def mark(requests: QuerySet[ContactRequest], agent: Any) -> int:
    """These are answered, by this agent and now, but for those that were marked before; how many that were."""
    return requests.filter(answered_at=None).update(answered_at=timezone.now(), answered_by=agent)


def undo(requests: QuerySet[ContactRequest]) -> int:
    """These wait for an answer again, by the day that was promised; how many had been marked."""
    return requests.exclude(answered_at=None).update(answered_at=None, answered_by=None)


def reopen(sent: ContactRequest, promise: date) -> None:
    """Where it was answered, it waits again, now until that day: the customer has come back with something new."""
    answered = ContactRequest.objects.filter(pk=sent.pk).exclude(answered_at=None)
    answered.update(answered_at=None, answered_by=None, promise=max(promise, sent.promise))
