"""Labels in the admin: one input for each language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from i18nfield.fields import I18nCharField, I18nTextField


class LabelsMixin:
    """Labels are written in every language, one input below the other, each with a name of its own."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not isinstance(db_field, I18nCharField | I18nTextField):
            return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        rows = {"widget_kwargs": {"attrs": {"rows": 4}}} if isinstance(db_field, I18nTextField) else {}
        field = db_field.formfield(**rows)
        for (_code, language), widget in zip(settings.LANGUAGES, field.widget.widgets, strict=True):
            widget.attrs["aria-label"] = f"{field.label} ({language})"
        return field
