"""Addresses of other sites that texts link to, what was found there, and which texts hold them."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .fetching import REFUSED, Answer, Reason

WEEK, DAY = timedelta(days=7), timedelta(days=1)
# Who answers so does not say that the page is gone, only that we are not let in.
NOT_FOR_US = {401, 402, 403, 405, 407, 429, 451, 999}


class ExternalLinkQuerySet(models.QuerySet["ExternalLink"]):
    def broken(self) -> Self:
        """Those that failed on two days, or that no reader can be meant to reach."""
        return self.filter(broken_since__isnull=False)

    def due(self) -> Self:
        return self.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")

    def at(self, addresses: set[str]) -> Self:
        return self.filter(digest__in={digest(address) for address in addresses})


class ExternalLink(models.Model):
    """An address of another site; asked for by the worker alone."""

    address = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255, blank=True, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    broken_since = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    asked_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when a worker took it last

    objects = ExternalLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return self.address

    def note(self, answer: Answer) -> None:
        """What was found is kept: broken after two failures on different days, asked again in a day or a week."""
        now = timezone.now()
        self.status, self.reason, self.checked_at = answer.status, answer.reason or "", now
        if is_good(answer):
            self.failing_since = self.broken_since = None
        else:
            self.failing_since = self.failing_since or now
            is_sure = answer.reason in REFUSED or _day(now) > _day(self.failing_since)
            self.broken_since = self.broken_since or (self.failing_since if is_sure else None)
        self.next_at = now + (DAY if self.failing_since else WEEK)
        self.save()

    @property
    def said(self) -> str:
        """What was found and when, to come after the address."""
        if self.checked_at is None:
            return _("has not been asked yet")
        given = {
            "status": self.status,
            "date": date_format(timezone.localtime(self.checked_at), "MONTH_DAY_FORMAT"),
        }
        if self.status is not None:
            return _("answered %(status)s on %(date)s") % given
        return _sentences()[Reason(self.reason)] % given


class LinkUse(models.Model):
    """A text holds an external link: in what readers see, or in what was written last."""

    link = models.ForeignKey(ExternalLink, on_delete=models.CASCADE, related_name="uses")
    translation = models.ForeignKey("articles.Translation", on_delete=models.CASCADE, related_name="link_uses")

    is_derived = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "translation"], name="one_use_per_text")]

    def __str__(self) -> str:
        return f"{self.translation_id}: {self.link_id}"


class LinksRead(models.Model):
    """Up to which revisions a text's links are in the table."""

    translation = models.OneToOneField(
        "articles.Translation", primary_key=True, on_delete=models.CASCADE, related_name="links_read"
    )
    newest = models.BigIntegerField()  # 0: it has no revision
    applied = models.BigIntegerField()

    is_derived = True

    def __str__(self) -> str:
        return str(self.translation_id)


def digest(address: str) -> str:
    return hashlib.sha256(page(address).encode()).hexdigest()


def page(address: str) -> str:
    """The address without the place on its page, which is not asked for."""
    return address.partition("#")[0]


def is_good(answer: Answer) -> bool:
    """Whether nothing is known against it: of a port that we do not ask nothing is."""
    if answer.status is None:
        return answer.reason == Reason.PORT
    return answer.status < 400 or answer.status in NOT_FOR_US


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _sentences() -> dict[Reason, str]:
    return {
        Reason.PRIVATE: _("is an address inside a network, which no reader can reach (%(date)s)"),
        Reason.NOT_WEB: _("leads to something that is no web page (%(date)s)"),
        Reason.PORT: _("names a port that is not looked at, only 80 and 443 are (%(date)s)"),
        Reason.MALFORMED: _("is no address that can be asked for (%(date)s)"),
        Reason.NO_HOST: _("had no machine of that name on %(date)s"),
        Reason.TIMEOUT: _("did not answer in time on %(date)s"),
        Reason.CERTIFICATE: _("had no valid certificate on %(date)s"),
        Reason.REDIRECTS: _("went round in redirects on %(date)s"),
        Reason.NO_ANSWER: _("did not answer on %(date)s"),
    }
