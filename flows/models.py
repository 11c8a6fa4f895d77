"""Resolve it yourself: flows with their versions, steps and options, what customers did in them, and cases."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from articles import trail, uses
from articles.consequences import Consequence
from articles.models import Article, Category, FactValue, PolicyFact, PreviewLink, ServiceNotice
from articles.revision import Reviewable
from articles.stages import NotAllowed, Stage

from . import checking
from . import graph as rules
from .figures import Counted
from .graph import Graph, Kind, Outcome
from .problems import languages as complete_languages
from .problems import problems as find_problems
from .sentences import sentence
from .stepuse import StepUse as StepUse
from .stepuse import TopicUse as TopicUse
from .stepuse import note
from .topics import Detail as Detail
from .topics import DetailChoice as DetailChoice
from .topics import Remedy as Remedy
from .topics import Topic as Topic
from .topics import TopicDetail as TopicDetail
from .topics import TopicRemedy as TopicRemedy
from .waiting import Unit, WaitRule

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
        language = language or get_language() or settings.LANGUAGE_CODE
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
        return str(self.title)

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


class FlowVersionQuerySet(models.QuerySet["FlowVersion"]):
    def scheduled(self) -> Self:
        """The drafts that customers walk from a moment on."""
        return self.filter(published_at=None, apply_at__isnull=False)


class FlowVersion(Reviewable):
    """The steps of a flow at one publication; without a moment it is the draft version."""

    flow = models.ForeignKey(Flow, verbose_name=_("flow"), on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    languages = models.CharField(max_length=200, blank=True, editable=False)  # " en es "

    objects = FlowVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("flow version")
        verbose_name_plural = _("flow versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["flow", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["flow"], condition=models.Q(published_at=None), name="one_draft_version_per_flow"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} ({self.number})"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    def locked(self) -> FlowVersion:
        """The same as the database has it now; until the transaction ends nobody else changes its flow."""
        flow = Flow.objects.select_for_update().get(pk=self.flow_id)
        related = flow.versions.select_related("author", "reviewer", "approved_by", "scheduled_by")
        found = related.filter(pk=self.pk).first()
        if found is None:
            raise NotAllowed(gettext("Somebody has discarded this draft version meanwhile."))
        found.flow = flow
        return found

    @property
    def subject(self) -> Flow:
        return self.flow

    @property
    def stage(self) -> Stage:
        return self.stage_of_review if self.is_draft else Stage.APPLIED

    @property
    def is_newest(self) -> bool:
        return self.is_draft

    @property
    def is_current(self) -> bool:
        """Whether it is what customers walk now."""
        return self.flow.published_version_id == self.pk and self.flow.is_published

    @property
    def is_droppable(self) -> bool:
        return self.is_draft

    @property
    def shown_from(self) -> datetime | None:
        """The moment to come from which customers walk it."""
        return self.apply_at

    @property
    def digest(self) -> str:
        """Tells apart what a page showed of its steps."""
        return hashlib.sha256(repr(self.graph()).encode()).hexdigest()[:20]

    def touched(self, by: Any) -> None:
        """Its steps have changed: whoever approved it approved something else."""
        self.mark(author=by, **self.UNREVIEWED)
        trail.record(self.flow, trail.What.CHANGED, by, number=self.number)

    def _refuse_problems(self) -> None:
        """NotAllowed with the problems of its steps, if they have any."""
        if problems := checking.problems(self.graph()):
            raise NotAllowed(*(sentence(problem) for problem in problems))

    def show(self) -> None:
        """Customers walk it from now on; NotAllowed with its problems if it has any."""
        self._refuse_problems()
        try:
            self.publish()
        except ValidationError as error:
            raise NotAllowed(*error.messages) from error

    def after_showing(self, before: None, deed: trail.Deed) -> None:
        """A flow has one graph for all languages: nobody has to translate anything."""

    def show_from(self, at: datetime, by: Any) -> None:
        """Customers walk it from that moment on; the worker sees to it."""
        self._refuse_problems()
        if not self.flow.is_published and self.flow.withdrawn_at:
            self.flow.published_version, self.flow.withdrawn_at = None, None
            self.flow.save(update_fields=["published_version", "withdrawn_at"])
        self.mark(apply_at=at, scheduled_by=by)

    @property
    def was_withdrawn(self) -> bool:
        """Whether the flow has been withdrawn at a moment since this was planned."""
        return self.flow.withdrawn_at is not None and not self.flow.is_published

    def take_back(self) -> None:
        self.mark(apply_at=None, scheduled_by=None)

    def discard(self) -> None:
        """It is gone; the next draft begins with the latest version."""
        self.delete()

    def restore(self, by: Any) -> FlowVersion:
        """A draft version with these steps; NotAllowed where somebody is writing one already."""
        if self.flow.draft_version:
            raise NotAllowed(gettext("There is a draft version already. Publish it or discard it first."))
        return self.flow.make_draft(by, of=self)

    def graph(self) -> Graph:
        """The version's steps as pure rules; two queries, however long the flow is."""
        steps = self.steps.select_related("topic", "article", "wait_fact", "detail").with_waits()
        options = Option.objects.select_related("leads_to").only(
            "step", "key", "label", "position", "leads_to__slug"
        )
        steps = steps.prefetch_related(models.Prefetch("options", options))
        return Graph.of(step.as_rule() for step in steps)

    def publish(self) -> None:
        """Customers walk this version from now on; ValidationError with the problems if it has any."""
        graph = self.graph()
        if problems := find_problems(graph, settings.REQUIRED_LANGUAGES):
            raise ValidationError([sentence(problem) for problem in problems])
        self.languages = self._complete_languages(graph)
        self.published_at = self.published_at or timezone.now()
        self.apply_at = None
        self.save()
        if not self.flow.is_published:
            self.flow.withdrawn_at = None
        self.flow.published_version = self
        self.flow.save(update_fields=["published_version", "withdrawn_at"])

    def note_languages(self) -> None:
        """It is offered in the languages in which nothing is missing now."""
        self.languages = self._complete_languages(self.graph())
        self.save(update_fields=["languages"])

    def _complete_languages(self, graph: Graph) -> str:
        complete = [code for code, _name in settings.LANGUAGES if self._is_complete_in(code, graph)]
        return f" {' '.join(complete)} "

    def _is_complete_in(self, language: str, graph: Graph) -> bool:
        own_labels = all(has_label(label, language) for label in (self.flow.title, self.flow.summary))
        return own_labels and language in complete_languages(graph)

    def copy_steps_to(self, version: FlowVersion) -> None:
        """The other version has the same steps and options, with the same slugs."""
        copies: dict[int, Step] = {}
        options = list(Option.objects.filter(step__version=self))
        for step in self.steps.all():
            original = step.pk
            step.pk, step._state.adding, step.version = None, True, version
            step.save()
            copies[original] = step
        for option in options:
            option.pk, option._state.adding = None, True
            option.step = copies[option.step_id]
            option.leads_to = copies[option.leads_to_id] if option.leads_to_id else None
            option.save()


