"""Drawing flows: a flow has versions, a version has steps, a step has options; topics and their details."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import review, trail
from articles.consequences import CarefulForm, Consequence, of_address, of_moving
from articles.labels import LabelsMixin
from articles.review import Act
from articles.stages import NotAllowed
from articles.useddesk import UsedMixin
from articles.uses import Kind
from articles.work import ask_before
from articles.writing import WritingMixin

from . import desk, editor, rehearsal, wording
from .editing import named
from .editor import address_of
from .labels import texts
from .models import (
    Detail,
    DetailChoice,
    Flow,
    FlowCase,
    FlowVersion,
    OldFlowSlug,
    Remedy,
    Topic,
    TopicDetail,
    TopicRemedy,
)
from .topics import LONG_ANSWER_DAYS


class TopicDetailInline(admin.StackedInline):
    model = TopicDetail
    extra = 0


class TopicRemedyInline(admin.TabularInline):
    model = TopicRemedy
    extra = 0


class TopicForm(ModelForm):
    def clean_wording(self) -> Any:
        """Each `{place}` is the key of some detail."""
        template = self.cleaned_data["wording"]
        for code, words in texts(template).items():
            for name in wording.mistakes(words, Detail.objects.values_list("key", flat=True)):
                raise ValidationError(
                    gettext("There is no detail with the key “%(name)s” (%(code)s). Details lists them all.")
                    % {"name": name, "code": code}
                )
        return template


@admin.register(Topic)
class TopicAdmin(LabelsMixin, ModelAdmin):
    form = TopicForm
    list_display = ["__str__", "category", "answer_days", "position"]
    list_select_related = ["category"]
    list_filter = ["category"]
    inlines = [TopicDetailInline, TopicRemedyInline]

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        """A promise that nobody would wait for is not refused, and not made in silence."""
        super().save_model(request, obj, form, change)
        if obj.answer_days > LONG_ANSWER_DAYS:
            said = gettext(
                "Customers of “%(topic)s” are promised an answer within %(days)d working days: more than three "
                "weeks. Shorten it to %(limit)d or less, or say in an article why it takes so long."
            )
            given = {"topic": obj, "days": obj.answer_days, "limit": LONG_ANSWER_DAYS}
            messages.warning(request, said % given)


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


class FlowCaseForm(ModelForm):
    """A case at the start has no responses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "responses" in self.fields:
            self.fields["responses"].required = False

    def clean_responses(self) -> dict[str, str]:
        given = self.cleaned_data["responses"] or {}
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise ValidationError(gettext('Write the responses like {"step": "option", "date": "2026-05-03"}.'))
        return given


class FlowCaseInline(admin.StackedInline):
    model = FlowCase
    form = FlowCaseForm
    extra = 0


class FlowForm(CarefulForm):
    """The flow's own fields; an empty slug is made of its title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        """Left empty it is made of the title, and free."""
        if slug := self.cleaned_data["slug"]:
            return str(slug)
        taken = {*Flow.objects.values_list("slug", flat=True), *OldFlowSlug.objects.values_list("slug", flat=True)}
        if made := named(self.cleaned_data.get("title"), taken - {self.instance.slug}):
            return made
        raise ValidationError(gettext("Write a title or a slug."))

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        stored = Flow.objects.select_related("category", "published_version").get(pk=self.instance.pk)
        if not stored.is_published:
            return []
        return [*of_address(stored, cleaned.get("slug", "")), *of_moving(stored, cleaned.get("category"))]


@admin.register(Flow)
class FlowAdmin(UsedMixin, WritingMixin, LabelsMixin, ModelAdmin):
    """The flow itself; its steps belong to a version and are drawn there."""

    used_kind, used_name = Kind.FLOW, "slug"
    form = FlowForm
    add_form_template = "admin/writing_form.html"
    change_form_template = "admin/flows/flow/change_form.html"
    list_display = ["__str__", "category", "position", "state"]
    list_filter = ["category"]
    list_select_related = ["category", "published_version"]
    fields = ["title", "slug", "category", "summary", "minutes", "position", "notices", "versions_of"]
    inlines = [FlowCaseInline]
    readonly_fields = ["versions_of"]

    @admin.display(description=_("customers see"))
    def state(self, flow: Flow) -> str:
        if flow.published_version is None or not flow.is_published:
            return gettext("nothing yet") if flow.published_version is None else gettext("withdrawn")
        number, languages = flow.published_version.number, ", ".join(flow.offered_languages)
        return gettext("version %(number)s (%(languages)s)") % {"number": number, "languages": languages}

    @admin.display(description=_("versions"))
    def versions_of(self, flow: Flow) -> SafeString | str:
        if not flow.pk:
            return gettext("Save the flow first; then draw its steps.")
        rows = [(address_of(version), version.number, _moment(version, flow)) for version in flow.versions.all()]
        return format_html_join("", '<div><a href="{}">{}</a> {}</div>', rows)

    def names_of(self, found: Flow) -> list[str]:
        return found.names

    def get_urls(self) -> list[URLPattern]:
        return [*desk.urls(self.admin_site), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Flow, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            obj.make_draft(request.user)
        elif form.has_changed():
            trail.record(obj, trail.What.CHANGED, request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Its versions go with it: a published one cannot be deleted by itself, which is no matter of leave."""
        rows, counts, perms, protected = super().get_deleted_objects(objs, request)
        if request.user.has_perm("flows.delete_flowversion"):
            perms = {name for name in perms if name != FlowVersion._meta.verbose_name}
        return rows, counts, perms, protected

    def delete_model(self, request: HttpRequest, obj: Flow) -> None:
        trail.record(obj, trail.What.DELETED, request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Flow]) -> None:
        for flow in queryset:
            trail.record(flow, trail.What.DELETED, request.user)
        super().delete_queryset(request, queryset)

    def response_change(self, request: HttpRequest, obj: Flow) -> HttpResponse:
        if "_draft" in request.POST:
            return redirect(address_of(obj.make_draft(request.user)))
        if "_withdraw" in request.POST:
            return self._withdraw(request, obj)
        return super().response_change(request, obj)

    def _withdraw(self, request: HttpRequest, obj: Flow) -> HttpResponse:
        version = obj.published_version or obj.make_draft(request.user)
        if asking := ask_before(request, obj, version):
            asking.is_apart = True  # type: ignore[attr-defined]  # the form itself is saved
            return asking
        try:
            review.do(Act.WITHDRAW, version, request.user)
        except NotAllowed as error:
            messages.error(request, str(error))
        else:
            messages.success(request, gettext("Customers no longer see this flow."))
        return redirect(request.path)

    def response_add(self, request: HttpRequest, obj: Flow, post_url_continue: str | None = None) -> HttpResponse:
        return redirect(address_of(obj.make_draft(request.user)))


def _moment(version: FlowVersion, flow: Flow) -> str:
    if version.is_draft:
        return gettext("draft")
    return (
        gettext("published; customers walk it")
        if flow.published_version_id == version.pk
        else gettext("published")
    )


@admin.register(FlowVersion)
class FlowVersionAdmin(ModelAdmin):
    """Reached from its flow; its page is the editor's own, since steps have options of their own."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return editor.page(request, int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0)

    def get_urls(self) -> list[URLPattern]:
        return [*rehearsal.urls(), *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FlowVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (
            obj is None or editor.may_change(request.user, obj)
        )
