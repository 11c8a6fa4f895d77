"""Writing: articles with their translations side by side, categories, facts, notices, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import bulkdesk, calendarpage, desk, editor, filing, newarticle, review, trail
from . import factdesk as factdesk
from . import taskadmin as taskadmin
from .articlelist import ArticleList
from .checkdesk import ChecksMixin, say_what_stops, say_what_was_found
from .consequences import CarefulForm, Consequence, of_address, of_moving, of_moving_category, refuse_renaming
from .inspecting import Blocked
from .labels import LabelsMixin as LabelsMixin
from .models import Article, Category, Deed, Image, OldSlug, ServiceNotice, Translation
from .pictures import keep, redraw
from .review import Act
from .stages import NotAllowed
from .textform import TranslationForm
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


@admin.register(Category)
class CategoryAdmin(UsedMixin, WritingMixin, LabelsMixin, ModelAdmin):
    used_kind, used_name = Kind.CATEGORY, "slug"
    form = CategoryForm
    change_form_template = add_form_template = "admin/writing_form.html"
    list_display = ["__str__", "parent", "position", "icon"]
    list_editable = ["position"]
    list_select_related = ["parent"]


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


class ImageForm(forms.ModelForm):
    file = forms.FileField(
        label=_("file"),
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


class TranslationInline(admin.StackedInline):
    model = Translation
    form = TranslationForm
    template = "admin/articles/article/_translations.html"
    extra = 0
    view_on_site = False

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """An empty form for every language that is missing."""
        return len(settings.LANGUAGES) - (obj.translations.count() if obj else 0)

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Who may only look sees the text's own fields; what a change is about is for who makes one."""
        if request.user.has_perm("articles.change_translation"):
            return super().get_fields(request, obj)
        return [*TranslationForm.Meta.fields, "published_at", "withdrawn_at"]

    def get_formset(
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[BaseInlineFormSet]:
        kwargs["form"] = type("TranslationForm", (TranslationForm,), {"by": request.user})
        written = set(obj.translations.values_list("language", flat=True)) if obj else set()
        missing = [code for code, _name in settings.LANGUAGES if code not in written]

        class Formset(super().get_formset(request, obj, **kwargs)):  # type: ignore[misc]
            def __init__(self, *args: Any, **given: Any) -> None:
                given["initial"] = [{"language": code} for code in missing]
                super().__init__(*args, **given)

            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                if box := form.fields.get("DELETE"):
                    box.label = gettext("Delete this language")
                    box.help_text = gettext(
                        "With its history, when you save. To take it from readers, withdraw it."
                    )

        return Formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Translation]:
        return super().get_queryset(request).order_by("language")


