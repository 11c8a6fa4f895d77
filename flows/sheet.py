"""A flow version on one page: read from the database, filled in by an editor, and saved as a whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from articles.writing import SeenForm

from . import editing
from .graph import RESERVED_SLUGS, Kind
from .models import FlowVersion, Option, Step
from .stepforms import NoteForm, OptionForm, Pick, StepForm, all_forms

HERE = re.compile(r"(step|option)-(\d{1,18})-here")
BLANK_SLUG, BLANK_KEY = re.compile(r"step-\d+"), re.compile(r"option-\d+")


class Sheet:
    """The forms of a draft version; bound to what was posted, where something was."""

    def __init__(self, version: FlowVersion, data: QueryDict | None = None) -> None:
        self.version, self.data = version, data
        rows = list(version.steps.select_related("topic", "article", "wait_fact", "detail"))
        rows_by_pk = {str(step.pk): step for step in rows}
        options: dict[int, list[Option]] = {}
        for option in Option.objects.filter(step__version=version).select_related("leads_to"):
            option.step = rows_by_pk[str(option.step_id)]
            options.setdefault(option.step_id, []).append(option)
        pick = Pick(rows)
        self.note = NoteForm(data, instance=version, prefix="version")
        self.steps = [
            StepForm(self._posted("step", step), instance=step, prefix=f"step-{step.pk}", number=n, pick=pick)
            for n, step in enumerate(rows, 1)
        ]
        for form in self.steps:
            choices = pick.steps_but(form.instance)
            form.options = [
                OptionForm(
                    self._posted("option", option),
                    instance=option,
                    prefix=f"option-{option.pk}",
                    steps=rows_by_pk,
                    choices=choices,
                )
                for option in options.get(form.instance.pk, [])
            ]
        self.gone = self._gone()

    def _posted(self, kind: str, row: Step | Option) -> QueryDict | None:
        """What was posted for the row; None where the page did not show it, since somebody has just added it."""
        return self.data if self.data is not None and f"{kind}-{row.pk}-here" in self.data else None

    def _gone(self) -> list[str]:
        """What was typed for steps and options that somebody has removed meanwhile."""
        there = {form.prefix for form in all_forms(self.steps)}
        found = []
        for name in self.data or ():
            if (mark := HERE.fullmatch(name)) and (prefix := f"{mark[1]}-{mark[2]}") not in there:
                found.append(self._typed(prefix))
        return found

    def _typed(self, prefix: str) -> str:
        names = tuple(f"{prefix}-{name}" for name in ("slug", "key", "title", "label", "body"))
        posted = self.data.dict() if self.data is not None else {}
        return " · ".join(str(value) for name, value in posted.items() if value and name.startswith(names))

    @property
    def forms(self) -> list[SeenForm]:
        return [self.note, *all_forms(self.steps)]

    @property
    def bound(self) -> list[SeenForm]:
        return [form for form in self.forms if form.is_bound]

    def is_valid(self) -> bool:
        """Whether all of it can be saved; else each form says what is wrong with it."""
        mistaken = [form for form in self.bound if not form.is_valid()]
        for form in self.bound:
            for conflict in form.conflicts:
                conflict.label = f"{_place_of(form)}{conflict.label}"
        return self._has_unique_slugs() and not mistaken and not self.gone

    def _has_unique_slugs(self) -> bool:
        same = gettext("Two of them have this name. Give one another name.")
        are_unique = True
        groups: list[tuple[str, Sequence[SeenForm]]] = [("slug", self.steps)]
        for field, forms in groups + [("key", step.options) for step in self.steps]:
            given = Counter(value for form in forms if (value := _value(form, field)))
            for form in forms:
                if form.is_bound and given[_value(form, field)] > 1:
                    form.add_error(field, same)
                    are_unique = False
        return are_unique

    def is_stale(self, prefix: str) -> bool:
        """Whether somebody has changed the step, one of its options, or the option, since the page was opened."""
        found = [form for form in self.bound if form.prefix == prefix]
        found += [option for form in found if isinstance(form, StepForm) for option in form.options]
        return any(form.is_stale for form in found)

    def save(self) -> bool:
        """What was filled in is in the database, in the wanted order; whether that changed anything."""
        changed = [form for form in self.bound if form.has_changed()]
        self._make_way(changed)
        for form in changed:
            self._name(form)
            form.save()
        for step in self.steps:
            self._make_steps_wanted_by(step)
        has_moved = self._move()
        for step in self.steps:
            editing.fit_options(step.instance)
        return bool(changed) or has_moved

    def _make_way(self, changed: Sequence[SeenForm]) -> None:
        """Names that go from one row to another are free before somebody takes them, whoever is saved first."""
        for form in changed:
            row = form.instance
            for name in {"slug", "key"} & set(form.changed_data):
                type(row)._default_manager.filter(pk=row.pk).update(**{name: f"~{row.pk}"})

    def _name(self, form: Any) -> None:
        """A new step is named after its title, a new option after its label, until somebody names it."""
        row = form.instance
        if isinstance(row, Step) and (not row.slug or BLANK_SLUG.fullmatch(row.slug)):
            taken = {other.instance.slug for other in self.steps if other is not form} | RESERVED_SLUGS
            row.slug = editing.named(row.title, taken) or row.slug or editing.blank_slug(self.version)
        elif isinstance(row, Option) and (not row.key or BLANK_KEY.fullmatch(row.key)):
            step = next(step for step in self.steps if form in step.options)
            taken = {other.instance.key for other in step.options if other is not form}
            row.key = editing.named(row.label, taken) or row.key or editing.blank_key(row.step)

    def _make_steps_wanted_by(self, step: StepForm) -> None:
        for form in reversed(step.options):  # so that they come in the order of the options
            if form.is_bound and form.wanted_kind:
                form.instance.leads_to = editing.add_step(
                    self.version, Kind(form.wanted_kind), after=step.instance
                )
                form.instance.save()

    def _move(self) -> bool:
        """The steps whose number was changed have it; whether there are any."""
        moving = [(form.wanted_place, form.instance) for form in self.steps if form.is_bound and form.wanted_place]
        for place, step in sorted(moving, key=lambda move: move[0] or 0):
            editing.move_step(step, to=(place or 1) - 1)
        return bool(moving)


def _place_of(form: SeenForm) -> str:
    """Which step or option a field is of, for a sentence about the whole page."""
    row = form.instance
    if isinstance(row, Option):
        return f"{row.step.slug}, {row.key}: "
    return f"{row.slug}: " if isinstance(row, Step) else ""


def _value(form: Any, field: str) -> str:
    if not form.is_bound:
        return str(getattr(form.instance, field))
    return str(form.cleaned_data.get(field, "")) if hasattr(form, "cleaned_data") else ""
