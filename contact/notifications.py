"""The worker's duty: mails about content, which articles and flows name, become deliveries."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from articles.models import Notification

from . import mail, outbox

AT_ONCE = 100


def hand_over() -> None:
    """Who must act on a text has a mail in the outbox, once, however many workers there are."""
    waiting = Notification.objects.filter(handed_at=None).order_by("pk")
    if not waiting.exists():  # without the write lock that SQLite takes below
        return
    with transaction.atomic():
        # PostgreSQL steps over what another worker hands over; SQLite's transactions wait for each other.
        locked = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("recipient", "deed")
        for notification in locked[:AT_ONCE]:
            outbox.put(mail.about_content(notification))
            Notification.objects.filter(pk=notification.pk).update(handed_at=timezone.now())
