"""Writing an article: its languages side by side, each saved, sent to review or published by its button."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import bulkdesk, calendarpage, desk, editor, filing, review, trail
from .articleform import ArticleForm, TranslationInline
from .articlelist import ArticleList
from .checkdesk import ChecksMixin, say_what_stops, say_what_was_found
from .inspecting import Blocked
from .models import Article, Translation
from .review import Act
from .stages import NotAllowed
from .useddesk import UsedMixin
from .uses import Kind
from .writing import WritingMixin


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
            self._say_who_is_next(request, saved)
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


def _record_deletion(request: HttpRequest, translations: Iterable[Translation]) -> None:
    for deleted in translations:
        trail.record(deleted, trail.What.DELETED, request.user)
