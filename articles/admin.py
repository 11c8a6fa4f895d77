"""The desk's pages of the knowledge base: those named here, and categories, notices, old addresses, the trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import articleadmin as articleadmin
from . import factdesk as factdesk
from . import imageadmin as imageadmin
from . import taskadmin as taskadmin
from .consequences import CarefulForm, Consequence, of_address, of_moving_category
from .labels import LabelsMixin
from .models import Category, Deed, OldSlug, ServiceNotice
from .readonly import ReadOnly
from .useddesk import UsedMixin
from .uses import Kind
from .writing import WritingMixin


class CategoryForm(CarefulForm):
    class Meta:
        model = Category
        fields = ["name", "slug", "description", "icon", "parent", "position"]

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        stored = Category.objects.select_related("parent").get(pk=self.instance.pk)
        return [*of_address(stored, cleaned.get("slug", "")), *of_moving_category(stored, cleaned.get("parent"))]


class CategoryRow(forms.ModelForm):
    """In the list a position has neither its label nor its help beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if position := self.fields.get("position"):
            position.widget.attrs["aria-label"] = position.label
            position.help_text = ""


@admin.register(Category)
class CategoryAdmin(UsedMixin, WritingMixin, LabelsMixin, ModelAdmin):
    used_kind, used_name = Kind.CATEGORY, "slug"
    form = CategoryForm
    change_form_template = add_form_template = "admin/writing_form.html"
    list_display = ["__str__", "parent", "position", "icon"]
    list_editable = ["position"]
    list_select_related = ["parent"]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, form=CategoryRow, **kwargs)


@admin.register(ServiceNotice)
class ServiceNoticeAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "category", "is_pausing", "starts_at", "ends_at"]
    list_select_related = ["category"]


@admin.register(OldSlug)
class OldSlugAdmin(ModelAdmin):
    """Addresses that texts had; each leads to a text, whatever that is called now."""

    list_display = ["slug", "language", "leads_to"]
    list_filter = ["language"]
    list_select_related = ["translation"]
    search_fields = ["slug", "translation__slug", "translation__title"]

    @admin.display(description=_("leads to"))
    def leads_to(self, old: OldSlug) -> SafeString:
        found = old.translation
        said = found.title if found.is_published else gettext("%(title)s (hidden: 404)") % {"title": found.title}
        return format_html('<a href="{}">{}</a>', found.work_url, said)


@admin.register(Deed)
class DeedAdmin(ReadOnly, ModelAdmin):
    """The trail of the whole site, to read."""

    list_display = ["at", "by_whom", "what", "linked", "number", "words"]
    list_display_links = None
    list_filter = ["what", ("by", admin.RelatedOnlyFieldListFilter), "at"]
    search_fields = ["label", "by_name", "words"]
    date_hierarchy = "at"
    list_per_page = 50

    @admin.display(description=_("who"), ordering="by_name")
    def by_whom(self, deed: Deed) -> str:
        return deed.who

    @admin.display(description=_("text"))
    def linked(self, deed: Deed) -> SafeString | str:
        return (
            format_html('<a href="{}">{}</a>', deed.subject.work_url, deed.label) if deed.subject else deed.label
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deed]:
        return super().get_queryset(request).prefetch_related("subject")
