"""The home page, the pages about the site, and the errors."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles import brand
from articles.models import Category, ServiceNotice, Translation
from contact import drafts
from flows.models import Flow

FEATURED, FLOWS = 8, 8
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
CHUNK, DRAINED = 64 * 1024, 32 * 1024 * 1024


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "categories": Category.objects.top_level().with_article_count(),
        "featured": Translation.objects.published().in_language().featured().in_order()[:FEATURED],
        "flows": Flow.objects.offered().in_turn()[:FLOWS],
        "notices": ServiceNotice.objects.current().filter(category=None, flows=None),
    }
    return render(request, "helpcenter/home.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "helpcenter/accessibility.html", {"support_email": brand.support_email()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "support_email": brand.support_email(),
        "search_log_days": settings.SEARCH_LOG_DAYS,
        "vote_words_days": settings.VOTE_WORDS_DAYS,
    }
    return render(request, "helpcenter/privacy.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read everything but what depends on one customer."""
    lines = ["User-agent: *", "Disallow: /admin/"]
    for code, _name in settings.LANGUAGES:
        lines += [f"Disallow: /{code}/{place}/" for place in ("contact", "search", "preview")]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.method == "POST" and isinstance(exception, TOO_MUCH):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """Says what became of the text; asks nothing of the database."""
    # A browser that is still sending when we hang up shows an error of its own instead of this page.
    left = DRAINED
    while left > 0 and (chunk := request.read(CHUNK)):
        left -= len(chunk)
    response = render(request, "413.html", {"has_draft": drafts.COOKIE in request.COOKIES}, status=413)
    response["Cache-Control"] = "no-store"
    return response


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what failed."""
    return render(request, "500.html", status=500)
