"""The forms of the editor's page: one for each step, one for each of its options.

A draft may be saved with what stops publishing, such as a title that is still missing: the page lists that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nFormField

from articles import labels
from articles.languages import current_language
from articles.models import Article, PolicyFact
from articles.picking import folded
from articles.writing import SeenForm

from .graph import Due, Kind, Tried
from .labels import name_of
from .models import Detail, FlowVersion, Option, Step, Topic
from .titles import titles_of

NEW = "new:"  # and a kind: the option leads to a step that is made when the page is saved
NEW_STEPS = {
    Kind.QUESTION: _("+ a new question"),
    Kind.TRY: _("+ something new to try"),
    Kind.DATE: _("+ a new date"),
    Kind.OUTCOME: _("+ a new outcome"),
}
FIXED_KEYS: dict[str, tuple[str, ...]] = {Kind.TRY: tuple(Tried), Kind.DATE: tuple(Due)}

Choices = list[tuple[Any, Any]]


class NoteForm(SeenForm):
    """What the draft version is about."""

    class Meta:
        model = FlowVersion
        fields = ["note"]
        widgets = {"note": forms.TextInput}


class Pick:
    """What the selects of a page offer, asked of the database once for all its steps."""

    def __init__(self, steps: list[Step]) -> None:
        none: Choices = [("", "–")]
        self.topic = none + [(topic.pk, str(topic)) for topic in Topic.objects.all()]
        self.article = none + _in_order(titles_of(Article.objects.all()))
        facts = PolicyFact.objects.exclude(number=None).at().order_by("key")
        language = current_language()
        self.wait_fact = none + [(fact.pk, f"{fact.key}: {fact.said.words(language)}") for fact in facts]
        self.detail = none + [(d.pk, str(d)) for d in Detail.objects.filter(kind=Detail.Kind.DATE)]
        self.steps = [
            (str(step.pk), f"{number}. {name_of(step.title, step.slug)}") for number, step in enumerate(steps, 1)
        ]

    def steps_but(self, step: Step) -> Choices:
        """Where an option of the step may lead."""
        others = [(pk, name) for pk, name in self.steps if pk != str(step.pk)]
        return [("", _("not said yet")), *others, *((NEW + kind, words) for kind, words in NEW_STEPS.items())]


def _in_order(titles: dict[tuple[int, str], str]) -> Choices:
    return sorted(((pk, title) for (pk, _key), title in titles.items()), key=lambda one: (folded(one[1]), one[0]))


class LabelsForm(SeenForm):
    """Labels have one input for each language, side by side; none is required yet."""

    class Meta:
        formfield_callback = labels.formfield

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, I18nFormField):
                field.one_required = False


class StepForm(LabelsForm):
    place = forms.IntegerField(label=_("number"), required=False, min_value=1, max_value=10_000)

    class Meta(LabelsForm.Meta):
        model = Step
        fields = [
            *("slug", "kind", "title", "body", "outcome", "topic", "article", "is_urgent"),
            *("wait_amount", "wait_unit", "wait_fact", "wait_reason", "detail"),
        ]

    def __init__(self, *args: Any, number: int, pick: Pick, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number, self.options = number, list[OptionForm]()
        self.initial["place"] = number
        self.fields["slug"].required = False
        for widget in self.fields["body"].widget.widgets:
            widget.attrs["rows"] = 5
        for name in ("title", "body"):
            self.fields[name].help_text = ""  # said on each of many steps, it is in the way
        for name in ("topic", "article", "wait_fact", "detail"):
            self.fields[name].choices = getattr(pick, name)  # type: ignore[attr-defined]

    @property
    def wanted_place(self) -> int | None:
        """The number that the editor gave the step; None where they left the one that their page showed."""
        place = self.cleaned_data.get("place")
        return place if place and str(place) != self.data.get(f"{self.prefix}-was") else None


class LeadsTo(forms.ChoiceField):
    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


class OptionForm(LabelsForm):
    leads_to = LeadsTo(label=_("then go to"), required=False)

    class Meta(LabelsForm.Meta):
        model = Option
        fields = ["key", "label", "leads_to"]

    def __init__(self, *args: Any, steps: dict[str, Step], choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        self.fields["leads_to"].choices = choices  # type: ignore[attr-defined]
        self.fields["key"].required = False
        self.fields["key"].help_text = ""  # there is no room for it in the row of an option
        step = self.instance.step
        self.is_fixed = self.instance.key in FIXED_KEYS.get(step.kind, ())
        self.is_foreign = step.kind in FIXED_KEYS and not self.is_fixed  # left over from another kind
        if self.is_fixed:
            self.fields["key"].disabled = True

    def clean_leads_to(self) -> Step | None:
        """The step that is there already; which new one is wanted, `wanted_kind` says."""
        return self.steps.get(self.cleaned_data["leads_to"])

    @property
    def wanted_kind(self) -> str:
        """The kind of the new step to lead to; empty where none is wanted."""
        chosen: str = self.data.get(self.add_prefix("leads_to"), "")
        return chosen.removeprefix(NEW) if chosen.startswith(NEW) else ""


def all_forms(steps: Iterable[StepForm]) -> list[SeenForm]:
    return [form for step in steps for form in (step, *step.options)]
