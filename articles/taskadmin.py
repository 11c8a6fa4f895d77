"""All tasks, to find, hand on and read; they are made where the text is, and done with one click there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import task
from .keeping import writers
from .models import Task


class DoneFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to do")), ("done", _("done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        is_open = {"open": True, "done": False}.get(self.value() or "")
        return queryset if is_open is None else queryset.filter(done_at__isnull=is_open)


@admin.register(Task)
class TaskAdmin(ModelAdmin):
    list_display = ["words", "about", "assigned_to", "made_by", "made_at", "done_at"]
    list_filter = [DoneFilter, ("assigned_to", admin.RelatedOnlyFieldListFilter), "translation__language"]
    list_select_related = ["translation", "assigned_to", "made_by"]
    list_per_page = 50
    search_fields = ["words", "translation__title"]
    fields = ["about", "words", "heard", "assigned_to", "made_by", "made_at", "done_by", "done_at"]
    readonly_fields = ["about", "heard", "made_by", "made_at", "done_by", "done_at"]

    actions = ["finish", "reopen"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj and "assigned_to" in form.base_fields:
            form.base_fields["assigned_to"].queryset = writers(obj.translation)
        return form

    def save_model(self, request: HttpRequest, obj: Task, form: Any, change: bool) -> None:
        """Whoever gets a task that was somebody else's is told."""
        super().save_model(request, obj, form, change)
        if "assigned_to" in form.changed_data and obj.done_at is None:
            task.tell(obj, request.user)

    @admin.action(description=_("Mark as done"), permissions=["change"])
    def finish(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        for one in tasks.with_people():  # type: ignore[attr-defined]
            task.do(one, request.user)

    @admin.action(description=_("Mark as to be done"), permissions=["change"])
    def reopen(self, request: HttpRequest, tasks: QuerySet[Task]) -> None:
        for one in tasks.with_people():  # type: ignore[attr-defined]
            task.undo(one, request.user)

    @admin.display(description=_("what a reader wrote"))
    def heard(self, one: Task) -> str:
        return one.vote.words if one.vote and one.vote.words else "–"

    @admin.display(description=_("text"))
    def about(self, one: Task) -> SafeString:
        return format_html('<a href="{}">{}</a>', one.translation.work_url, one.translation.title)
