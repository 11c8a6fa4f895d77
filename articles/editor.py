"""What the editor's page asks for while somebody writes: a preview, what to link to, a place for a picture."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from . import picking, pictures
from .markdown import render as render_markdown
from .models import Translation

COLOURS = ("light", "dark")
PREVIEWED = ("language", "title", "summary", "body")


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [
        path("preview/", site.admin_view(preview), name="articles_article_preview"),
        path("choose/<str:kind>/", site.admin_view(choose), name="articles_choose"),
        path("picture/", site.admin_view(add_picture), name="articles_add_picture"),
    ]


@xframe_options_sameorigin  # the form shows it in a frame of its own
@csp_replace({"frame-ancestors": [SELF]})
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text of one language's form as readers would see it, in light or dark; nothing is saved."""
    prefix = request.POST.get("preview", "")
    given = {name: request.POST.get(f"{prefix}-{name}", "") for name in PREVIEWED}
    if given["language"] not in dict(settings.LANGUAGES):
        given["language"] = settings.LANGUAGE_CODE
    text = Translation(**given)
    if not text.may_be_written_by(request.user):
        raise PermissionDenied
    colours = request.POST.get(f"_colours-{prefix}", "")
    with translation.override(text.language):
        context = {
            "translation": text,
            "rendered": render_markdown(text.body, text.language),
            "colours": colours if colours in COLOURS else "",
        }
        return render(request, "articles/preview.html", context)


@require_safe
def choose(request: HttpRequest, kind: str) -> JsonResponse:
    """What there is of this kind with the words asked for, in the text's language."""
    known = picking.pickers(kind)
    if not known:
        raise Http404
    allowed = [picker for picker in known if request.user.has_perm(picker.permission)]
    if not allowed:
        raise PermissionDenied
    language = request.GET.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    choices = [choice for picker in allowed for choice in picker.choices(language)]
    found = picking.matching(request.GET.get("q", ""), choices)
    shown = [
        {"insert": one.insert, "title": one.title, "note": one.note, "picture": one.picture}
        for one in found[: picking.MOST]
    ]
    return JsonResponse({"found": shown, "said": _how_many(len(found))})


def _how_many(count: int) -> str:
    if not count:
        return gettext("Nothing found. Try fewer or other words.")
    if count > picking.MOST:
        return gettext("%(count)s found; these fit best. One more word finds the others.") % {"count": count}
    return ngettext("%(count)s found.", "%(count)s found.", count) % {"count": count}


@require_POST
def add_picture(request: HttpRequest) -> JsonResponse:
    """The picture is among those that texts can use; the answer is its name, or what is wrong with it."""
    if not request.user.has_perm("articles.add_image"):
        raise PermissionDenied
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": gettext("Choose a picture.")}, status=400)
    wanted = request.POST.get("name", "").strip() or request.POST.get("alt", "").strip()
    try:
        image, is_new = pictures.add(upload, wanted)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    said = "" if is_new else gettext("This picture was here already, as “%(name)s”.") % {"name": image.name}
    return JsonResponse({"name": image.name, "said": said})
