"""Pages of the admin that say where their thing is used, and what follows when it is deleted."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import consequences, uses
from .consequences import Consequence
from .uses import Kind, Used

MOST_LISTED = 20  # things whose places are listed before many are deleted at once


class UsedMixin(ModelAdmin):
    """Says where each is used, beside its form and before it is deleted."""

    used_kind: Kind
    used_name: str  # the field that holds its key
    is_kept_while_used = False  # it cannot be deleted then

    change_form_template = "admin/used_form.html"
    delete_confirmation_template = "admin/used_delete.html"
    delete_selected_confirmation_template = "admin/used_delete_selected.html"

    def used(self, found: Any) -> Used:
        return uses.used(self.used_kind, *self.names_of(found))

    def names_of(self, found: Any) -> list[str]:
        """What texts may call it."""
        return [getattr(found, self.used_name)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found = context.get("original")
        if found is not None and found.pk:
            # Not the form's own row, which holds what was typed.
            stored = type(found)._default_manager.get(pk=found.pk)
            context |= {"used": self.used(stored), "used_is": self.used_kind}
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered

    @transaction.atomic  # for the lock that WritingMixin.get_object takes of what is posted
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, unquote(object_id))
        context = extra_context or {}
        if found is not None and self.has_delete_permission(request, found):
            used = self.used(found)
            if used and self.is_kept_while_used:
                messages.error(request, kept_words(found, used))
                return redirect(reverse(_change_view(found), args=[found.pk]))
            context |= {"consequences": consequences.of_deleting(used)}
        response: HttpResponse = super().delete_view(request, object_id, context)
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What goes with it, without the rows that the machine keeps for itself and would write again."""
        rows, counts, perms, protected = super().get_deleted_objects(objs, request)
        options = [model._meta for model in apps.get_models() if getattr(model, "is_derived", False)]
        counts = {
            name: count for name, count in counts.items() if name not in {o.verbose_name_plural for o in options}
        }
        return _without(rows, tuple(f"{capfirst(o.verbose_name)}: " for o in options)), counts, perms, protected

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            _function, name, words = actions["delete_selected"]
            actions["delete_selected"] = (delete_used, name, words)
        return actions


def _without(rows: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """The nested list without what begins so; nothing is below such a row."""
    kept = [row for row in rows if isinstance(row, list) or not str(row).startswith(beginnings)]
    nested = [_without(row, beginnings) if isinstance(row, list) else row for row in kept]
    return [row for row in nested if row != []]


def delete_used(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
    """Django's deletion of what was chosen, told what uses it; where that keeps one of them, none is deleted."""
    by_name = {name: found for found in queryset for name in model_admin.names_of(found)}
    counts = uses.counts(model_admin.used_kind, list(by_name))
    in_use = list(dict.fromkeys(by_name[name] for name in counts))
    used = [(found, model_admin.used(found)) for found in in_use[:MOST_LISTED]]
    if used and model_admin.is_kept_while_used:
        for found, places in used:
            messages.error(request, kept_words(found, places))
        messages.error(request, _("Nothing was deleted."))
        return None
    response = delete_selected(model_admin, request, queryset)
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        response.context_data["consequences"] = [
            Consequence(f"{found}: {one.sentence}", one.places, one.more)
            for found, places in used
            for one in consequences.of_deleting(places)
        ]
    return response


delete_used.allowed_permissions = ["delete"]  # type: ignore[attr-defined]


def kept_words(found: Any, used: Used) -> str:
    """Why it cannot be deleted, with the places by name."""
    said = ngettext(
        "“%(name)s” cannot be deleted: it is used in %(count)d place. %(places)s.",
        "“%(name)s” cannot be deleted: it is used in %(count)d places. %(places)s.",
        used.count,
    )
    return said % {"name": found, "count": used.count, "places": uses.named(used.places, used.count)}


def _change_view(found: Model) -> str:
    return f"admin:{found._meta.app_label}_{found._meta.model_name}_change"
