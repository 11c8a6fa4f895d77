"""The editors' desk for search: what people look for, synonyms, search cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.readonly import ReadOnly

from . import cases, keyworddesk
from .models import LoggedSearch, SearchCase, SearchCount, Synonym

ROWS_A_PAGE = 50
SPANS = (7, 30)  # days


@admin.register(Synonym)
class SynonymAdmin(ModelAdmin):
    list_display = ["__str__", "language"]
    list_filter = ["language"]
    search_fields = ["words"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A search that found nothing comes with its words; the editor adds what they mean."""
        return {name: request.GET.get(name, "") for name in ("language", "words") if name in request.GET}


@admin.register(SearchCase)
class SearchCaseAdmin(ModelAdmin):
    list_display = ["question", "language", "expected", "state"]
    list_filter = ["language"]
    list_select_related = ["article", "flow"]
    list_per_page = 50
    search_fields = ["question"]
    autocomplete_fields = ["article"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {name: request.GET.get(name, "") for name in ("language", "question") if name in request.GET}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        shown = list(changelist.result_list)
        places = cases.places(shown)
        for case in shown:
            case.place = places[case.pk]
        changelist.result_list = shown
        return changelist

    @admin.display(description=_("must find"))
    def expected(self, case: SearchCase) -> str:
        return str(case.article or case.flow)

    @admin.display(description=_("finds it"))
    def state(self, case: Any) -> str:
        if not case.place:
            return gettext("✗ not among the results")
        if case.place > SearchCase.FIRST:
            return gettext("✗ only as number %(place)s") % {"place": case.place}
        return gettext("✓ number %(place)s") % {"place": case.place}


@admin.register(SearchCount)
class SearchCountAdmin(ReadOnly, ModelAdmin):
    list_display = ["day", "language", "searches", "unanswered", "corrected", "opened"]
    list_filter = ["language"]
    date_hierarchy = "day"


class ReportForm(forms.Form):
    """What of the searches is shown; what cannot be read counts as not chosen."""

    SHOWN = [
        ("unanswered", _("Without an answer")),
        ("unopened", _("Nothing was opened")),
        ("frequent", _("Most frequent")),
    ]

    show = forms.ChoiceField(choices=SHOWN, required=False)
    language = forms.CharField(required=False)
    days = forms.TypedChoiceField(choices=[(days, days) for days in SPANS], coerce=int, required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        language = self.cleaned_data.get("language", "")
        return {
            "show": self.cleaned_data.get("show") or "unanswered",
            "language": language if language in dict(settings.LANGUAGES) else "",
            "days": self.cleaned_data.get("days") or SPANS[-1],
        }


@admin.register(LoggedSearch)
class LoggedSearchAdmin(ReadOnly, ModelAdmin):
    """A report rather than a list: nobody reads ten thousand questions one by one."""

    list_display = ["asked", "language", "asked_at", "result_count", "is_answered"]

    def get_urls(self) -> list[URLPattern]:
        keyword = path(
            "keyword/", self.admin_site.admin_view(self.keyword_view), name="search_loggedsearch_keyword"
        )
        return [keyword, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        chosen = ReportForm(request.GET).chosen()
        rows = self._rows(chosen)
        page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("What people look for"),
            "opts": self.opts,
            "chosen": chosen,
            "tabs": [
                (label, _address(chosen | {"show": show}), show == chosen["show"])
                for show, label in ReportForm.SHOWN
            ],
            "languages": [
                (name, _address(chosen | {"language": code}), code == chosen["language"])
                for code, name in [("", _("All languages")), *settings.LANGUAGES]
            ],
            "spans": [(days, _address(chosen | {"days": days}), days == chosen["days"]) for days in SPANS],
            "page": page,
            "rows": [row | _repairs(row) for row in page.object_list],
            "may_repair": request.user.has_perm("search.add_synonym"),
            "previous": _address(chosen | {"page": page.number - 1}) if page.has_previous() else "",
            "next": _address(chosen | {"page": page.number + 1}) if page.has_next() else "",
            "kept_days": settings.SEARCH_LOG_DAYS,
        }
        return render(request, "admin/search/loggedsearch/report.html", context)

    def _rows(self, chosen: dict[str, Any]) -> QuerySet[LoggedSearch, dict[str, object]]:
        found = LoggedSearch.objects.since(chosen["days"])
        if chosen["language"]:
            found = found.filter(language=chosen["language"])
        if chosen["show"] == "unanswered":
            found = found.unanswered()
        return found.unopened() if chosen["show"] == "unopened" else found.by_question()

    def keyword_view(self, request: HttpRequest) -> HttpResponse:
        return keyworddesk.keyword(request, {**self.admin_site.each_context(request), "opts": self.opts})


def _address(chosen: dict[str, Any]) -> str:
    given = {name: value for name, value in chosen.items() if value}
    return f"{reverse('admin:search_loggedsearch_changelist')}?{urlencode(given)}"


def _repairs(row: dict[str, Any]) -> dict[str, str]:
    """The language's name, and where one click leads from a question."""
    pages = {
        "keyword_url": ("search_loggedsearch_keyword", "keyword"),
        "synonym_url": ("search_synonym_add", "words"),
        "case_url": ("search_searchcase_add", "question"),
    }
    language = str(dict(settings.LANGUAGES).get(row["language"], row["language"]))
    return {"language_name": language} | {
        name: f"{reverse(f'admin:{page}')}?{urlencode({'language': row['language'], field: row['asked']})}"
        for name, (page, field) in pages.items()
    }
