"""Where a form stood that was posted without a token: reading pages have no cookie, hence no token."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our pages; very old ones say nothing."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
