"""The channels as editors keep them: how a person is reached, when, and what never to send there."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from flows.clock import opening
from flows.waiting import Opening, read_hours

from . import channels, telephone
from .channels import Way
from .fields import check_address


def check_hours(text: str) -> None:
    try:
        read_hours(text)
    except ValueError:
        raise ValidationError(
            gettext("“%(text)s” are no opening hours. Write them like: mon-fri 09:00-18:00, sat 10:00-14:00"),
            params={"text": text},
        ) from None


def check_link(text: str) -> None:
    try:
        URLValidator(schemes=["https"])(text)
    except ValidationError:
        raise ValidationError(gettext("Write the whole link, beginning with https://.")) from None


def check_number(text: str) -> None:
    if telephone.read(text) is None:
        raise ValidationError(
            gettext("Write a telephone number, with its country in front where it is another: +34 912 345 678.")
        )


class ChannelQuerySet(models.QuerySet["Channel"]):
    def open(self) -> Self:
        """Those that customers are told of."""
        return self.filter(is_open=True)


class Channel(models.Model):
    """One way to reach a person."""

    class Kind(models.TextChoices):
        EMAIL = channels.Kind.EMAIL, _("E-mail")
        PHONE = channels.Kind.PHONE, pgettext_lazy("channel", "Phone")
        CALLBACK = channels.Kind.CALLBACK, _("Callback: we call the customer")
        CHAT = channels.Kind.CHAT, _("Chat, on a page of its own")
        SOCIAL = channels.Kind.SOCIAL, _("Social network")

    key = models.SlugField(_("key"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    label = I18nCharField(_("label"), help_text=_("What customers read: “Call us”, “Chat”."))
    address = models.CharField(
        _("address, number or link"),
        max_length=200,
        blank=True,
        help_text=_(
            "Phone: the number. Chat and social network: the link. E-mail: empty for the support address."
        ),
    )
    notes = I18nTextField(
        _("notes"),
        blank=True,
        help_text=_("What it costs, and what never to send there: “Everybody can read it: no order numbers.”"),
    )
    hours = models.CharField(
        _("opening hours"),
        max_length=200,
        blank=True,
        validators=[check_hours],
        help_text=_("Like: mon-fri 09:00-18:00, sat 10:00-14:00. Closed on holidays. Empty: always open."),
    )
    answer = I18nCharField(
        _("answer time in words"), blank=True, help_text=_("“You wait about 5 minutes.” Empty: nothing is said.")
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("opening hours until the answer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text=_("Then pages say by when. Empty: at once while open. E-mail: its topic says."),
    )
    calls_per_window = models.PositiveSmallIntegerField(
        _("calls per window"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_(
            "Callback: a window with so many calls is not offered any more. Empty: as many as are asked for."
        ),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    is_open = models.BooleanField(_("offered"), default=True, help_text=_("Off: customers are not told of it."))

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.label)

    def clean(self) -> None:
        """What customers would find out: a number nobody has, a link that leads nowhere, a call at no time."""
        if self.kind == Channel.Kind.CALLBACK and not self.hours:
            raise ValidationError({"hours": gettext("A callback needs opening hours: we offer times in them.")})
        if self.kind == Channel.Kind.CALLBACK and self.address:
            raise ValidationError({"address": gettext("A callback has no address: customers give their number.")})
        if self.kind != Channel.Kind.CALLBACK and self.calls_per_window is not None:
            raise ValidationError({"calls_per_window": gettext("Only a callback has windows for calls.")})
        if self.kind in NEEDED and not self.address:
            raise ValidationError({"address": NEEDED[Channel.Kind(self.kind)]})
        if self.address and (check := CHECKS.get(Channel.Kind(self.kind))):
            try:
                check(self.address)
            except ValidationError as error:
                raise ValidationError({"address": error}) from error

    @property
    def opening(self) -> Opening:
        """Its hours, with this site's holidays; hours that nobody can read are none."""
        try:
            return Opening(read_hours(self.hours), opening().holidays)
        except ValueError:
            return Opening()

    @property
    def way(self) -> Way:
        return Way(self.key, channels.Kind(self.kind), self.opening, self.answer_hours, self.position)


NEEDED = {
    Channel.Kind.PHONE: _("A phone needs its number."),
    Channel.Kind.CHAT: _("A chat needs the link to its page."),
    Channel.Kind.SOCIAL: _("A social network needs the link to your page there."),
}
CHECKS = {
    Channel.Kind.EMAIL: check_address,
    Channel.Kind.PHONE: check_number,
    Channel.Kind.CHAT: check_link,
    Channel.Kind.SOCIAL: check_link,
}
