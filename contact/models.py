"""Hand-off to a person: the draft request, the contact request it becomes, and what must leave by mail."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category, languages
from flows.models import Remedy, Topic

from . import reference
from .attachment import Attachment as Attachment
from .channel import Channel as Channel
from .delivery import Delivery as Delivery
from .delivery import DeliveryQuerySet as DeliveryQuerySet
from .delivery import new_give_up_at as new_give_up_at
from .numbers import GivenNumber as GivenNumber
from .solved import SolvedCount as SolvedCount
from .turns import take_turn

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

    def _url(self, page: str) -> str:
        with translation.override(self.language):
            return reverse(page, args=[_signer().sign(self.pk.hex)])

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

    def has(self, digest: str) -> bool:
        """Whether exactly this was sent already, at first or later."""
        return digest == self.digest or self.later_versions.filter(digest=digest).exists()


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

    class Meta:
        verbose_name = _("later version")
        verbose_name_plural = _("later versions")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["request", "digest"], name="one_later_version_per_digest")]

    def __str__(self) -> str:
        return f"{self.request}, {self.created_at:%Y-%m-%d %H:%M}"


class AllowanceQuerySet(models.QuerySet["Allowance"]):
    def take(self, key: str, limit: int, window: timedelta, now: datetime) -> datetime | None:
        """One more counts for as long as the window, and the answer is None; else the moment there is room again.

        Of many at once never more than the limit get None.  For the transaction that does what is counted.
        """
        take_turn(key)
        counting = self.filter(key=key, ends_at__gt=now).order_by("ends_at")
        over = counting.count() - limit
        if over >= 0:
            return counting.values_list("ends_at", flat=True)[over]
        self.create(key=key, ends_at=now + window)
        return None


class Allowance(models.Model):
    """One request that still counts against a limit, of an e-mail address or a network; names neither.

    A row for each, since a count for each hour or day lets twice the limit through around its end.
    """

    key = models.CharField(max_length=64)  # a keyed hash
    ends_at = models.DateTimeField(db_index=True)

    objects = AllowanceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "ends_at"], name="allowance_counting")]

    def __str__(self) -> str:
        return self.key


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def note(self, day: date, reason: Refusal.Reason) -> None:
        """One more is counted."""
        row = self.filter(day=day, reason=reason)
        if not row.update(count=F("count") + 1):
            self.bulk_create([self.model(day=day, reason=reason)], ignore_conflicts=True)
            row.update(count=F("count") + 1)


class Refusal(models.Model):
    """How often requests were refused on one day, for one reason."""

    class Reason(models.TextChoices):
        TRAP = "trap", _("the hidden field was filled in")
        TOO_FAST = "too-fast", _("faster than a person")
        EMAIL = "email", _("too many from one e-mail address")
        NETWORK = "network", _("too many from one network")
        WORK = "work", _("without a proof of work, or with a used one")
        AGAIN = "again", _("one request too often with changes")

    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    count = models.PositiveIntegerField(_("how often"), default=0)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused request")
        verbose_name_plural = _("refused requests")
        ordering = ["-day", "reason"]
        constraints = [models.UniqueConstraint(fields=["day", "reason"], name="one_refusal_per_day_and_reason")]

    def __str__(self) -> str:
        return f"{self.day}: {self.get_reason_display()}"
