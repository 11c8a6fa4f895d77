"""Writing: articles with their translations side by side, categories, facts, notices, pictures."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from i18nfield.fields import I18nCharField, I18nTextField
from PIL import Image as Picture
from PIL import ImageOps

from . import facts
from .importing import measure
from .markdown import render as render_markdown
from .models import Article, Category, Image, OldSlug, PolicyFact, ServiceNotice, Translation

# Labels in every language, one input below the other.
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")


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


@admin.register(Category)
class CategoryAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "parent", "position", "icon"]
    list_editable = ["position"]
    list_select_related = ["parent"]


@admin.register(PolicyFact)
class PolicyFactAdmin(LabelsMixin, ModelAdmin):
    list_display = ["key", "number", "phrase"]
    search_fields = ["key"]


@admin.register(ServiceNotice)
class ServiceNoticeAdmin(LabelsMixin, ModelAdmin):
    list_display = ["__str__", "category", "is_pausing", "starts_at", "ends_at"]
    list_select_related = ["category"]


@admin.register(OldSlug)
class OldSlugAdmin(ModelAdmin):
    list_display = ["slug", "language", "translation"]
    list_select_related = ["translation"]
    search_fields = ["slug"]


class ImageForm(forms.ModelForm):
    file = forms.FileField(
        label=_("file"),
        help_text=_("PNG, JPEG, WebP or GIF. It is drawn anew, so that no place or camera is told."),
    )

    class Meta:
        model = Image
        fields = ["name"]

    def clean_file(self) -> ContentFile:
        return redraw(self.cleaned_data["file"])


def redraw(upload: UploadedFile) -> ContentFile:
    """The picture's pixels and nothing else of the file; ValidationError if it is no picture we show."""
    try:
        extension, _width, _height = measure(upload.read(), "")
        with Picture.open(upload) as picture:
            turned = ImageOps.exif_transpose(picture)
            turned.info = {}
            drawn = io.BytesIO()
            turned.save(drawn, "JPEG" if extension == "jpg" else extension.upper())
    except (ValueError, OSError) as error:
        raise ValidationError(gettext("This is not a picture in PNG, JPEG, WebP or GIF.")) from error
    return ContentFile(drawn.getvalue(), name=f"picture.{extension}")


@admin.register(Image)
class ImageAdmin(ModelAdmin):
    form = ImageForm
    list_display = ["name", "width", "height", "thumbnail"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: Image, form: ImageForm, change: bool) -> None:
        content: ContentFile = form.cleaned_data["file"]
        data = content.read()
        obj.sha256 = hashlib.sha256(data).hexdigest()
        obj.extension, obj.width, obj.height = measure(data, "")
        if not default_storage.exists(obj.path):
            default_storage.save(obj.path, ContentFile(data))
        super().save_model(request, obj, form, change)

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        return format_html('<img src="{}" alt="" height="48">', image.get_absolute_url())


class TranslationForm(forms.ModelForm):
    """One language of an article.  Who may not publish may not change what readers already see, either."""

    may_publish = True

    class Meta:
        model = Translation
        fields = ["language", "title", "slug", "summary", "body", "keywords", "published_at", "withdrawn_at"]
        widgets = {
            "language": forms.HiddenInput,
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField markdown"}),
            "keywords": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = gettext("Its address. Left empty, it is made from the title.")
        if self.may_publish:
            return
        locked = self.fields if self.instance.pk and self.instance.is_locked else ("published_at", "withdrawn_at")
        for name in locked:
            self.fields[name].disabled = True

    def clean_body(self) -> str:
        """The same text whatever the browser's line ends, so that saving unchanged changes nothing."""
        return self.cleaned_data["body"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("title"):
            cleaned["slug"] = slugify(cleaned["title"])[:150].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", gettext("The title has no letters for an address. Write a slug."))
        others = Translation.objects.filter(article=self.instance.article_id, language=cleaned.get("language"))
        if self.instance.article_id and others.exclude(pk=self.instance.pk).exists():
            self.add_error(None, gettext("Somebody has written this language meanwhile. Open it in another tab."))
        texts = f"{cleaned.get('summary', '')} {cleaned.get('body', '')}"
        used = facts.used_in(texts)
        unknown = (
            used - set(PolicyFact.objects.filter(key__in=used).values_list("key", flat=True)) if used else set()
        )
        for key in sorted(unknown):
            self.add_error(
                "body",
                gettext("There is no policy fact “%(key)s”. Make it first, or correct its name.") % {"key": key},
            )
        return cleaned

    @property
    def language_name(self) -> str:
        code = self["language"].value()
        return str(dict(settings.LANGUAGES).get(code, code))


class TranslationInline(admin.StackedInline):
    model = Translation
    form = TranslationForm
    template = "admin/articles/article/_translations.html"
    extra = 0
    view_on_site = False
    # One input with the browser's own calendar, rather than two without a label.
    formfield_overrides = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MOMENT}}

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """An empty form for every language that is missing."""
        return len(settings.LANGUAGES) - (obj.translations.count() if obj else 0)

    def get_formset(
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        may_publish = request.user.has_perm("articles.publish_translation")
        kwargs["form"] = type("TranslationForm", (TranslationForm,), {"may_publish": may_publish})
        written = set(obj.translations.values_list("language", flat=True)) if obj else set()
        missing = [code for code, _name in settings.LANGUAGES if code not in written]

        class Formset(super().get_formset(request, obj, **kwargs)):  # type: ignore[misc]
            def __init__(self, *args: Any, **given: Any) -> None:
                given["initial"] = [{"language": code} for code in missing]
                super().__init__(*args, **given)

        return Formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Translation]:
        return super().get_queryset(request).order_by("language")


