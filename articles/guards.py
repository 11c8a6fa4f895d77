"""What pages keep to that are only for one person, or for who holds their address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]
Response = TypeVar("Response", bound=HttpResponseBase)


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
