"""The results page, and the suggestions under the search box."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.models import Category

from . import results
from .forms import SearchForm
from .links import in_other_languages, links_to_pages, links_to_places

RESULTS_A_PAGE = 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm.of(request)
    if not form.question:
        return render(request, "search/search.html", {"question": "", "categories": Category.objects.top_level()})
    found = results.search(form.question, _language())
    category = form.place()
    page = Paginator(found.references(category), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "question": form.question,
        "found": found,
        "category": category,
        "page": page,
        "results": found.results(list(page.object_list)),
        "places": links_to_places(form, found, category),
        "pages": links_to_pages(form, page, category),
        "alternates": in_other_languages(form.address(category, page.number)),
        "categories": [] if page.paginator.count else Category.objects.top_level(),
    }
    return render(request, "search/search.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    found = results.suggest(SearchForm.of(request).question, _language())
    response = render(request, "search/_suggestions.html", {"suggestions": found})
    response["X-Robots-Tag"] = "noindex"
    return response


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