def texts(label: LazyI18nString | dict[str, str]) -> dict[str, str]:
    """The label's texts by language, without falling back; an unread row holds the bare mapping."""
    data = getattr(label, "data", label)
    return {code: words for code, words in data.items() if words} if isinstance(data, dict) else {}


def has_label(label: LazyI18nString, language: str) -> bool:
    """Whether the label exists in this very language; reading it would fall back to another one."""
    return language in texts(label)


class StepQuerySet(models.QuerySet["Step"]):
    def with_waits(self) -> Self:
        """With the number that has become due of the fact that each counts with, if one has."""
        due = FactValue.objects.due().filter(fact=OuterRef("wait_fact")).order_by("-starts_at", "-pk")
        return self.annotate(due_wait=Subquery(due.values("number")[:1]))


class Step(models.Model):
    """One page of a flow."""

    class KindChoices(models.TextChoices):
        QUESTION = Kind.QUESTION, _("Question")
        TRY = Kind.TRY, _("Something to try")
        DATE = Kind.DATE, _("Date")
        OUTCOME = Kind.OUTCOME, _("Outcome")

    class OutcomeChoices(models.TextChoices):
        SOLVED = Outcome.SOLVED, _("Solved")
        READ = Outcome.READ, _("Read this article")
        CONTACT = Outcome.CONTACT, _("Contact us")

    class UnitChoices(models.TextChoices):
        HOURS = Unit.HOURS, _("hours")
        DAYS = Unit.DAYS, _("days")
        WORKING_DAYS = Unit.WORKING_DAYS, _("working days")

    version = models.ForeignKey(
        FlowVersion, verbose_name=_("version"), on_delete=models.CASCADE, related_name="steps"
    )
    slug = models.SlugField(_("slug"), help_text=_("Part of its address; keep it, and saved links go on working."))
    kind = models.CharField(_("kind"), max_length=10, choices=KindChoices, default=KindChoices.QUESTION)
    position = models.PositiveIntegerField(_("position"), default=0, help_text=_("The lowest is the start."))
    title = I18nCharField(_("title"), help_text=_("The question, or what to do."))
    body = I18nTextField(_("text"), blank=True, help_text=_("Markdown, shown under the title."))
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=OutcomeChoices,
        blank=True,
        help_text=_("Of an outcome step only."),
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_(
            "What the request is about; “contact us” needs it. Other outcomes may have it for “contact us anyway”."
        ),
    )
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steps",
        help_text=_("“Read this article” needs it."),
    )
    is_urgent = models.BooleanField(
        _("urgent"),
        default=False,
        help_text=_("Says what to do this minute, then leads to the fastest way to reach us. Only “contact us”."),
    )
    wait_amount = models.PositiveIntegerField(
        _("wait"),
        null=True,
        blank=True,
        help_text=_("Of a date step: so long after the date it makes sense to contact us. Or choose a fact."),
    )
    wait_fact = models.ForeignKey(
        PolicyFact,
        verbose_name=_("wait, from a fact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"number__isnull": False},
        help_text=_("Its number is the wait, so that the texts which say it cannot disagree."),
    )
    wait_unit = models.CharField(_("unit"), max_length=12, choices=UnitChoices, default=UnitChoices.HOURS)
    wait_reason = I18nCharField(
        _("because"),
        blank=True,
        help_text=_("Goes on after “You can contact us from …, because”, without a full stop."),
    )
    detail = models.ForeignKey(
        Detail,
        verbose_name=_("detail"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"kind": Detail.Kind.DATE},
        help_text=_("Of a date step: the detail that its date is, so that nobody is asked for it again."),
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "slug"], name="one_step_per_slug")]

    def __str__(self) -> str:
        return f"{self.slug}: {self.title}"

    def save(self, **kwargs: Any) -> None:
        is_new = self._state.adding
        super().save(**kwargs)
        note(self, is_new=is_new)

    def as_rule(self) -> rules.Step:
        return rules.Step(
            slug=self.slug,
            kind=Kind(self.kind),
            title=texts(self.title),
            body=texts(self.body),
            options=tuple(option.as_rule() for option in self.options.all()),
            **(self._end() if self.kind == Kind.OUTCOME else {}),
            **(self._date() if self.kind == Kind.DATE else {}),
        )

    def _end(self) -> dict[str, Any]:
        """What only an outcome has; a row that is none any more may still hold it, in case it is one again."""
        return {
            "outcome": Outcome(self.outcome) if self.outcome else None,
            "topic": self.topic.key if self.topic else None,
            "article": self.article.key if self.article else None,
            "is_urgent": self.is_urgent,
        }

    def _date(self) -> dict[str, Any]:
        return {"wait": self.wait_rule(), "detail": self.detail.key if self.detail else None}

    def wait_rule(self) -> WaitRule:
        """The rule of a date step; the number of its fact is read anew each time."""
        number = self._wait_number()
        amount = None if number is None or number != int(number) else int(number)
        fact = self.wait_fact.key if self.wait_fact else ""
        return WaitRule(amount, Unit(self.wait_unit), texts(self.wait_reason), fact)

    def _wait_number(self) -> Any:
        if self.wait_fact is None:
            return self.wait_amount
        if "due_wait" not in vars(self):
            return self.wait_fact.said.number
        due = vars(self)["due_wait"]
        return self.wait_fact.number if due is None else due


