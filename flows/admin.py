"""Drawing flows: a flow has versions, a version has steps, a step has options; topics and their details."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from articles.admin import LabelsMixin

from .models import Detail, DetailChoice, Flow, FlowCase, FlowVersion, Option, Remedy, Step, Topic, TopicDetail
from .problems import sentence


class TopicDetailInline(admin.StackedInline):
    model = TopicDetail
    extra = 0


@admin.register(Topic)
class TopicAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "category", "answer_days", "position"]
    list_select_related = ["category"]
    list_filter = ["category"]
    filter_horizontal = ["remedies"]
    inlines = [TopicDetailInline]


class DetailChoiceInline(LabelsMixin, admin.StackedInline):
    model = DetailChoice
    extra = 0


@admin.register(Detail)
class DetailAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "key", "kind"]
    inlines = [DetailChoiceInline]
    search_fields = ["key"]


@admin.register(Remedy)
class RemedyAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "key", "position"]


class FlowCaseInline(admin.StackedInline):
    model = FlowCase
    extra = 0


@admin.register(Flow)
class FlowAdmin(LabelsMixin, ModelAdmin):
    """The flow itself; its steps belong to a version and are drawn there."""

    change_form_template = "admin/flows/flow/change_form.html"
    list_display = ["__str__", "category", "position", "state"]
    list_filter = ["category"]
    list_select_related = ["category", "published_version"]
    fields = ["title", "slug", "category", "summary", "minutes", "position", "notices", "versions_of"]
    inlines = [FlowCaseInline]
    readonly_fields = ["versions_of"]

    @admin.display(description=_("customers see"))
    def state(self, flow: Flow) -> str:
        if flow.published_version is None:
            return gettext("nothing yet")
        number, languages = flow.published_version.number, ", ".join(flow.offered_languages)
        return gettext("version %(number)s (%(languages)s)") % {"number": number, "languages": languages}

    @admin.display(description=_("versions"))
    def versions_of(self, flow: Flow) -> SafeString | str:
        if not flow.pk:
            return gettext("Save the flow first; then draw its steps.")
        rows = [(_version_url(version), version.number, _moment(version, flow)) for version in flow.versions.all()]
        return format_html_join("", '<div><a href="{}">{}</a> {}</div>', rows)

    def save_model(self, request: HttpRequest, obj: Flow, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            obj.make_draft()

    def response_change(self, request: HttpRequest, obj: Flow) -> HttpResponse:
        if "_draft" in request.POST:
            return redirect(_version_url(obj.make_draft()))
        if "_withdraw" in request.POST and request.user.has_perm("flows.publish_flow"):
            obj.withdraw()
            messages.success(request, gettext("Customers no longer see this flow."))
            return redirect(request.path)
        return super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Flow, post_url_continue: str | None = None) -> HttpResponse:
        return redirect(_version_url(obj.make_draft()))


def _version_url(version: FlowVersion) -> str:
    return reverse("admin:flows_flowversion_change", args=[version.pk])


def _moment(version: FlowVersion, flow: Flow) -> str:
    if version.is_draft:
        return gettext("draft")
    return (
        gettext("published; customers walk it")
        if flow.published_version_id == version.pk
        else gettext("published")
    )


OUTCOME = ("outcome", "topic", "article", "is_urgent")
WAIT = ("wait_amount", "wait_unit", "wait_fact", "detail")


class StepInline(LabelsMixin, admin.StackedInline):
    model = Step
    extra = 0
    fields = [("position", "slug", "kind"), "title", "body", OUTCOME, WAIT, "leads_to"]
    readonly_fields = ["leads_to"]
    show_change_link = True

    @admin.display(description=_("options"))
    def leads_to(self, step: Step) -> SafeString | str:
        if not step.pk:
            return gettext("Save first; then give the step its options.")
        rows = [(option.label or option.key, option.leads_to or "?") for option in step.options.all()]
        return format_html_join("", "<div>{} → {}</div>", rows)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).prefetch_related("options__leads_to")


class DraftOnlyMixin:
    """A published version never changes: customers may be in the middle of it."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_draft(obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_draft(obj)  # type: ignore[misc]


def _is_draft(obj: Any) -> bool:
    version = obj.version if isinstance(obj, Step) else obj
    return version is None or version.is_draft


class DraftStepInline(DraftOnlyMixin, StepInline):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.StackedInline.has_add_permission(self, request, obj) and _is_draft(obj)


@admin.register(FlowVersion)
class FlowVersionAdmin(DraftOnlyMixin, ModelAdmin):
    """The steps of one version, with their outline and what still stops publishing."""

    change_form_template = "admin/flows/flowversion/change_form.html"
    inlines = [DraftStepInline]
    fields = ["flow", "number", "problems", "outline"]
    readonly_fields = ["flow", "number", "problems", "outline"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached from its flow

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("problems"))
    def problems(self, version: FlowVersion) -> SafeString | str:
        found = version.graph().problems(settings.REQUIRED_LANGUAGES)
        rows = format_html_join("", "<li>{}</li>", ((sentence(problem),) for problem in found))
        return format_html("<ul>{}</ul>", rows) if found else gettext("None: it can be published.")

    @admin.display(description=_("outline"))
    def outline(self, version: FlowVersion) -> SafeString:
        language = get_language() or settings.LANGUAGE_CODE
        return format_html('<pre class="outline" tabindex="0">{}</pre>', version.graph().outline(language))

    def response_change(self, request: HttpRequest, obj: FlowVersion) -> HttpResponse:
        if "_publish" in request.POST and request.user.has_perm("flows.publish_flow"):
            try:
                obj.publish()
            except ValidationError as error:
                for line in error.messages:
                    messages.error(request, line)
                return redirect(request.path)
            messages.success(request, gettext("Customers now walk this version."))
            return redirect(reverse("admin:flows_flow_change", args=[obj.flow_id]))
        return super().response_change(request, obj)


class OptionInline(LabelsMixin, admin.StackedInline):
    model = Option
    fk_name = "step"
    extra = 0
    fields = [("position", "key"), "label", "leads_to"]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """An option leads to a step of the same version."""
        if db_field.name == "leads_to" and (match := request.resolver_match):
            kwargs["queryset"] = Step.objects.filter(version__steps=match.kwargs.get("object_id"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Step)
class StepAdmin(DraftOnlyMixin, LabelsMixin, ModelAdmin):
    inlines = [OptionInline]
    fields = [
        "version",
        ("position", "slug", "kind"),
        "title",
        "body",
        OUTCOME,
        WAIT,
        "wait_reason",
    ]
    readonly_fields = ["version"]
    list_select_related = ["version"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # reached from its version

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def response_change(self, request: HttpRequest, obj: Step) -> HttpResponse:
        response = super().response_change(request, obj)
        return response if "_continue" in request.POST else redirect(_version_url(obj.version))
