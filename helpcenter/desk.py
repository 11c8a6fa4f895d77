"""The staff's desk: Django's admin under the help center's name, which loses nothing that was typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import update_wrapper
from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from articles.desk import keep_posted
from articles.writing import typed_in

from . import startpage, waiting

TYPED = "typed"


class HelpCenterAdmin(AdminSite):
    site_header = _("Help Center")
    site_title = _("Help Center")
    index_title = _("Desk")
    site_url = "/"

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """As Django's, but a form that comes in after the login has expired is kept through the next login.

        What an address asks for and no database can hold is answered as any other wrong lookup.
        """
        inner = super().admin_view(view, cacheable)

        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not self.has_permission(request) and "seen" in request.POST:
                return self.login_keeping(request)
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, DataError):
                # A year or number of an address that no date or database holds: Python says so, or PostgreSQL.
                if request.method != "GET" or not request.GET or ERROR_FLAG in request.GET:
                    raise
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

        return update_wrapper(kept, inner)

    def login_keeping(self, request: HttpRequest) -> HttpResponse:
        """The login page, which carries what was typed; nothing is stored before it is known whose it is."""
        typed = json.dumps(typed_in(request), ensure_ascii=False)
        place, request.method = request.path, "GET"
        return super().login(request, {TYPED: typed, "next": place, "app_path": reverse("admin:login")})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        typed = request.POST.get(TYPED, "")
        response = super().login(request, (extra_context or {}) | {TYPED: typed})
        if typed and isinstance(response, HttpResponseRedirect) and self.has_permission(request):
            place = urlsplit(response.url).path
            if not place.startswith(reverse("admin:index")):
                return HttpResponseRedirect(reverse("admin:index"))
            keep_posted(request.user, place, typed)
            return HttpResponseRedirect(f"{place}?recover=1")
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        found = startpage.sections(request.user)
        context = {
            "sections": [section for section in found if section.items],
            "clear": [section for section in found if not section.items],
        }
        return super().index(request, (extra_context or {}) | context)

    def get_urls(self) -> list[Any]:
        return [path("waiting/", self.admin_view(self.waiting), name="waiting"), *super().get_urls()]

    def waiting(self, request: HttpRequest) -> HttpResponse:
        """All that is on its way to readers: what this person must do next, and what others must."""
        context = self.each_context(request) | {
            "title": gettext("On its way to readers"),
            "own": waiting.own(request.user),
            "others": waiting.others(request.user),
            "most": waiting.MOST,
        }
        return render(request, "admin/waiting.html", context)
