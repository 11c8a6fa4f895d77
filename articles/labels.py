"""Labels at the desk: one input for each language, under the language's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, format_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput, I18nWidget


class _Named(I18nWidget):
    """The library tells the language by a placeholder only, which is gone with the first letter."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> str:
        written: str = super().render(name, value, {**(attrs or {}), "placeholder": False}, renderer)
        return written

    def format_output(self, rendered_widgets: Sequence[SafeString], id_: str) -> SafeString:
        names = dict(settings.LANGUAGES)
        rows = format_html_join(
            "",
            '<div class="in-language"><label for="{}_{}">{}</label>{}</div>',
            (
                (id_, number, capfirst(names[code]), rendered)
                for number, (code, rendered) in enumerate(zip(self.locales, rendered_widgets, strict=True))
            ),
        )
        return format_html('<div class="i18n-form-group" id="{}">{}</div>', id_, rows)


class _NamedInput(_Named, I18nTextInput):
    pass


class _NamedTextarea(_Named, I18nTextarea):
    pass


def formfield(db_field: Any, **kwargs: Any) -> Any:
    """The form field of a model's field; the inputs of a label have names of their own."""
    if not isinstance(db_field, I18nCharField | I18nTextField):
        return db_field.formfield(**kwargs)
    is_long = isinstance(db_field, I18nTextField)
    attrs = {"rows": 4} if is_long else {}
    field = db_field.formfield(widget=_NamedTextarea if is_long else _NamedInput, widget_kwargs={"attrs": attrs})
    for (_code, language), widget in zip(settings.LANGUAGES, field.widget.widgets, strict=True):
        # Put together when it is shown: forms are made once, whoever reads them.
        widget.attrs["aria-label"] = format_lazy("{} ({})", field.label, language)
    return field


class LabelsMixin:
    """Labels are written in every language, one input below the other."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, I18nCharField | I18nTextField):
            return formfield(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
