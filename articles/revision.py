"""What somebody wrote, and how far it has come: what revisions of texts and versions of flows share."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import folded, staleness
from .stages import Significance, Stage
from .textuse import note
from .trail import Deed

TEXT = ("title", "slug", "summary", "body", "keywords")  # what a revision holds of a translation


class Reviewable(models.Model):
    """Something written that readers do not see until it has been published, and perhaps approved before.

    Moments, not a status: the last one that is set says how far it has come.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    returned_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    apply_at = models.DateTimeField(null=True, blank=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    MOMENTS = ("submitted_at", "returned_at", "approved_at", "apply_at")
    UNREVIEWED: dict[str, Any] = dict.fromkeys((*MOMENTS, "reviewer", "approved_by", "scheduled_by"))

    class Meta:
        abstract = True

    @property
    def stage_of_review(self) -> Stage:
        """How far it has come while readers do not see it."""
        if self.apply_at:
            return Stage.SCHEDULED
        if self.approved_at:
            return Stage.APPROVED
        if self.returned_at:
            return Stage.RETURNED
        return Stage.REVIEW if self.submitted_at else Stage.WRITING

    def mark(self, **moments: Any) -> None:
        """Only these are written; what was written by its author stays as it is."""
        for name, value in moments.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**moments)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def unapplied(self) -> Self:
        """Those that readers do not see and that nobody has discarded."""
        return self.filter(applied_at=None, discarded_at=None)

    def scheduled(self) -> Self:
        """Those that readers see from a moment on."""
        return self.unapplied().filter(apply_at__isnull=False)

    def delete(self) -> Any:
        raise TypeError("Revisions are append-only: they go with their translation alone.")


class Revision(Reviewable):
    """What somebody wrote for a translation at one moment.  Append-only."""

    translation = models.ForeignKey(
        "articles.Translation", verbose_name=_("translation"), on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("slug"), max_length=150)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    keywords = models.TextField(_("keywords"), blank=True)
    significance = models.CharField(
        _("what has changed"), max_length=10, choices=Significance, default=Significance.MINOR
    )
    made_from = models.ForeignKey(
        "self", verbose_name=_("made from"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)  # since when the translation says it
    discarded_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="one_revision_per_number"),
        ]
        indexes = [
            models.Index(
                fields=["apply_at"],
                name="revision_due",
                condition=models.Q(applied_at=None, discarded_at=None, apply_at__isnull=False),
            ),
            models.Index(
                fields=["translation", "number"],
                name="revision_open",
                condition=models.Q(applied_at=None, discarded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def save(self, **kwargs: Any) -> None:
        if self.pk and not self._state.adding:
            raise TypeError("Revisions are append-only: write another one.")
        super().save(**kwargs)

    def mark(self, **moments: Any) -> None:
        """What is discarded, or planned no longer, may not name anything any more."""
        super().mark(**moments)
        # What is applied is noted by the save of its translation, which does not say so yet.
        if "applied_at" not in moments and not moments.keys().isdisjoint({"discarded_at", "apply_at"}):
            note(self.translation)

    @property
    def subject(self) -> Any:
        return self.translation

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXT}

    def locked(self) -> Revision:
        """The same as the database has it now; until the transaction ends nobody else changes its translation."""
        owner = type(self.translation)
        translation = owner._default_manager.select_for_update().get(pk=self.translation_id)
        related = Revision.objects.select_related("author", "reviewer", "approved_by", "scheduled_by")
        found = related.get(pk=self.pk)
        found.translation = translation
        return found

    @property
    def digest(self) -> str:
        """What a page shows of it: the words never change, so the number will do."""
        return str(self.number)

    @property
    def is_newest(self) -> bool:
        if (known := getattr(self.translation, "newest_number", None)) is not None:
            return bool(self.number == known)  # asked for with many others at once
        newest = self.translation.newest
        return newest is not None and newest.pk == self.pk

    @property
    def is_droppable(self) -> bool:
        """Whether something is left when it is discarded: a text must say something."""
        return not self.is_applied

    @property
    def shown_from(self) -> Any:
        """The moment to come from which readers see it."""
        return self.apply_at or self.translation.published_at

    def show(self) -> Revision | None:
        """Readers see it from now on; the one they saw before."""
        before: Revision | None = self.translation.applied if self.translation.published_at else None
        self.translation.show(self, timezone.now())
        return before

    def after_showing(self, before: Revision | None, deed: Deed) -> None:
        """The other languages are marked and their translators told, where that matters to them."""
        staleness.after_publishing(self.translation, before, deed)

    def show_from(self, at: Any, by: Any) -> None:
        """Readers see it from that moment on; the worker sees to it where they see another one until then."""
        if self.translation.is_locked:
            self.mark(apply_at=at, scheduled_by=by)
        else:
            self.translation.show(self, at)
            staleness.judge(self.translation)

    @property
    def was_withdrawn(self) -> bool:
        """Whether readers no longer see the text that this was planned for."""
        return not self.translation.is_locked

    def take_back(self) -> None:
        """What was planned is not: readers see what they see."""
        if self.apply_at:
            self.mark(apply_at=None, scheduled_by=None)
        elif self.is_applied and not self.translation.is_published:
            self.translation.published_at = self.translation.withdrawn_at = None
            self.translation.save()

    def discard(self) -> None:
        """It is kept in the history, and nothing comes of it any more; what readers see, or would, stays."""
        self.mark(discarded_at=timezone.now(), **self.UNREVIEWED)
        folded.remember(self.translation, self.translation.waiting)

    def restore(self, by: Any) -> Revision:
        """A new revision with these words."""
        note = gettext("Restored from number %(number)s") % {"number": self.number}
        restored: Revision = self.translation.write(
            self.texts, by=by, note=note, significance=Significance.MINOR, made_from=self.made_from
        )
        return restored

    @property
    def is_applied(self) -> bool:
        """Whether the translation says exactly this now."""
        return self.translation.applied_id == self.pk

    @property
    def is_current(self) -> bool:
        """Whether it is what readers see now."""
        return self.is_applied and bool(self.translation.is_published)

    @property
    def significance_word(self) -> str:
        """Without what follows from it."""
        return str(Significance(self.significance).label).partition(":")[0]

    @property
    def stage(self) -> Stage:
        if self.is_applied and self.translation.is_locked:
            return Stage.APPLIED if self.translation.is_published else Stage.SCHEDULED
        if self.applied_at and not self.is_applied:
            return Stage.REPLACED  # readers may never have seen it: while nobody does, each save takes its place
        return Stage.DISCARDED if self.discarded_at else self.stage_of_review


def label_of(name: str) -> str:
    """What people call this field of a revision."""
    return str(getattr(Revision._meta.get_field(name), "verbose_name", name))
