"""The results page, the suggestions under the search box, and the count of what was opened."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles.languages import current_language
from articles.models import Category
from articles.origin import is_from_here

from . import querylog, results
from .forms import SearchForm
from .links import in_other_languages, links_to_pages, links_to_places

RESULTS_A_PAGE = 10
RESULTS_ELSEWHERE = 5
SUGGESTIONS_KEPT = 60  # seconds


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm.of(request)
    if not form.question:
        return render(request, "search/search.html", {"question": "", "categories": Category.objects.top_level()})
    found = results.search(form.question, current_language(), is_exact=form.is_exact)
    context = {"question": form.question, "found": found, "token": _note(request, form, found)}
    if found.is_good or (form.wants_all and found.visible):
        return render(request, "search/search.html", context | _page(request, form, found))
    return render(request, "search/no_answer.html", context | _help(form, found))


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    found = results.suggest(SearchForm.of(request).question, current_language())
    response = render(request, "search/_suggestions.html", {"suggestions": found})
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, max_age=SUGGESTIONS_KEPT)
    return response


@csrf_exempt
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """A result was opened, says the script of the results page; best effort."""
    if is_from_here(request):
        querylog.note_opened(request.POST.get("search", ""), request.POST.get("result", ""))
    return HttpResponse(status=204)


def _page(request: HttpRequest, form: SearchForm, found: results.Found) -> dict[str, object]:
    category = form.place()
    page = Paginator(found.references(category), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "category": category,
        "page": page,
        "results": found.results(list(page.object_list)),
        "places": links_to_places(form, found, category),
        "pages": links_to_pages(form, page, category),
        "alternates": in_other_languages(form.address(category, page.number)),
        "instead": form.address(category, exact=True) if found.is_corrected else "",
    }


def _help(form: SearchForm, found: results.Found) -> dict[str, object]:
    """Without a good answer: what another language says, and where to go on."""
    elsewhere = results.in_other_languages(form.question, found.language) if found.is_complete else []
    return {
        "elsewhere": [
            {
                "language": other.language,
                "name": dict(settings.LANGUAGES)[other.language],
                "results": other.results(other.references()[:RESULTS_ELSEWHERE]),
            }
            for other in elsewhere
        ],
        "weak_url": form.address(all=True) if found.visible else "",
        "nearest": found.nearest,
        "categories": [] if found.nearest else Category.objects.top_level(),
        "alternates": in_other_languages(form.address()),
    }


def _note(request: HttpRequest, form: SearchForm, found: results.Found) -> str:
    """Each question counts once: not its further pages, its categories, or what a browser fetches ahead."""
    is_first = not (form.wants_all or {"page", "category"} & request.GET.keys())
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.method == "HEAD"
    return querylog.note(form.question, found) if is_first and not is_ahead else ""
