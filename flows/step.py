"""One page of a flow with its options, as rows, and the pure rules that they are."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from articles.models import Article, FactValue, PolicyFact

from . import graph as rules
from .graph import Kind, Outcome
from .labels import texts
from .stepuse import note
from .topics import Detail, Topic
from .waiting import Unit, WaitRule


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
        "flows.FlowVersion", verbose_name=_("version"), on_delete=models.CASCADE, related_name="steps"
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