class Option(models.Model):
    """One answer to choose; leads to a step."""

    step = models.ForeignKey(Step, verbose_name=_("step"), on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(
        _("key"),
        help_text=_("Part of the address. Something to try: solved, not-solved, could-not. Date: too-early, due."),
    )
    label = I18nCharField(_("label"), blank=True, help_text=_("May be empty in a step to try and a date."))
    leads_to = models.ForeignKey(
        Step,
        verbose_name=_("then go to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["step", "key"], name="one_option_per_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.label}"

    def as_rule(self) -> rules.Option:
        return rules.Option(self.key, texts(self.label), self.leads_to.slug if self.leads_to else None)


class FlowCase(models.Model):
    """Saved responses with the step they must reach, whatever is edited."""

    flow = models.ForeignKey(Flow, verbose_name=_("flow"), on_delete=models.CASCADE, related_name="cases")
    responses = models.JSONField(
        _("responses"), default=dict, help_text=_("Step → option, or date: as in its address.")
    )
    day = models.DateField(
        _("on"), null=True, blank=True, help_text=_("The day it is walked, at noon. Empty: whenever it is run.")
    )
    reaches = models.SlugField(_("reaches"), help_text=_("The slug of the step."))

    class Meta:
        verbose_name = _("flow case")
        verbose_name_plural = _("flow cases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.flow} → {self.reaches}"


class FlowCountQuerySet(models.QuerySet["FlowCount"]):
    # One statement, and no reading before writing: several processes count at once.
    ADD = """
        INSERT INTO flows_flowcount (version_id, day, what, step, option, count) VALUES (%s, %s, %s, %s, %s, 1)
        ON CONFLICT (version_id, day, what, step, option) DO UPDATE SET count = flows_flowcount.count + 1
    """

    def add(self, version: int | None, day: date, what: Counted, step: str, option: str = "") -> None:
        """One more is counted."""
        with connection.cursor() as cursor:
            cursor.execute(self.ADD, [version, day, str(what), step, option])

    def take_back(self, version: int | None, day: date, what: Counted, step: str, option: str = "") -> None:
        """One less is counted, where any is counted on that day."""
        found = self.filter(version=version, day=day, what=what, step=step, option=option, count__gt=0)
        found.update(count=F("count") - 1)


class FlowCount(models.Model):
    """How often on one day something happened at a step of a flow version; nothing about to whom."""

    class What(models.TextChoices):
        START = Counted.START, _("started")
        ANSWER = Counted.ANSWER, _("answered")
        HAND_OFF = Counted.HAND_OFF, _("handed off")

    version = models.ForeignKey(FlowVersion, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    what = models.CharField(max_length=10, choices=What)
    step = models.SlugField(db_index=False)
    option = models.SlugField(blank=True, db_index=False)  # its key; of an answer only
    count = models.PositiveIntegerField(default=0)

    objects = FlowCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of a flow")
        verbose_name_plural = _("counts of flows")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "day", "what", "step", "option"], name="one_flow_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.step} {self.option}: {self.count}"
