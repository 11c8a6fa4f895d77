"""The knowledge base: categories hold articles; an article has one translation per language."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from .brand import Brand as Brand
from .checkday import next_check
from .external import ExternalLink as ExternalLink
from .external import LinksRead as LinksRead
from .external import LinkUse as LinkUse
from .folded import FoldedText as FoldedText
from .image import Image as Image
from .languages import default_language as default_language
from .languages import languages as languages
from .policyfact import FactValue as FactValue
from .policyfact import PolicyFact as PolicyFact
from .revision import Revision as Revision
from .sharing import PreviewLink as PreviewLink
from .task import Task as Task
from .textuse import TextUse as TextUse
from .trail import Deed as Deed
from .trail import Notification as Notification
from .translation import OldSlug as OldSlug
from .translation import Translation as Translation
from .unsaved import Presence as Presence
from .unsaved import Unsaved as Unsaved
from .vote import RecentVote as RecentVote
from .vote import Vote as Vote


class CategoryQuerySet(models.QuerySet["Category"]):
    def top_level(self) -> Self:
        return self.filter(parent=None)

    def named(self, slug: str) -> Self:
        """The one with this slug, or that had it once."""
        return self.filter(
            Q(slug=slug) | Exists(OldCategorySlug.objects.filter(category=OuterRef("pk"), slug=slug))
        )

    def with_article_count(self, language: str | None = None) -> list[Category]:
        """The categories with `article_count`: what readers find in each and below it, in the language."""
        published = Translation.objects.published().in_language(language).order_by()
        # Counted once for all and summed here: asked category by category, the home page grows with the articles.
        counts = published.values_list("article__category", "article__category__parent").annotate(Count("pk"))
        total: Counter[int] = Counter()
        for category, parent, count in counts:
            total.update({place: count for place in (category, parent) if place})
        categories: list[Category] = list(self)
        for category in categories:
            category.article_count = total[category.pk]
        return categories


class Category(models.Model):
    """A kind of problem in the customer's words; holds articles and flows."""

    article_count: int  # set by with_article_count()

    class Icon(models.TextChoices):
        PARCEL = "parcel", _("Parcel")
        RETURN = "return", _("Return")
        CARD = "card", _("Card")
        DEVICE = "device", _("Device")
        PLAY = "play", _("Play")
        MESSAGE = "message", _("Message")

    name = I18nCharField(_("name"), help_text=_("The kind of problem, in the customer's words."))
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Its address, the same in every language."))
    description = I18nTextField(_("description"), blank=True, help_text=_("One line, shown under the name."))
    icon = models.CharField(_("icon"), max_length=20, choices=Icon, default=Icon.MESSAGE)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        limit_choices_to={"parent": None},
        help_text=_("Leave empty for a category of the home page."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Lower comes first."))

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Saved; a changed slug leaves the old address leading here, as long as nobody else has it."""
        before = Category.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(**kwargs)
        OldCategorySlug.objects.filter(slug=self.slug).delete()
        if before and before.slug != self.slug:
            OldCategorySlug.objects.update_or_create({"category": self}, slug=before.slug)

    def get_absolute_url(self) -> str:
        return reverse("category", args=[self.slug])

    def clean(self) -> None:
        if self.parent and (self.parent_id == self.pk or self.parent.parent_id):
            raise ValidationError({"parent": _("Choose a category of the home page: there are two levels.")})
        if self.parent and self.pk and self.children.exists():
            raise ValidationError({"parent": _("Other categories stand below this one: leave it empty.")})

    def line(self) -> list[Category]:
        """The category and the one above it, the upper one first."""
        return [self.parent, self] if self.parent else [self]

    @property
    def path(self) -> str:
        """Its name after that of the one above it."""
        return " › ".join(str(one) for one in self.line())


class OldCategorySlug(models.Model):
    """A slug that a category had: its address goes on leading there."""

    slug = models.SlugField(_("old slug"), unique=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug


class Article(models.Model):
    """One question and its answer, whatever the language: what flows, topics and links point at."""

    key = models.SlugField(
        _("key"), unique=True, help_text=_("Links in texts use it: [text](article:key). It never shows.")
    )
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="articles"
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Lower comes first."))
    is_featured = models.BooleanField(
        _("on the home page"), default=False, help_text=_("Listed among the answers of the home page.")
    )
    source_language = models.CharField(
        _("written in"),
        max_length=12,
        choices=languages,
        default=default_language,
        help_text=_("The language that the others are translated from."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who keeps it true."),
    )
    check_by = models.DateField(
        _("check by"),
        null=True,
        blank=True,
        default=next_check,
        help_text=_("By then its owner looks whether it is still correct, and is told so by mail. Empty: never."),
    )
    told_due_for = models.DateField(null=True, blank=True, editable=False)  # the day of which the owner knows

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["check_by"], name="article_due"),
            models.Index(fields=["position", "id"], name="article_order"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def work_url(self) -> str:
        """The page at the desk where it is filed and written."""
        return reverse("admin:articles_article_change", args=[self.pk])

    @property
    def source(self) -> Translation | None:
        """The translation that the others are made from, if it is written."""
        return self.translations.filter(language=self.source_language).first()


class ServiceNoticeQuerySet(models.QuerySet["ServiceNotice"]):
    def current(self) -> Self:
        now = timezone.now()
        return self.filter(starts_at__lte=now).filter(Q(ends_at=None) | Q(ends_at__gt=now))


class ServiceNotice(models.Model):
    """“Deliveries in the north are late”, from–until, on the home page or a category."""

    message = I18nTextField(_("message"), help_text=_("What happens, and until when it probably does."))
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
        help_text=_("Shown there, on its articles and flows. Empty: on the home page, unless flows name it."),
    )
    is_pausing = models.BooleanField(
        _("pauses guides"),
        default=False,
        help_text=_("The flows of its category, and those that name it, cannot be walked meanwhile; contact can."),
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ServiceNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("service notice")
        verbose_name_plural = _("service notices")
        ordering = ["starts_at"]

    def __str__(self) -> str:
        return str(self.message)

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("Choose a moment after “from”, else nobody ever sees it.")})
