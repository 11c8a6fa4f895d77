"""What was handed to support, under its reference and behind its link, and the later versions of its words."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from articles.models import languages
from flows.models import Topic

from . import reference
from .attachment import Attachment


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    def store(self, request: ContactRequest, draw: Callable[[], str] = reference.draw) -> ContactRequest:
        """The request is saved under a reference that no other one has."""
        while True:
            request.reference = draw()
            try:
                with transaction.atomic():
                    request.save(force_insert=True)
                return request
            except IntegrityError:
                if not self.filter(reference=request.reference).exists():
                    raise

    def signed(self, signed: str) -> Self:
        """The one whose link this is; none where the signature is not ours."""
        try:
            return self.filter(pk=uuid.UUID(hex=_signer().unsign(signed)))
        except (signing.BadSignature, ValueError):
            return self.none()


class ContactRequest(models.Model):
    """What was handed to support: a snapshot in the customer's words, since topics, flows and articles change."""

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(_("reference"), max_length=9, unique=True)
    language = models.CharField(_("language"), max_length=12, choices=languages)
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, on_delete=models.SET_NULL, related_name="requests"
    )
    topic_name = models.TextField(_("topic"))
    worded = models.TextField(_("worded request"), blank=True)
    message = models.TextField(_("message"))
    details = models.JSONField(_("details"), default=list)  # [{"key": …, "label": …, "value": …}]
    remedy = models.TextField(_("what the customer asks for"), blank=True)
    remedy_key = models.SlugField(blank=True, editable=False)  # its policy may have another name by now
    tried = models.TextField(_("what was tried"), blank=True)
    flow_title = models.TextField(_("flow"), blank=True)
    trail = models.TextField(_("answers in the flow"), blank=True)
    article_title = models.TextField(_("article"), blank=True)
    search_words = models.TextField(_("searched for"), blank=True)
    name = models.TextField(_("name"), blank=True)
    email = models.CharField(_("e-mail"), max_length=254, db_index=True)
    mailbox = models.CharField(max_length=254, blank=True, db_index=True, editable=False)
    callback_number = models.CharField(_("number to call"), max_length=20, blank=True)
    callback_at = models.DateTimeField(_("call from"), null=True, blank=True, db_index=True)
    callback_until = models.DateTimeField(_("call until"), null=True, blank=True)
    callback_language = models.CharField(_("language of the call"), max_length=12, blank=True)
    promise = models.DateField(_("answer by"))
    created_at = models.DateTimeField(_("sent at"), default=timezone.now, db_index=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, db_index=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    digest = models.CharField(max_length=64, editable=False)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact request")
        verbose_name_plural = _("contact requests")
        ordering = ["-created_at"]
        permissions = [("answer_contactrequest", "Can mark contact requests as answered")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The receipt, in the customer's language, behind a link that cannot be guessed."""
        return self._url("contact_sent")

    @property
    def callback_url(self) -> str:
        """Where its call is moved or cancelled, behind the same kind of link."""
        return self._url("contact_callback_change")

    def url_of(self, page: str) -> str:
        """One of its pages in the reader's language, behind the same kind of link."""
        return reverse(page, args=[_signer().sign(self.pk.hex)])

    def _url(self, page: str) -> str:
        with translation.override(self.language):
            return self.url_of(page)

    @property
    def topic_title(self) -> str:
        """What it is about in the reader's language; as the customer read it, where that topic is gone."""
        return str(self.topic or self.topic_name)

    @property
    def files(self) -> list[Attachment]:
        """Those that were sent; of one that is not saved yet those of its draft, too, which has its id."""
        found = Attachment.objects.of(self.pk) if self._state.adding else self.attachments.all()
        return list(found)

    @property
    def last_sent_at(self) -> datetime:
        """When the last words came, those of later versions included."""
        return max((version.created_at for version in self.later_versions.all()), default=self.created_at)

    @property
    def digests(self) -> list[str]:
        """Of all that was sent, at first and later; the newest is the last."""
        return [self.digest, *self.later_versions.values_list("digest", flat=True)]


def _signer() -> signing.Signer:
    return signing.Signer(salt="contact.receipt", sep=".")


class LaterVersion(models.Model):
    """Different words sent again under the same request: kept beside it, never dropped in silence."""

    request = models.ForeignKey(
        ContactRequest, verbose_name=_("request"), on_delete=models.CASCADE, related_name="later_versions"
    )
    content = models.JSONField(_("what was sent"))  # [{"label": …, "value": …}]
    created_at = models.DateTimeField(_("sent at"), default=timezone.now)
    digest = models.CharField(max_length=64, editable=False)
    number = models.PositiveSmallIntegerField(editable=False)  # from 1

    class Meta:
        verbose_name = _("later version")
        verbose_name_plural = _("later versions")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="one_later_version_per_number")]

    def __str__(self) -> str:
        return f"{self.request}, {self.created_at:%Y-%m-%d %H:%M}"
