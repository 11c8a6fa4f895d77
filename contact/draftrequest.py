"""What a customer has told us so far: kept for 24 hours, told apart by its digest."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone

from articles.models import Article, Category, languages
from flows.models import Remedy, Topic

from .attachment import Attachment
from .contactrequest import ContactRequest

KEPT = timedelta(hours=24)


def new_token() -> str:
    return secrets.token_urlsafe(24)


class DraftRequestQuerySet(models.QuerySet["DraftRequest"]):
    def old(self) -> Self:
        """Those that nobody has touched for 24 hours: no longer found, and soon deleted."""
        return self.filter(changed_at__lte=timezone.now() - KEPT)

    def known(self, token: str) -> Self:
        """The one that the browser holds the token of, while it is kept."""
        return self.filter(token=token, changed_at__gt=timezone.now() - KEPT)


class DraftRequest(models.Model):
    """What a customer has told us so far; its id becomes the request's, so that sending twice is sending once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    language = models.CharField(max_length=12, choices=languages)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    search_words = models.TextField(blank=True)
    flow = models.CharField(max_length=50, blank=True)  # its slug
    flow_version = models.PositiveIntegerField(null=True, blank=True)  # the number of the version walked
    responses = models.JSONField(default=dict, blank=True)
    walked_at = models.DateTimeField(null=True, blank=True)  # how late something is, it was then
    details = models.JSONField(default=dict, blank=True)  # detail key → what was typed, of every topic chosen
    message = models.TextField(blank=True)
    worded = models.TextField(blank=True)  # the worded request as the customer changed it; empty: as we word it
    tried = models.TextField(blank=True)
    tried_prefilled = models.TextField(blank=True)  # what we wrote there; equal to `tried`: not touched
    remedy = models.ForeignKey(Remedy, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)  # as typed: an invalid one is kept too
    refused = models.JSONField(default=list, blank=True)  # [[reason, name], …] of files at the last try
    sent_before = models.JSONField(default=list, blank=True)  # ids of what the same browser sent before
    callback_number = models.CharField(max_length=40, blank=True)  # as typed
    callback_at = models.DateTimeField(null=True, blank=True)  # None: no call is wanted
    callback_until = models.DateTimeField(null=True, blank=True)
    callback_language = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DraftRequestQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["changed_at"], name="draft_changed_at")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sent(self) -> ContactRequest | None:
        """The request that this draft became, if it was sent."""
        return ContactRequest.objects.filter(pk=self.pk).first()

    @property
    def receipt(self) -> ContactRequest | None:
        """The request, where exactly this draft is what was sent last."""
        sent = self.sent
        return sent if sent and sent.digests[-1] == self.digest else None

    @property
    def has_words(self) -> bool:
        """Whether the customer has typed anything that it would be a pity to lose; a flow's dates are not."""
        carried = {str(response)[:10] for response in self.responses.values()}
        tried = self.tried if self.tried != self.tried_prefilled else ""
        own = (self.message, self.worded, tried, self.name, self.email, self.callback_number)
        typed = (*own, *(set(self.details.values()) - carried))
        return any(typed) or self.attachments.exists()

    @property
    def files(self) -> list[Attachment]:
        """Those that have been sent with it, and those that have not yet."""
        return list(Attachment.objects.of(self.pk))

    def refuse(self, reason: str, name: str) -> None:
        """Its page says that the file was not taken, until the next try; of one that is gone nothing is stored."""
        self.refused = [*self.refused, [str(reason), name]]
        self.update(refused=self.refused)

    def update(self, **values: Any) -> bool:
        """These fields are stored and no others, which are being typed meanwhile; False where it is gone."""
        return bool(DraftRequest.objects.filter(pk=self.pk).update(changed_at=timezone.now(), **values))

    @property
    def digest(self) -> str:
        """Tells apart what the customer chose and typed; labels and guides edited meanwhile do not change it."""
        return with_words(self.digest_of_answers, self.worded)

    @property
    def digest_of_answers(self) -> str:
        """The same without the worded request, which the page that is sent brings along itself."""
        needed = set(self.topic.details.values_list("key", flat=True)) if self.topic else set()
        content: dict[str, object] = {
            "topic": self.topic.key if self.topic else "",
            "remedy": self.remedy.key if self.remedy else "",
            "details": {key: text for key, text in self.details.items() if text and key in needed},
            **{name: getattr(self, name) for name in ("message", "tried", "name", "email")},
        }
        if files := sorted(str(each.pk) for each in self.files):
            content["files"] = files
        if self.callback_at:
            content["callback"] = [self.callback_number, self.callback_at.timestamp(), self.callback_language]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def with_words(digest_of_answers: str, worded: str) -> str:
    """The digest of these answers with a worded request that the customer has changed; empty: as we word it."""
    return hashlib.sha256(f"{digest_of_answers} {worded}".encode()).hexdigest() if worded else digest_of_answers
