"""Pictures at the desk: given a name, drawn anew and kept."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .consequences import refuse_renaming
from .models import Image
from .pictures import keep, redraw
from .useddesk import UsedMixin
from .uses import Kind


class ImageForm(forms.ModelForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PNG, JPEG, WebP or GIF. It is drawn anew, so that no place or camera is told."),
    )

    class Meta:
        model = Image
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and (field := self.fields.get("file")):
            field.required = False
            field.help_text = gettext("Left empty, the picture stays as it is.")

    def clean_name(self) -> str:
        """A space or a bracket would end the name in a text."""
        name: str = self.cleaned_data["name"]
        if not re.fullmatch(r"[\w.-]+", name):
            raise ValidationError(gettext("Use letters, digits, dots, hyphens and underscores only."))
        refuse_renaming(Kind.IMAGE, self.initial.get("name", ""), name)
        return name

    def clean_file(self) -> ContentFile | None:
        given = self.cleaned_data["file"]
        return redraw(given) if given else None


@admin.register(Image)
class ImageAdmin(UsedMixin, ModelAdmin):
    used_kind, used_name = Kind.IMAGE, "name"
    form = ImageForm
    list_display = ["name", "width", "height", "thumbnail"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        content: ContentFile | None = form.cleaned_data["file"]
        if content:
            keep(obj, content.read())
        super().save_model(request, obj, form, change)

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        return format_html('<img src="{}" alt="" height="48">', image.thumbnail_url)
