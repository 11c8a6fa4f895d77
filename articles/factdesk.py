"""The desk's pages of policy facts: what each says, will say from a moment on, and said; and who uses it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import uses
from .consequences import refuse_renaming
from .labels import LabelsMixin
from .languages import current_language
from .models import FactValue, PolicyFact
from .useddesk import UsedMixin
from .uses import Kind
from .writing import SeenForm, WritingMixin

MOST_PAST = 20  # values of the history that are shown
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class FactForm(SeenForm):
    """What it says now; what is planned keeps its moments."""

    class Meta:
        model = PolicyFact
        fields = ["key", "number", "phrase"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            said = instance.said
            kwargs["initial"] = {**(kwargs.get("initial") or {}), "number": _plain(said.number)}
            if not said.is_number:
                kwargs["initial"]["phrase"] = said.phrase
        super().__init__(*args, **kwargs)

    def clean_key(self) -> str:
        refuse_renaming(Kind.FACT, self.initial.get("key", ""), self.cleaned_data["key"])
        return str(self.cleaned_data["key"])


class PlannedFormset(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        given = [
            form.cleaned_data.get("starts_at")
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("starts_at")
        ]
        # One that somebody has added since the page was opened is not among the forms.
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        others = FactValue.objects.filter(fact=self.instance, starts_at__in=given).exclude(pk__in=shown)
        if len(given) != len(set(given)) or others.exists():
            raise ValidationError(gettext("Two values begin at the same moment."))


class PlannedForm(forms.ModelForm):
    class Meta:
        model = FactValue
        fields = ["starts_at", "number", "phrase"]
        widgets = {"starts_at": MOMENT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.number is not None:
            self.initial["number"] = _plain(self.instance.number)


class PlannedInline(LabelsMixin, admin.StackedInline):
    """What it says from a moment to come on; what has come is history, and not changed."""

    model = FactValue
    form = PlannedForm
    formset = PlannedFormset
    verbose_name = _("later value")
    verbose_name_plural = _("later values, each from a moment on")
    extra = 1

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A number for a number, words for words: as it is stored, whatever was typed into the fact's own form."""
        return ["starts_at", "number" if obj is None or obj.is_stored_number else "phrase"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactValue]:
        return super().get_queryset(request) & FactValue.objects.planned()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "starts_at":
            return forms.DateTimeField(label=_("From"), help_text=db_field.help_text, widget=MOMENT)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(PolicyFact)
class PolicyFactAdmin(UsedMixin, WritingMixin, LabelsMixin, ModelAdmin):
    used_kind, used_name, is_kept_while_used = Kind.FACT, "key", True

    form = FactForm
    add_form_template = "admin/writing_form.html"
    change_form_template = "admin/articles/policyfact/change_form.html"
    inlines = [PlannedInline]
    list_display = ["key", "says", "next_says", "use_count"]
    search_fields = ["key"]

    def get_inlines(self, request: HttpRequest, obj: PolicyFact | None = None) -> Any:
        return super().get_inlines(request, obj) if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyFact]:
        return PolicyFact.objects.at().order_by("key")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What is changed is what it says now, whether the worker has been there or not."""
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and found.settle():
            found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.is_stored_number = found.said.is_number
        return found

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        shown = list(changelist.result_list.prefetch_related(_to_come()))
        counts = uses.counts(Kind.FACT, [fact.key for fact in shown])
        for fact in shown:
            fact.use_count = counts[fact.key]
        changelist.result_list = shown
        return changelist

    @admin.display(description=_("says"))
    def says(self, fact: PolicyFact) -> str:
        return fact.said.words(current_language())

    @admin.display(description=_("later"))
    def next_says(self, fact: Any) -> str:
        return "; ".join(map(str, fact.to_come)) or "–"

    @admin.display(description=_("used in"))
    def use_count(self, fact: Any) -> str:
        return uses.in_words(fact.use_count) if fact.use_count else gettext("nowhere")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        fact = context.get("original")
        if fact is not None and fact.pk:
            context["past"] = past(fact)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: PolicyFact, form: Any, change: bool) -> None:
        obj.save(by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        changed = formset.save(commit=False)
        for value in formset.deleted_objects:
            value.delete()
        # Two that change places, or one that takes the place of a deleted one, would else be two at one moment.
        FactValue.objects.filter(pk__in=[value.pk for value in changed if value.pk]).update(starts_at=None)
        for value in changed:
            value.by, value.by_name = request.user, request.user.get_username()
            value.save()
        formset.save_m2m()


def past(fact: PolicyFact) -> list[dict[str, Any]]:
    """What it says and has said, the newest first, each with since when and by whom."""
    language = current_language()
    return [
        {"words": value.said.words(language), "since": value.starts_at, "who": value.who, "made_at": value.made_at}
        for value in fact.values.past()[:MOST_PAST]
    ]


def _to_come() -> Prefetch[Any]:
    return Prefetch("values", FactValue.objects.planned(), to_attr="to_come")


def _plain(number: Any) -> Any:
    """30 rather than 30.00, as one would type it."""
    return int(number) if number is not None and number == int(number) else number