class ArticleForm(CarefulForm):
    class Meta:
        model = Article
        fields = ["key", "category", "position", "is_featured", "source_language", "owner", "check_by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("source_language"):
            field.required = field.show_hidden_initial = False
        if self.instance.pk is None and (field := self.fields.get("key")):
            field.required = False
            field.help_text = gettext("Links use it; it never shows. Left empty, it is made from the title.")

    def clean_key(self) -> str:
        """Left empty for a new article, it is made from what the article is called."""
        key = self.cleaned_data["key"]
        if self.instance.pk is None:
            return key or newarticle.key_from(newarticle.titles_in(self.data, self.instance.source_language))
        refuse_renaming(Kind.ARTICLE, self.initial.get("key", ""), key)
        return key

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        stored = Article.objects.select_related("category").get(pk=self.instance.pk)
        return of_moving(stored, cleaned.get("category"))

    def clean_source_language(self) -> str:
        """Where nothing is chosen it stays what it is; a new article is written in the language that it has."""
        chosen = self.cleaned_data["source_language"] or self.instance.source_language
        if self.instance.pk is None and chosen == self.instance.source_language:
            return next(iter(newarticle.titles_in(self.data, chosen)), chosen)
        return chosen


@admin.register(Article)
class ArticleAdmin(ChecksMixin, UsedMixin, WritingMixin, ArticleList):
    """Article and translations on one page, each language with its preview."""

    used_kind, used_name = Kind.ARTICLE, "key"
    form = ArticleForm
    add_form_template = change_form_template = "admin/articles/article/change_form.html"
    change_list_template = "admin/articles/article/change_list.html"
    inlines = [TranslationInline]
    fieldsets = [
        (None, {"fields": [("category", "key")]}),
        (
            _("Place, languages and who keeps it true"),
            {
                "fields": [("position", "is_featured"), ("source_language", "owner"), "check_by"],
                "classes": ["collapse"],
            },
        ),
    ]

    class Media:
        js = [f"js/{name}.js" for name in ("preview", "markdown", "choosing", "pictures", "place")]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who writes it keeps it true, until they give it to somebody else."""
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def locked_with(self, found: Article) -> Article:
        # Not through the prefetched rows, whose number of the newest revision no database locks.
        list(Translation.objects.select_for_update().filter(article=found).order_by("pk"))
        return found

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
        own = [*editor.urls(self.admin_site), *desk.urls(self.admin_site), *bulkdesk.urls(self.admin_site)]
        return [*own, *calendarpage.urls(self.admin_site), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if article := context.get("original"):
            source = article.source
            context["subtitle"] = source.title if source else article.key
        context["most_bytes"] = settings.FILE_SIZE
        context["may_publish"] = request.user.has_perm("articles.publish_translation")
        context["review_is_on"], context["review_is_required"] = review.is_on(), review.is_required()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        before = Article.objects.select_related("category", "owner").filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before:
            filing.note_move(obj, before.category, request.user)
            filing.note_assignment(obj, before.owner, request.user)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        _record_deletion(request, obj.translations.all())
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        _record_deletion(request, Translation.objects.filter(article__in=queryset))
        super().delete_queryset(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool) -> None:
        _record_deletion(request, [one.instance for one in formset.deleted_forms if one.instance.pk])
        super().save_formset(request, form, formset, change)
        written = [one for one in formset.forms if one.instance.pk and one not in formset.deleted_forms]
        for one in written:
            pressed = [act for act in (Act.PUBLISH, Act.SUBMIT) if request.POST.get(f"_{act}") == one.prefix]
            # Not the form's own row: that is from before the save.
            saved = Translation.objects.select_related("article").get(pk=one.instance.pk)
            for act in pressed:
                self._go_on(request, act, saved)
            if not pressed and hasattr(one, "written"):
                self._say_who_is_next(request, saved)
            if one.has_changed() and not getattr(request, "stopped_by_checks", False):
                say_what_was_found(request, saved)

    def _go_on(self, request: HttpRequest, act: Act, saved: Translation) -> None:
        """The language whose button was pressed is published, or somebody is asked to review it."""
        newest = saved.newest
        if newest is None:
            return
        try:
            review.do(act, newest, request.user)
        except Blocked as error:
            say_what_stops(request, saved, error)
            return
        except NotAllowed as error:
            messages.error(request, f"{newest.title}: {error}")
            return
        saved.refresh_from_db()
        if act == Act.PUBLISH:
            address = format_html('<a href="{}">{}</a>', saved.get_absolute_url(), saved.title)
            messages.success(request, format_html(gettext("Readers now see {}."), address))
        else:
            self._say_who_is_next(request, saved)

    def _say_who_is_next(self, request: HttpRequest, saved: Translation) -> None:
        newest = saved.newest
        if newest is None:
            return
        page = format_html('<a href="{}">{}</a>', saved.work_url, newest)
        words = gettext("Saved: {}. Readers do not see it yet.") if saved.is_published else gettext("Saved: {}.")
        messages.success(request, format_html("{} {}", format_html(words, page), review.next_act(newest)))


@admin.register(Deed)
class DeedAdmin(ModelAdmin):
    """The trail of the whole site, to read."""

    list_display = ["at", "who", "what", "linked", "number", "words"]
    list_display_links = None
    list_filter = ["what", ("by", admin.RelatedOnlyFieldListFilter), "at"]
    search_fields = ["label", "by_name", "words"]
    date_hierarchy = "at"
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Deed | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Deed | None = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def linked(self, deed: Deed) -> SafeString | str:
        return (
            format_html('<a href="{}">{}</a>', deed.subject.work_url, deed.label) if deed.subject else deed.label
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deed]:
        return super().get_queryset(request).prefetch_related("subject")


def _record_deletion(request: HttpRequest, translations: Iterable[Translation]) -> None:
    for deleted in translations:
        trail.record(deleted, trail.What.DELETED, request.user)
