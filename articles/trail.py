"""Who did what with a text: the trail of translations and flows, and who is told of it by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .wake import wake_worker


class What(models.TextChoices):
    CREATED = "created", pgettext_lazy("somebody", "created")
    CHANGED = "changed", pgettext_lazy("somebody", "changed")
    SUBMITTED = "submitted", pgettext_lazy("somebody", "asked for a review")
    SENT_BACK = "sent-back", pgettext_lazy("somebody", "asked for changes")
    COMMENTED = "commented", pgettext_lazy("somebody", "commented")
    APPROVED = "approved", pgettext_lazy("somebody", "approved")
    SCHEDULED = "scheduled", pgettext_lazy("somebody", "scheduled")
    UNSCHEDULED = "unscheduled", pgettext_lazy("somebody", "took back the schedule")
    NOT_PUBLISHED = "not-published", pgettext_lazy("somebody", "could not be published")
    PUBLISHED = "published", pgettext_lazy("somebody", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("somebody", "withdrew")
    KEPT = "kept", pgettext_lazy("somebody", "took back the withdrawal")
    RESTORED = "restored", pgettext_lazy("somebody", "restored")
    DISCARDED = "discarded", pgettext_lazy("somebody", "discarded")
    SHARED = "shared", pgettext_lazy("somebody", "made a preview link")
    REVOKED = "revoked", pgettext_lazy("somebody", "ended a preview link")
    TASK = "task", pgettext_lazy("somebody", "asked for something to be done")
    TASK_DONE = "task-done", pgettext_lazy("somebody", "did what was asked for")
    DUE = "due", pgettext_lazy("somebody", "found it due for a check")
    CHECKED = "checked", pgettext_lazy("somebody", "said it is still correct")
    DELETED = "deleted", pgettext_lazy("somebody", "deleted")
    MOVED = "moved", pgettext_lazy("somebody", "moved it")
    ASSIGNED = "assigned", pgettext_lazy("somebody", "gave it to another owner")


class DeedQuerySet(models.QuerySet["Deed"]):
    def about(self, subject: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_pk=subject.pk).select_related("by")


class Deed(models.Model):
    """Somebody did something with a text at one moment.  Append-only; outlives the text and the person."""

    subject_type = models.ForeignKey(ContentType, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_pk = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_pk")
    label = models.CharField(_("text"), max_length=250)  # what it was called then
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)  # of the revision or version
    what = models.CharField(_("what"), max_length=20, choices=What)
    words = models.TextField(_("words"), blank=True)
    moment = models.DateTimeField(_("for the moment"), null=True, blank=True)  # that it was scheduled for
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("trail")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_pk", "-at"], name="deed_of_subject")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_what_display()}: {self.label}"

    @property
    def who(self) -> str:
        return self.by_name or str(_("the system"))


class Notification(models.Model):
    """Somebody must act on a text, and is told so by mail, once: the worker hands it to the outbox."""

    deed = models.ForeignKey(Deed, on_delete=models.CASCADE, related_name="notifications")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sentence = models.TextField()  # what there is to do, in the site's language
    path = models.CharField(max_length=300)  # where
    handed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deed", "recipient"], name="told_once")]
        indexes = [
            models.Index(fields=["id"], name="notification_open", condition=models.Q(handed_at=None)),
        ]

    def __str__(self) -> str:
        return self.sentence


def record(
    subject: Any,
    what: What,
    by: Any,
    *,
    number: int | None = None,
    words: str = "",
    moment: datetime | None = None,
) -> Deed:
    """The deed is in the trail, in the caller's transaction; without a person it was the system's."""
    return Deed.objects.create(
        subject=subject,
        label=str(subject)[:250],
        number=number,
        what=what,
        words=words.strip(),
        moment=moment,
        by=by,
        by_name=by.get_username() if by else "",
    )


def tell(deed: Deed, people: Iterable[Any], sentence: str, path: str) -> None:
    """Each of them gets one mail about the deed once the transaction is committed, but who did it does not."""
    wanted = {person.pk: person for person in people if person and person.email and person.is_active}
    wanted.pop(deed.by_id, None)
    Notification.objects.bulk_create(
        [Notification(deed=deed, recipient=one, sentence=sentence, path=path) for one in wanted.values()],
        ignore_conflicts=True,
    )
    if wanted:
        wake_worker()
