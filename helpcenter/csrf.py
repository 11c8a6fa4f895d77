"""Forms that are too old, or come from elsewhere: nothing is done, and nothing that was typed is lost."""

from __future__ import annotations

import json

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.writing import typed_in
from contact.expired import csrf_failure as contact_failure


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """At the desk the page offers to put the text back into its form; elsewhere contact knows what to do."""
    if not (request.path.startswith("/admin/") and "seen" in request.POST):
        return contact_failure(request, reason)
    context = {
        **admin.site.each_context(request),
        "title": admin.site.index_title,
        "is_nav_sidebar_enabled": False,  # who is logged out has nothing to choose there
        "place": request.path,
        "typed": json.dumps(typed_in(request), ensure_ascii=False),
    }
    return render(request, "admin/expired.html", context, status=403)
