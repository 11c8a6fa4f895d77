"""What all pages of contact keep to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

Given = ParamSpec("Given")
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
