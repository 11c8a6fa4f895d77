"""The home page, the pages about the site, and the errors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import Category, ServiceNotice, Translation
from flows.models import Flow

FEATURED, FLOWS = 8, 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "categories": Category.objects.top_level().with_article_count(),
        "featured": Translation.objects.published().in_language().featured().in_order()[:FEATURED],
        "flows": Flow.objects.offered().in_order()[:FLOWS],
        "notices": ServiceNotice.objects.current().filter(category=None),
    }
    return render(request, "helpcenter/home.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "helpcenter/accessibility.html", {"support_email": settings.SUPPORT_EMAIL})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "helpcenter/privacy.html", {"support_email": settings.SUPPORT_EMAIL})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read everything but what depends on one customer."""
    lines = ["User-agent: *", "Disallow: /admin/"]
    for code, _name in settings.LANGUAGES:
        lines += [f"Disallow: /{code}/contact/", f"Disallow: /{code}/search/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database, which may be what failed."""
    return render(request, "500.html", status=500)
