"""What a request can be about: topics, the details that support needs, and the remedies that exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from articles.models import Article, Category, Image

from .stepuse import note

LONG_ANSWER_DAYS = 15  # above, an editor is warned: customers of a shop hardly wait three weeks
MOST_ANSWER_DAYS = 60


class DetailQuerySet(models.QuerySet["Detail"]):
    def needed_for(self, topics: Iterable[str | None]) -> Self:
        """What a request about one of the topics (by key) needs."""
        return self.filter(topic_details__is_required=True, topic_details__topic__key__in=set(topics)).distinct()


class Detail(models.Model):
    """One thing to have ready: order number, serial number, charge date."""

    class Kind(models.TextChoices):
        TEXT = "text", _("One line")
        DATE = "date", _("Date")
        MULTILINE = "multiline", _("Several lines")
        AMOUNT = "amount", _("Amount of money")
        EMAIL = "email", _("E-mail address")
        CHOICE = "choice", _("One of its choices")
        PHOTOS = "photos", _("Photos or other files")

    key = models.SlugField(_("key"), unique=True)
    label = I18nCharField(_("label"))
    hint = I18nCharField(_("hint"), blank=True, help_text=_("Where to find it, and what it looks like."))
    picture = models.ForeignKey(
        Image,
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shows where to find it; the hint must say the same."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    forms = models.CharField(
        _("forms"),
        max_length=200,
        blank=True,
        help_text=_(
            "Of one line: what it looks like, as 999-9999999. 9 is a digit, A a letter, X either; commas between. "
            "Who explains in words why they have none is let through."
        ),
    )
    sentence = I18nCharField(
        _("sentence for another form"),
        blank=True,
        help_text=_("“An order number has ten digits, like 123-4567890.” Empty: an example is made of the form."),
    )

    objects = DetailQuerySet.as_manager()

    class Meta:
        verbose_name = _("detail")
        verbose_name_plural = _("details")
        ordering = ["key"]

    def __str__(self) -> str:
        return str(self.label)


class DetailChoice(models.Model):
    """One answer to a detail that is a choice: the payment method, by kind only."""

    detail = models.ForeignKey(Detail, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(_("key"))
    label = I18nCharField(_("label"))
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["detail", "key"], name="one_choice_per_key")]

    def __str__(self) -> str:
        return str(self.label)


class Remedy(models.Model):
    """What the customer asks for: a refund, a replacement, an explanation."""

    key = models.SlugField(_("key"), unique=True)
    label = I18nCharField(_("label"), help_text=_("As the customer would ask for it: “Refund the order”."))
    article = models.ForeignKey(
        Article,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The article that says when it is given; linked beside it."),
    )
    wording = I18nCharField(
        _("asked for in words"),
        blank=True,
        help_text=_("A whole sentence, polite and specific: “Please send me a replacement.” Empty: its label is."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("remedy")
        verbose_name_plural = _("remedies")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.label)


class Topic(models.Model):
    """What a contact request is about; says which details support needs."""

    key = models.SlugField(_("key"), unique=True)
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="topics"
    )
    name = I18nCharField(_("name"), help_text=_("The problem in the customer's words."))
    answer_days = models.PositiveSmallIntegerField(
        _("working days until the answer"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ANSWER_DAYS)],
        help_text=_("What customers are promised, in working days of your country and region; best at most 15."),
    )
    wording = I18nTextField(
        _("worded request"),
        blank=True,
        help_text=_(
            "Sentences with an empty line between them; {order-number} stands for the detail of that key. Lines "
            "right below each other are alternatives: the first one whose details are all known is taken."
        ),
    )
    details = models.ManyToManyField(Detail, verbose_name=_("details"), through="TopicDetail")
    remedies = models.ManyToManyField(
        Remedy, verbose_name=_("remedies"), blank=True, related_name="topics", through="TopicRemedy"
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, **kwargs: Any) -> None:
        is_new = self._state.adding
        super().save(**kwargs)
        note(self, is_new=is_new)

    @property
    def offered(self) -> models.QuerySet[Remedy]:
        """What the customer may ask for, in the order of this topic."""
        return Remedy.objects.filter(topic_remedies__topic=self).order_by(
            "topic_remedies__position", "topic_remedies"
        )


class TopicRemedy(models.Model):
    """A remedy that the customers of a topic may ask for, in the order in which they read it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="topic_remedies")
    remedy = models.ForeignKey(
        Remedy, verbose_name=_("remedy"), on_delete=models.CASCADE, related_name="topic_remedies"
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("remedy of the topic")
        verbose_name_plural = _("remedies of the topic")
        ordering = ["position", "pk"]
        db_table = "flows_topic_remedies"  # which had no order at first
        unique_together = [("topic", "remedy")]

    def __str__(self) -> str:
        return str(self.remedy)


class TopicDetail(models.Model):
    """A detail that a topic needs, in the order in which the form asks for it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="topic_details")
    detail = models.ForeignKey(
        Detail, verbose_name=_("detail"), on_delete=models.PROTECT, related_name="topic_details"
    )
    is_required = models.BooleanField(_("required"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("detail of the topic")
        verbose_name_plural = _("details of the topic")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "detail"], name="one_detail_per_topic")]

    def __str__(self) -> str:
        return str(self.detail)