@admin.register(Article)
class ArticleAdmin(ModelAdmin):
    """Article and translations on one page, each language with its preview."""

    change_form_template = "admin/articles/article/change_form.html"
    inlines = [TranslationInline]
    list_display = ["titles", "category", "states", "is_featured", "owner"]
    list_filter = ["category", "translations__language", "is_featured"]
    list_select_related = ["category", "owner"]
    search_fields = ["key", "translations__title", "translations__body", "translations__keywords"]
    fields = [("key", "category"), ("position", "is_featured", "owner")]

    class Media:
        js = ["js/preview.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).prefetch_related("translations")

    @admin.display(description=_("titles"))
    def titles(self, article: Article) -> SafeString:
        titles = [(found.title,) for found in article.translations.all()]
        return format_html_join("", "<div>{}</div>", titles or [(article.key,)])

    @admin.display(description=_("readers see"))
    def states(self, article: Article) -> str:
        return ", ".join(f"{found.language}: {found.state}" for found in article.translations.all()) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """What moves a live article, or puts it on the home page, is for those who publish."""
        is_live = obj is not None and any(found.is_locked for found in obj.translations.all())
        if request.user.has_perm("articles.publish_translation") or not is_live:
            return []
        return ["key", "category", "position", "is_featured"]

    def get_inline_instances(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        """Who may only look gets Django's own template, which shows texts and no boxes."""
        instances = super().get_inline_instances(request, obj)
        if not request.user.has_perm("articles.change_translation"):
            for inline in instances:
                inline.template = "admin/edit_inline/stacked.html"
        return instances

    def get_urls(self) -> list[URLPattern]:
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="articles_article_preview")
        return [preview, *super().get_urls()]

    # The form shows it in a frame of its own.
    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    def preview(self, request: HttpRequest) -> HttpResponse:
        """The text of one language's form as readers would see it; nothing is saved."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        prefix = request.POST.get("preview", "")
        given = {
            name: request.POST.get(f"{prefix}-{name}", "") for name in ("language", "title", "summary", "body")
        }
        language = given["language"] if given["language"] in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            context = {
                "translation": Translation(**given),
                "rendered": render_markdown(given["body"], language),
            }
            return render(request, "articles/preview.html", context)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if request.user.has_perm("articles.publish_translation"):
            self._publish(request, [one for one in formset.forms if one.prefix == request.POST.get("_publish")])
        # Not through the prefetched rows: those are from before the save.
        for saved in Translation.objects.filter(article=form.instance):
            self._warn(request, saved)

    def _publish(self, request: HttpRequest, forms_of_language: list[forms.ModelForm]) -> None:
        """Readers see the language whose “Save and publish” was pressed."""
        for saved in (
            one.instance for one in forms_of_language if one.instance.pk and not one.instance.is_published
        ):
            saved.published_at, saved.withdrawn_at = timezone.now(), None
            saved.save()
            address = format_html('<a href="{}">{}</a>', saved.get_absolute_url(), saved.title)
            messages.success(request, format_html(gettext("Readers now see {}."), address))

    def _warn(self, request: HttpRequest, saved: Translation) -> None:
        for name in render_markdown(saved.body, saved.language).missing:
            messages.warning(
                request,
                gettext("“%(title)s” names %(name)s, which readers cannot reach: they see the words without it.")
                % {"title": saved.title, "name": name},
            )
