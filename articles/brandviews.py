"""The brand's stylesheet and logo: their names say what is in them, so they may be kept for ever."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from . import colours

FOLDER = "brand"
LOGO = re.compile(r"[0-9a-f]{64}\.(png|jpg|webp)\Z")
FOR_EVER = 31_536_000
SOON = 60


@require_safe
def stylesheet(request: HttpRequest, accent: str, digest: str) -> HttpResponse:
    """The colour's stylesheet.  Asks for nothing: any process can give it, whatever brand it has seen last."""
    return _styles(colours.stylesheet(f"#{accent}"), digest)


@require_safe
def sample(request: HttpRequest, accent: str) -> HttpResponse:
    """Both schemes of the colour, for the page on which it is chosen."""
    return _styles(colours.sample(f"#{accent}"), "")


def _styles(text: str, digest: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    if digest == colours.digest(text):
        patch_cache_control(response, public=True, immutable=True, max_age=FOR_EVER)
    else:  # asked for by a page of another release
        patch_cache_control(response, public=True, max_age=SOON)
    return response


@require_safe
def logo(request: HttpRequest, file_name: str) -> FileResponse:
    if not LOGO.match(file_name) or not default_storage.exists(f"{FOLDER}/{file_name}"):
        raise Http404
    kind = file_name.rpartition(".")[2].replace("jpg", "jpeg")
    response = FileResponse(default_storage.open(f"{FOLDER}/{file_name}"), content_type=f"image/{kind}")
    patch_cache_control(response, public=True, immutable=True, max_age=FOR_EVER)
    return response
