"""The desk's page of links to other sites that are broken, each with the texts and steps that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from . import holders
from .external import ExternalLink
from .holders import Holder
from .numbers import whole
from .wake import wake_worker

ON_A_PAGE = 50
ADDRESS = "admin:articles_links"


def broken_links(request: HttpRequest) -> HttpResponse:
    """The broken links, the one that most places hold first; one can be asked for again at once."""
    if not request.user.has_perm("articles.view_translation"):
        raise PermissionDenied
    if request.method == "POST":
        return _ask_again(request)
    pages = Paginator(_broken(), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "title": _("Broken links"),
        "page": shown,
        "rows": _rows(list(shown), request.user),
        "is_on": settings.CHECK_LINKS,
        "may_ask": _may_ask(request.user),
        "checked": ExternalLink.objects.filter(checked_at__isnull=False).count(),
    }
    return render(request, "admin/articles/links.html", context)


def _broken() -> Any:
    return holders.counted(ExternalLink.objects.broken()).order_by("-count", "address", "pk")


def _rows(shown: Sequence[Any], user: Any) -> list[tuple[Any, list[Holder], int]]:
    """Each link with its first holders, and how many more there are."""
    listed = holders.listed(shown, user)
    return [(link, listed[link.pk], max(0, link.count - len(listed[link.pk]))) for link in shown]


def _ask_again(request: HttpRequest) -> HttpResponse:
    if not _may_ask(request.user):
        raise PermissionDenied
    ExternalLink.objects.filter(pk=whole(request.POST.get("link", "")) or 0).update(next_at=timezone.now())
    wake_worker()
    messages.success(request, _("It is asked for again within a minute; this page then says what was found."))
    return redirect(ADDRESS)


def _may_ask(user: Any) -> bool:
    return bool(user.has_perm("articles.change_translation"))
