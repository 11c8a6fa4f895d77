"""The desk's page of links to other sites that are broken, each with the texts that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from .checkdesk import place_url
from .external import ExternalLink, LinkUse
from .models import Translation
from .numbers import whole
from .reading import line_of
from .wake import wake_worker

ON_A_PAGE = 50
MOST_HOLDERS = 20  # texts listed of one link
ADDRESS = "admin:articles_links"


@dataclass(frozen=True)
class Holder:
    """A text that holds a broken link: what readers see of it, and the place."""

    title: str
    language: str
    state: str
    url: str


def broken_links(request: HttpRequest) -> HttpResponse:
    """The broken links, the one that most texts hold first; one can be asked for again at once."""
    if not request.user.has_perm("articles.view_translation"):
        raise PermissionDenied
    if request.method == "POST":
        return _ask_again(request)
    pages = Paginator(_broken(), ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "title": _("Broken links"),
        "page": shown,
        "rows": [(link, _holders(link, request.user), max(0, link.count - MOST_HOLDERS)) for link in shown],
        "is_on": settings.CHECK_LINKS,
        "may_ask": _may_ask(request.user),
        "checked": ExternalLink.objects.filter(checked_at__isnull=False).count(),
    }
    return render(request, "admin/articles/links.html", context)


def _broken() -> Any:
    holders = LinkUse.objects.select_related("translation__article", "translation__applied").order_by("pk")
    broken = ExternalLink.objects.broken().annotate(count=Count("uses")).order_by("-count", "address", "pk")
    return broken.prefetch_related(Prefetch("uses", holders[:MOST_HOLDERS], to_attr="first_uses"))


def _holders(link: Any, user: Any) -> list[Holder]:
    return [_holder(use.translation, link.address, user) for use in link.first_uses]


def _holder(translation: Translation, address: str, user: Any) -> Holder:
    return Holder(
        title=translation.title,
        language=translation.get_language_display(),
        state=translation.state,
        url=place_url(translation, "body", line_of(address, translation.body), user),
    )


def _ask_again(request: HttpRequest) -> HttpResponse:
    if not _may_ask(request.user):
        raise PermissionDenied
    ExternalLink.objects.filter(pk=whole(request.POST.get("link", "")) or 0).update(next_at=timezone.now())
    wake_worker()
    messages.success(request, _("It is asked for again within a minute; this page then says what was found."))
    return redirect(ADDRESS)


def _may_ask(user: Any) -> bool:
    return bool(user.has_perm("articles.change_translation"))
