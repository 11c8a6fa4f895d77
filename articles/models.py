"""The knowledge base: categories hold articles; an article has one translation per language."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField


def languages() -> list[tuple[str, str]]:
    """The site's languages, as choices; a function, so that another language is no migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class CategoryQuerySet(models.QuerySet["Category"]):
    def top_level(self) -> Self:
        return self.filter(parent=None)

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
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who keeps it true."),
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.key


class TranslationQuerySet(models.QuerySet["Translation"]):
    def published(self, at: datetime | None = None) -> Self:
        """Those that readers may see: the one door to visibility."""
        at = at or timezone.now()
        return self.filter(published_at__lte=at).exclude(withdrawn_at__lte=at)

    def in_language(self, language: str | None = None) -> Self:
        """Those in the language, else in the language of the request."""
        return self.filter(language=language or translation.get_language())

    def in_category(self, category: Category) -> Self:
        """Those of the category itself and of the ones below it."""
        return self.filter(Q(article__category=category) | Q(article__category__parent=category))

    def featured(self) -> Self:
        return self.filter(article__is_featured=True)

    def in_order(self) -> Self:
        return self.order_by("article__position", "article_id")


class Translation(models.Model):
    """An article's text in one language, the first one included."""

    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=12, choices=languages)
    title = models.CharField(
        _("title"),
        max_length=150,
        help_text=_("The question, in the customer's words. Best under 70 characters."),
    )
    slug = models.SlugField(
        _("slug"), max_length=150, help_text=_("Its address in this language. The old one goes on working.")
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("The short answer in one or two sentences. Shown in lists and in search results."),
    )
    body = models.TextField(
        _("text"),
        validators=[MaxLengthValidator(50_000)],  # as much as articles.markdown renders
        help_text=_("Markdown. Headings start at ##."),
    )
    keywords = models.TextField(
        _("keywords"),
        blank=True,
        help_text=_("Other ways people ask this, one per line. They help the search more than anything else."),
    )
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("Readers see it from this moment. Empty: not yet."),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, help_text=_("Readers no longer see it from this moment.")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = TranslationQuerySet.as_manager()

    READ = ("title", "summary", "body")  # what readers read of it

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        permissions = [("publish_translation", _("Can publish and withdraw translations"))]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_translation_per_language"),
            models.UniqueConstraint(fields=["language", "slug"], name="one_slug_per_language"),
            models.CheckConstraint(condition=~Q(slug=""), name="no_empty_slug"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__lt=F("withdrawn_at")),
                name="withdrawn_after_published",
                violation_error_message=_("“Withdrawn at” must be later than “published at”."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Saved; a changed slug leaves the old address leading here, a changed text the moment of change."""
        before = Translation.objects.filter(pk=self.pk).first() if self.pk else None
        if before and any(getattr(before, name) != getattr(self, name) for name in self.READ):
            self.changed_at = timezone.now()
        super().save(**kwargs)
        # Only what readers see takes an old address over; a draft of the same name must not break it.
        if self.is_published:
            OldSlug.objects.filter(language=self.language, slug=self.slug).delete()
        if before and before.slug != self.slug:
            given = {"translation": self}
            OldSlug.objects.update_or_create(given, language=self.language, slug=before.slug)

    def get_absolute_url(self) -> str:
        return self.address_in(self.language)

    def address_in(self, language: str) -> str:
        """This slug under the language's path; in another language it redirects, or says what is missing."""
        with translation.override(language):
            return reverse("article", args=[self.slug])

    @property
    def is_published(self) -> bool:
        now = timezone.now()
        return bool(
            self.published_at and self.published_at <= now and not (self.withdrawn_at and self.withdrawn_at <= now)
        )

    @property
    def is_locked(self) -> bool:
        """Whether readers see it, or will at a moment: who may not publish may not change it, either."""
        return self.published_at is not None and not (self.withdrawn_at and self.withdrawn_at <= timezone.now())

    @property
    def state(self) -> str:
        """In a few words, what readers see of it."""
        if self.is_published:
            return gettext("readers see it")
        moment = self.published_at if self.published_at and self.published_at > timezone.now() else None
        if moment:
            return gettext("from %(moment)s") % {
                "moment": date_format(timezone.localtime(moment), "DATETIME_FORMAT")
            }
        return gettext("withdrawn") if self.published_at else gettext("draft")

    @property
    def keyword_list(self) -> list[str]:
        return [line.strip() for line in self.keywords.splitlines() if line.strip()]

    @cached_property
    def siblings(self) -> list[Translation]:
        """The article's other translations that readers may see."""
        return list(
            Translation.objects.published()
            .filter(article=self.article_id)
            .exclude(pk=self.pk)
            .order_by("language")
        )


class OldSlug(models.Model):
    """A slug that a translation had: its address goes on leading there."""

    language = models.CharField(_("language"), max_length=12, choices=languages)
    slug = models.SlugField(_("old slug"), max_length=150)
    translation = models.ForeignKey(
        Translation, verbose_name=_("translation"), on_delete=models.CASCADE, related_name="old_slugs"
    )

    class Meta:
        verbose_name = _("old slug")
        verbose_name_plural = _("old slugs")
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="one_old_slug_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.slug}"


class PolicyFact(models.Model):
    """A value used in many texts, as {{ key }}: the return window is 30 days."""

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", _("Lower-case letters, digits and underscores only."))],
        help_text=_("Texts use it as {{ key }}."),
    )
    number = models.DecimalField(
        _("number"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The same in every language. Leave empty for a phrase."),
    )
    phrase = I18nCharField(
        _("phrase"), blank=True, help_text=_("Words, in each language. Leave empty for a number.")
    )

    class Meta:
        verbose_name = _("policy fact")
        verbose_name_plural = _("policy facts")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if (self.number is None) == (not self.phrase):
            raise ValidationError(_("Give either a number or a phrase."))


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


class Image(models.Model):
    """A picture for texts, stored under the SHA-256 of its bytes: ![what it shows](image:name)."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Texts use it: image:name."))
    sha256 = models.CharField(max_length=64, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("image", args=[self.file_name])

    @property
    def file_name(self) -> str:
        return f"{self.sha256}.{self.extension}"

    @property
    def path(self) -> str:
        """Where the storage keeps it."""
        return f"images/{self.file_name}"

    @property
    def content_type(self) -> str:
        return "image/svg+xml" if self.extension == "svg" else f"image/{self.extension.replace('jpg', 'jpeg')}"
