"""An article's text in one language: what readers see of it, and how revisions become that; its old slugs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import folded, trail
from .languages import languages, offered
from .revision import TEXT, Revision
from .sharing import PreviewLink
from .stages import NotAllowed
from .textuse import note

if TYPE_CHECKING:
    from .models import Category


class TranslationQuerySet(models.QuerySet["Translation"]):
    def published(self, at: datetime | None = None) -> Self:
        """Those that readers may see: the one door to visibility."""
        found, codes = self.timely(at), offered()
        return found if len(codes) == len(settings.LANGUAGES) else found.filter(language__in=codes)

    def timely(self, at: datetime | None = None) -> Self:
        """Those whose moments are right; their language may be off."""
        at = at or timezone.now()
        return self.filter(published_at__lte=at).exclude(withdrawn_at__lte=at)

    def in_language(self, language: str | None = None) -> Self:
        """Those in the language, else in the language of the request."""
        return self.filter(language=language or translation.get_language())

    def in_category(self, category: Category) -> Self:
        """Those of the category itself and of the ones below it."""
        return self.filter(Q(article__category=category) | Q(article__category__parent=category))

    def with_newest_number(self) -> Self:
        """With `newest_number`, that of the revision that was written last and not discarded."""
        return self.annotate(newest_number=Max("revisions__number", filter=Q(revisions__discarded_at=None)))

    def featured(self) -> Self:
        return self.filter(article__is_featured=True)

    def in_order(self) -> Self:
        return self.order_by("article__position", "article_id")


class Translation(models.Model):
    """An article's text in one language, the first one included."""

    article = models.ForeignKey(
        "articles.Article", verbose_name=_("article"), on_delete=models.CASCADE, related_name="translations"
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
    # The revision whose words these are.
    applied = models.OneToOneField(
        Revision, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    # Since when the source says something of importance that this does not say yet.
    stale_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TranslationQuerySet.as_manager()

    READ = ("title", "summary", "body")  # what readers read of it

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        permissions = [
            ("publish_translation", _("Can publish and withdraw translations")),
            ("review_translation", _("Can approve revisions of translations")),
        ]
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
        # Few of many: what the desk asks for on its first page and in its calendar.
        indexes = [
            models.Index(fields=["published_at"], name="translation_published"),
            models.Index(
                fields=["withdrawn_at"], name="translation_withdrawn", condition=Q(withdrawn_at__isnull=False)
            ),
            models.Index(fields=["stale_since"], name="translation_stale", condition=Q(stale_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, *, revision: Revision | None = None, by: Any = None, **kwargs: Any) -> None:
        """Saved; what it says is a revision: the given one, else a new one by this author.

        A changed slug leaves the old address leading here, a changed text the moment of change.
        """
        before = Translation.objects.filter(pk=self.pk).first() if self.pk else None
        if before and any(getattr(before, name) != getattr(self, name) for name in self.READ):
            self.changed_at = timezone.now()
        super().save(**kwargs)
        if revision or before is None or any(getattr(before, name) != getattr(self, name) for name in TEXT):
            self._apply(revision or self.add_revision(by=by, **self.texts))
        self._keep_old_address(before.slug if before else self.slug)
        note(self, is_new=before is None)

    def get_absolute_url(self) -> str:
        return self.address_in(self.language)

    def _keep_old_address(self, before: str) -> None:
        """Only what readers see takes an old address over; a draft that has or had the name must not break it."""
        if self.is_published:
            OldSlug.objects.filter(language=self.language, slug=self.slug).delete()
        if before != self.slug:
            put = OldSlug.objects.update_or_create if self.is_published else OldSlug.objects.get_or_create
            put({"translation": self}, language=self.language, slug=before)

    def add_revision(self, *, by: Any = None, **fields: Any) -> Revision:
        """One more revision, in the trail; what readers see stays as it is."""
        newest = self.newest
        fields.setdefault("made_from", newest.made_from if newest else self._newest_source())
        number = (self.revisions.aggregate(last=Max("number"))["last"] or 0) + 1  # discarded ones keep theirs
        revision = Revision.objects.create(translation=self, number=number, author=by, **fields)
        what = trail.What.CHANGED if newest else trail.What.CREATED
        trail.record(self, what, by, number=number, words=revision.note)
        folded.remember(self, revision)
        return revision

    def _apply(self, revision: Revision) -> None:
        revision.mark(applied_at=timezone.now(), apply_at=None)
        self.applied = revision
        Translation.objects.filter(pk=self.pk).update(applied=revision)
        folded.remember(self, self.waiting)

    def _newest_source(self) -> Revision | None:
        source = self.article.source
        return source.applied if source and source.pk != self.pk else None

    @property
    def texts(self) -> dict[str, str]:
        """What a revision holds of it."""
        return {name: getattr(self, name) for name in TEXT}

    @property
    def newest(self) -> Revision | None:
        """The revision that was written last and not discarded, whether readers see it or not."""
        return self.revisions.filter(discarded_at=None).select_related("author", "made_from").first()

    @property
    def waiting(self) -> Revision | None:
        """The newest revision, where readers do not see it yet."""
        newest = self.newest
        return newest if newest and newest.pk != self.applied_id else None

    PERMISSIONS = {"review": "articles.review_translation", "publish": "articles.publish_translation"}

    def write(self, texts: dict[str, str], *, by: Any, **fields: Any) -> Revision:
        """A revision with these words: what the text says from now on, but where readers see it, or soon will.

        NotAllowed where it would have the address of another text from now on.
        """
        if not self.is_locked:
            self._refuse_taken(texts["slug"])
        revision = self.add_revision(by=by, **texts, **fields)
        if self.is_locked:
            note(self)
        else:
            self._take(revision)
        return revision

    def _refuse_taken(self, slug: str) -> None:
        others = Translation.objects.filter(language=self.language, slug=slug).exclude(pk=self.pk)
        if other := others.first():
            raise NotAllowed(gettext("Its slug is the address of “%(title)s” already.") % {"title": other.title})

    def _take(self, revision: Revision) -> None:
        for name, value in revision.texts.items():
            setattr(self, name, value)
        self.save(revision=revision)

    @transaction.atomic
    def show(self, revision: Revision, at: datetime) -> None:
        """Readers see this revision from then on; NotAllowed where another text has its address."""
        self._refuse_taken(revision.slug)
        if not self.is_published:
            self.published_at = at
            if self.withdrawn_at and self.withdrawn_at <= at:  # one that is planned for later stays
                self.withdrawn_at = None
        self._take(revision)
        # What was planned before is older than what readers see now.
        self.revisions.unapplied().filter(number__lt=revision.number).update(apply_at=None, scheduled_by=None)
        note(self)

    def mark_stale(self, since: datetime | None) -> None:
        """Since then the source says something of importance that this does not say; None: it says it all."""
        if since != self.stale_since:
            self.stale_since = since
            Translation.objects.filter(pk=self.pk).update(stale_since=since)

    def withdraw(self, at: datetime | None = None) -> bool:
        """Readers no longer see it, from now on or from that moment on; false where they do not see it anyway."""
        if not self.is_locked:
            return False
        if self.is_published or (at and self.published_at and at > self.published_at):
            self.withdrawn_at = at or timezone.now()
        else:
            self.published_at = self.withdrawn_at = None
        self.save()
        return True

    def planned(self) -> models.QuerySet[Revision]:
        """The revisions that readers were to see from a moment on."""
        return self.revisions.scheduled()

    def keep(self) -> bool:
        """Readers go on seeing it; false where no withdrawal was planned."""
        if not (self.is_locked and self.withdrawn_at):
            return False
        self.withdrawn_at = None
        self.save()
        return True

    @property
    def is_source(self) -> bool:
        return self.language == self.article.source_language

    def may_be_written_by(self, user: Any) -> bool:
        """Authors and editors write every language, translators their own."""
        return user.has_perm("articles.change_translation") or user.has_perm(f"articles.translate_{self.language}")

    @staticmethod
    def may_be_reviewed_by(user: Any) -> bool:
        return bool(user.has_perm("articles.review_translation"))

    @staticmethod
    def may_be_published_by(user: Any) -> bool:
        return bool(user.has_perm("articles.publish_translation"))

    @property
    def work_url(self) -> str:
        """The page at the desk where it is reviewed, compared and published."""
        return reverse("admin:articles_text", args=[self.pk])

    @property
    def contact_url(self) -> str:
        """Where somebody whom it did not help tells so to a person."""
        return f"{reverse('contact')}?article={self.article.key}"

    def preview_url(self, link: PreviewLink) -> str:
        with translation.override(self.language):
            return reverse("preview_article", args=[link.signed])

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
            return (
                gettext("readers see it")
                if self.language in offered()
                else gettext("its language is switched off")
            )
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

    def clean(self) -> None:
        """It leads to a text and not to an old slug: no chains; and is no text's own address: no loops."""
        target = self.translation if self.translation_id else None
        if target and target.language != self.language:
            raise ValidationError({"translation": _("Choose a text of the same language.")})
        taken = Translation.objects.filter(language=self.language, slug=self.slug).first()
        if taken and taken.pk == self.translation_id:
            raise ValidationError({"slug": _("This is the text's own address: it would lead to itself.")})
        if taken:
            raise ValidationError({"slug": _("This is the address of another text.")})
