"""A guided path: what it is called, whether customers may walk it, and the addresses that it has and had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import F, OuterRef
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from articles import facts, trail, uses
from articles.consequences import Consequence
from articles.languages import current_language
from articles.models import Category, PreviewLink, ServiceNotice

from .figures import Counted
from .flowcount import FlowCount
from .graph import Graph
from .labels import texts

if TYPE_CHECKING:
    from .version import FlowVersion

LATELY = 30  # days


class FlowQuerySet(models.QuerySet["Flow"]):
    def published(self) -> Self:
        """Those that customers may walk: the one door to visibility."""
        return self.filter(published_version__isnull=False).exclude(withdrawn_at__lte=timezone.now())

    def named(self, slug: str) -> Self:
        """The one with this slug, or that had it once."""
        old = OldFlowSlug.objects.filter(flow=OuterRef("pk"), slug=slug)
        return self.filter(models.Q(slug=slug) | models.Exists(old))

    def offered(self, language: str | None = None) -> Self:
        """Published ones whose every label exists in the language, else in that of the request."""
        language = language or current_language()
        return self.published().filter(published_version__languages__contains=f" {language} ")

    def in_turn(self) -> Self:
        """The first of every category before the second of any, so that a short list leaves no category out."""
        top = Coalesce("category__parent__position", "category__position")
        return self.order_by("position", top, F("category__parent__position").asc(nulls_first=True), "pk")


class Flow(models.Model):
    """A guided path “resolve it yourself”."""

    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="flows"
    )
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Its address, the same in every language."))
    title = I18nCharField(_("title"), help_text=_("The problem, as the customer would say it."))
    summary = I18nTextField(_("what it solves"), help_text=_("One or two sentences."))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        help_text=_("About how long it takes. Empty: estimated from the steps."),
    )
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("Lower comes first."))
    notices = models.ManyToManyField(
        ServiceNotice,
        verbose_name=_("service notices"),
        blank=True,
        related_name="flows",
        help_text=_("Shown on this flow, besides those of its category."),
    )
    published_version = models.OneToOneField(
        "FlowVersion",
        verbose_name=_("published version"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    objects = FlowQuerySet.as_manager()

    PERMISSIONS = {"review": "flows.review_flow", "publish": "flows.publish_flow"}

    class Meta:
        verbose_name = _("flow")
        verbose_name_plural = _("flows")
        permissions = [
            ("publish_flow", _("Can publish and withdraw flows")),
            ("review_flow", _("Can approve draft versions of flows")),
        ]
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        # What was put in as a mapping is one until the row is read from the database.
        return str(LazyI18nString(getattr(self.title, "data", self.title)))

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Saved; a changed slug leaves the old address leading here, as long as nobody else has it.

        Its own labels, too, say in which languages it is offered.
        """
        before = Flow.objects.filter(pk=self.pk).first() if self.pk and "update_fields" not in kwargs else None
        super().save(**kwargs)
        if "update_fields" not in kwargs:
            OldFlowSlug.objects.filter(slug=self.slug).delete()
        if before and before.slug != self.slug:
            OldFlowSlug.objects.update_or_create({"flow": self}, slug=before.slug)
        if before and self.published_version and before._own_texts != self._own_texts:
            self.published_version.flow = self
            self.published_version.note_languages()

    def get_absolute_url(self) -> str:
        return reverse("flow", args=[self.slug])

    @property
    def said_summary(self) -> str:
        """What it solves, as customers read it: its policy facts filled in."""
        language = current_language()
        return facts.fill(self.summary.localize(language), language)

    @property
    def _own_texts(self) -> list[dict[str, str]]:
        return [texts(self.title), texts(self.summary)]

    @property
    def names(self) -> list[str]:
        """What texts may call it: its slug, and those that it had."""
        return [self.slug, *self.old_slugs.values_list("slug", flat=True)]

    def consequences_of_withdrawing(self) -> list[Consequence]:
        """Of customers no longer walking it."""
        used = uses.used(uses.Kind.FLOW, *self.names)
        since = timezone.localdate() - timedelta(days=LATELY)
        started = FlowCount.objects.filter(version__flow=self, what=Counted.START, day__gt=since)
        count = started.aggregate(count=models.Sum("count"))["count"] or 0
        lose = gettext("These lose their link to it and keep its words:")
        said = ngettext(
            "In the last %(days)d days, it was started %(count)d time.",
            "In the last %(days)d days, it was started %(count)d times.",
            count,
        )
        lately = [Consequence(said % {"days": LATELY, "count": count})] if count else []
        return ([Consequence(lose, tuple(used.live), used.more)] if used.live else []) + lately

    def current_notices(self) -> list[ServiceNotice]:
        """Its own and those of its category, now."""
        is_about = models.Q(flows=self) | models.Q(category__in=self.category.line())
        return list(ServiceNotice.objects.current().filter(is_about).distinct())

    def address_in(self, language: str) -> str:
        with override(language):
            return self.get_absolute_url()

    def graph(self) -> Graph:
        """The steps that customers walk; empty while the flow is not published."""
        return self.published_version.graph() if self.published_version else Graph({})

    @property
    def offered_languages(self) -> list[str]:
        """The languages in which customers can walk it now."""
        return self.published_version.languages.split() if self.published_version else []

    def is_offered(self, language: str) -> bool:
        return language in self.offered_languages

    @property
    def draft_version(self) -> FlowVersion | None:
        """The version being edited, if there is one."""
        return self.versions.filter(published_at=None).first()

    @property
    def is_published(self) -> bool:
        """Whether customers may walk it now."""
        is_over = self.withdrawn_at is not None and self.withdrawn_at <= timezone.now()
        return self.published_version_id is not None and not is_over

    @transaction.atomic
    def make_draft(self, by: Any = None, of: FlowVersion | None = None) -> FlowVersion:
        """The draft version; where there is none, a deep copy of the given one, else of the latest.

        It is there whole or not at all, and once, however many ask for it at the same moment.
        """
        Flow.objects.select_for_update().only("pk").get(pk=self.pk)
        if draft := self.draft_version:
            return draft
        latest = self.versions.order_by("number").last()
        draft = self.versions.create(number=latest.number + 1 if latest else 1, author=by)
        if original := of or latest:
            original.copy_steps_to(draft)
        trail.record(self, trail.What.CREATED, by, number=draft.number)
        return draft

    def withdraw(self, at: datetime | None = None) -> bool:
        """Customers can no longer walk it, now or from then on; its versions stay.  False: they cannot now."""
        if not self.is_published:
            return False
        if at:
            self.withdrawn_at = at
        else:
            self.published_version, self.withdrawn_at = None, None
        self.save(update_fields=["published_version", "withdrawn_at"])
        return True

    def planned(self) -> models.QuerySet[FlowVersion]:
        """The draft version, where customers were to walk it from a moment on."""
        return self.versions.filter(published_at=None, apply_at__isnull=False)

    def keep(self) -> bool:
        """Customers go on walking it; false where no withdrawal was planned."""
        if not (self.is_published and self.withdrawn_at):
            return False
        self.withdrawn_at = None
        self.save(update_fields=["withdrawn_at"])
        return True

    @staticmethod
    def may_be_written_by(user: Any) -> bool:
        return bool(user.has_perm("flows.change_flowversion"))

    @staticmethod
    def may_be_reviewed_by(user: Any) -> bool:
        return bool(user.has_perm("flows.review_flow"))

    @staticmethod
    def may_be_published_by(user: Any) -> bool:
        return bool(user.has_perm("flows.publish_flow"))

    @property
    def work_url(self) -> str:
        """The page at the desk where it is reviewed, compared and published."""
        return reverse("admin:flows_work", args=[self.pk])

    def preview_url(self, link: PreviewLink) -> str:
        return reverse("preview_flow", args=[link.signed])


class OldFlowSlug(models.Model):
    """A slug that a flow had: its address, and links in texts, go on leading there."""

    slug = models.SlugField(_("old slug"), unique=True)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="old_slugs")

    def __str__(self) -> str:
        return self.slug
