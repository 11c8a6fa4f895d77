"""The steps of a flow at one publication: how a draft version is reviewed and published, and what it copies."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import trail
from articles.revision import Reviewable
from articles.stages import NotAllowed, Stage

from . import checking
from .flow import Flow
from .graph import Graph
from .labels import has_label
from .problems import languages as complete_languages
from .problems import problems as find_problems
from .sentences import sentence
from .step import Option, Step


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
