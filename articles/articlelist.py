"""The list of articles at the desk: what it shows, how it is searched and filtered, what is done with many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import bulkdesk, finding
from .bulk import PERMISSIONS, Bulk
from .models import Article, Translation


def _action(kind: Bulk) -> Callable[..., HttpResponse]:
    def begin(model_admin: Any, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse:
        return bulkdesk.begin(request, kind, list(queryset.values_list("pk", flat=True)))

    begin.__name__ = f"{kind.name.lower()}_many"
    return admin.action(description=kind.label)(begin)


class ArticleList(admin.ModelAdmin):
    list_display = ["texts", "category", "kept_by"]
    list_display_links = None  # each title is a link
    list_filter = [
        finding.StateFilter,
        finding.LanguageFilter,
        finding.StaleFilter,
        finding.OwnerFilter,
        finding.CategoryFilter,
        finding.CheckFilter,
        "is_featured",
    ]
    list_select_related = ["category", "owner"]
    list_per_page = 50
    list_max_show_all = 200
    search_fields = ["key"]  # and all that the texts say
    actions = [_action(kind) for kind in Bulk]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        texts = Translation.objects.with_newest_number().select_related("applied")
        texts = texts.defer("body", "keywords", "applied__body", "applied__keywords").order_by("language")
        return super().get_queryset(request).prefetch_related(Prefetch("translations", texts))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return finding.saying(queryset, search_term), False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What this person's role never allows is not offered."""
        offered: dict[str, Any] = super().get_actions(request)
        for kind in Bulk:
            if not request.user.has_perm(PERMISSIONS[kind]):
                offered.pop(f"{kind.name.lower()}_many", None)
        return offered

    @admin.display(description=_("kept true by"), ordering="check_by")
    def kept_by(self, article: Article) -> SafeString:
        """Who, and by when they look at it again."""
        day = date_format(article.check_by, "SHORT_DATE_FORMAT") if article.check_by else "–"
        return format_html('<div>{}</div><div class="quiet">{}</div>', article.owner or gettext("nobody"), day)

    @admin.display(description=_("texts"), ordering="key")
    def texts(self, article: Article) -> SafeString:
        """A line for each language: its title leads to where it is written, its state to where it is published."""
        line = (
            '<div class="text-line"><span class="tag">{}</span> <div><a href="{}">{}</a> '
            '<a class="state" href="{}">{}</a></div></div>'
        )
        found = [
            (one.language, article.work_url, one.title, one.work_url, _state(one))
            for one in article.translations.all()
        ]
        return format_html_join("", line, found) or format_html(
            '<a href="{}">{}</a>', article.work_url, article.key
        )


def _state(found: Any) -> str:
    """What readers see of a text, whether somebody has written a newer one, whether it lags behind."""
    notes = [found.state]
    if found.applied is not None and found.newest_number > found.applied.number:
        notes.append(gettext("a newer one waits"))
    if found.stale_since:
        notes.append(gettext("outdated"))
    return " · ".join(notes)
