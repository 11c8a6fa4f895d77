"""What views keep to: the methods of a page with a form, and pages for one person or for who holds the address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]
Response = TypeVar("Response", bound=HttpResponseBase)

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def private(
    view: Callable[Concatenate[HttpRequest, Given], Response],
) -> Callable[Concatenate[HttpRequest, Given], Response]:
    """Nobody stores these pages, and no search engine lists them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> Response:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def secret(view: View[Given]) -> View[Given]:
    """Nobody stores these pages, no search engine lists them, and no other site is told their address."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
