"""Where a form stood that was posted without a token, and who posted it: reading pages have no cookie, hence no
token."""

from __future__ import annotations

import re

from django.http import HttpRequest

ROBOT = re.compile(r"(?<!cu)bot\b|crawl|spider", re.IGNORECASE)  # Cubot makes telephones


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on one of our pages; very old ones say nothing."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.get_host()


def is_robot(request: HttpRequest) -> bool:
    """Whether it says of itself that it is a program which reads sites."""
    return ROBOT.search(request.headers.get("User-Agent", "")) is not None
