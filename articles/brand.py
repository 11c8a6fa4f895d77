"""The brand: name, logo, accent, how one is reached, links of the footer, and the languages on offer."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from . import colours

ONLY = 1  # the primary key of the one row


class Brand(models.Model):
    """How the site calls itself and looks; what is empty is as the settings and static/brand say."""

    name = models.CharField(
        _("name"),
        max_length=60,
        blank=True,
        help_text=_("Of the company, as customers know it. It stands in mails, too."),
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(colours.HEX, _("Write six digits after #, as #0a5a4a."))],
        help_text=_(
            "Of buttons and links, as #0a5a4a. Where it would be hard to read it is made darker or lighter."
        ),
    )
    logo = models.CharField(max_length=80, blank=True, editable=False)  # its file, of one pixel for each of CSS
    logo_large = models.CharField(max_length=80, blank=True, editable=False)  # of two
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    support_email = models.EmailField(
        _("address for customers"),
        blank=True,
        help_text=_(
            "Shown where somebody may write to a person. Requests go on going to the address of the settings."
        ),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True, help_text=_("As people read it, with +."))
    postal_address = models.TextField(_("postal address"), max_length=400, blank=True)
    footer_links = models.JSONField(default=list, blank=True)  # [{"label": {language: words}, "address": …}, …]
    languages_off = models.JSONField(default=list, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brand")

    def __str__(self) -> str:
        return self.shown_name

    def save(self, **kwargs: Any) -> None:
        """There is one row; every process shows it within seconds, this one at once."""
        self.pk = ONLY
        self.changed_at = timezone.now()
        super().save(**kwargs)
        forget()
        # Meanwhile another thread may have read what was there before.
        transaction.on_commit(forget)

    @property
    def work_url(self) -> str:
        return reverse("admin:articles_brand_changelist")

    @property
    def shown_name(self) -> str:
        return self.name or str(settings.HELPCENTER_NAME)

    @property
    def shown_email(self) -> str:
        return self.support_email or str(settings.SUPPORT_EMAIL)

    @cached_property
    def stylesheet_url(self) -> str:
        """Its name says all that is in it, so it may be kept for ever."""
        if not self.accent:
            return ""
        return reverse("brand_stylesheet", args=[self.accent[1:], colours.digest(colours.stylesheet(self.accent))])

    @property
    def logo_url(self) -> str:
        return reverse("brand_logo", args=[self.logo]) if self.logo else ""

    @property
    def logo_large_url(self) -> str:
        return reverse("brand_logo", args=[self.logo_large]) if self.logo_large else ""

    @property
    def phone_url(self) -> str:
        return "tel:" + "".join(sign for sign in self.phone if sign.isdecimal() or sign == "+")

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words in the reader's language, else in another one, and address."""
        return [(str(LazyI18nString(link["label"])), link["address"]) for link in self.footer_links]

    @property
    def languages(self) -> list[str]:
        """Those on offer; all, where none would be left."""
        known = [code for code, _name in settings.LANGUAGES]
        return [code for code in known if code not in self.languages_off] or known


class _Known:
    """The brand as this process saw it last, for all its threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.brand: Brand | None = None
        self.until = 0.0


_known = _Known()


def current() -> Brand:
    """The brand, at most seconds old.  Where the database cannot say, the last one that was seen: error pages too
    have a name, and do not wait for the database again and again."""
    if _known.brand is not None and time.monotonic() < _known.until:
        return _known.brand
    try:
        found = Brand.objects.filter(pk=ONLY).first() or Brand()
    except DatabaseError:
        found = _known.brand or Brand()
    return remember(found)


def remember(found: Brand) -> Brand:
    with _known.lock:
        _known.brand, _known.until = found, time.monotonic() + settings.BRAND_KEPT
    return found


def forget() -> None:
    """It is asked for again; until the database answers, what was seen last stands."""
    with _known.lock:
        _known.until = 0.0


def name() -> str:
    return current().shown_name


def support_email() -> str:
    """Where customers are told to write."""
    return current().shown_email
