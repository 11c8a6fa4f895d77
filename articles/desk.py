"""The desk's own pages about texts: a text's work, comparing, translating, coverage, what is being typed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from . import checkdesk, compare, coverage, keeping, linkdesk, translating, unsaved, votedesk, work, writing
from .models import Article, Revision, Translation, Unsaved
from .revision import TEXT, label_of

LONG = ("body", "keywords")  # asked for where they are shown: a text may have hundreds of revisions
SHORT = 3  # characters: what is as short is a number or a box that was ticked


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [
        path("text/<int:pk>/", site.admin_view(text), name="articles_text"),
        path("text/<int:pk>/compare/", site.admin_view(comparison), name="articles_compare"),
        path("<int:pk>/translate/<str:language>/", site.admin_view(translate), name="articles_translate"),
        path("coverage/", site.admin_view(covered), name="articles_coverage"),
        path("links/", site.admin_view(linkdesk.broken_links), name="articles_links"),
        path("keep/", site.admin_view(keep), name="articles_keep"),
        path("kept/", site.admin_view(kept), name="articles_kept"),
        path("drop/", site.admin_view(drop), name="articles_drop"),
        path("unsaved/<int:pk>/", site.admin_view(unsaved_text), name="articles_unsaved"),
        *keeping.urls(site),
        *votedesk.urls(site),
    ]


def text(request: HttpRequest, pk: int) -> HttpResponse:
    """One text's way to readers: what waits, what it changes, what was said, what it was."""
    _refuse_others(request)
    translation = get_object_or_404(Translation.objects.select_related("article__category", "applied"), pk=pk)
    revisions = translation.revisions.select_related("author", "approved_by", "reviewer", "made_from")
    newest = translation.newest
    history = _of(translation, translation.revisions.select_related("author").defer(*LONG))
    context = _site(request) | {
        "title": translation.title,
        "translation": translation,
        "newest": newest,
        "history": history,
        "also_planned": [one for one in history if one.apply_at and one != newest],
        "waits": newest is not None and newest.pk != translation.applied_id,
        "fields": differences(translation.applied, newest) if newest else [],
        "may_write": translation.may_be_written_by(request.user),
        "may_write_article": request.user.has_perm("articles.change_article"),
        "keeping": keeping.about(translation, request.user),
        "checks": checkdesk.box_of(translation, newest, request.user),
    }
    return work.page(request, translation, revisions, "admin/articles/text.html", context)


def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """Two revisions of a text, word by word."""
    _refuse_others(request)
    translation = get_object_or_404(Translation.objects.select_related("article"), pk=pk)
    found = translation.revisions.select_related("author").defer(*LONG)
    revisions = {revision.number: revision for revision in found}
    return work.comparison(request, translation, revisions, differences)


def translate(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The source beside the text in another language, with what has changed in it since."""
    article = Article.objects.select_related("category").filter(pk=pk).first()
    if article is None:
        if apart := writing.kept_apart(request):
            return apart
        raise Http404
    if language not in dict(settings.LANGUAGES) or language == article.source_language:
        raise Http404
    return translating.page(request, article, language, _site(request))


def covered(request: HttpRequest) -> HttpResponse:
    """How much of each category is there in each language."""
    _refuse_others(request)
    context = _site(request) | {"title": gettext("Coverage by language"), **coverage.table()}
    return render(request, "admin/articles/coverage.html", context)


@require_POST
def keep(request: HttpRequest) -> JsonResponse:
    """What is being typed is kept; says when, and who else is there.  Asked every few seconds."""
    place = _place(request)
    row = writing.keep_typed(request, place) if "seen" in request.POST else None
    said = gettext("Kept at %(time)s") % {"time": date_format(timezone.localtime(), "TIME_FORMAT")} if row else ""
    return JsonResponse({"others": unsaved.others_at(request.user, place), "said": said})


@require_POST
def kept(request: HttpRequest) -> HttpResponse:
    """What a form posted that was too old to be taken is in that form again, to be looked at and saved."""
    place = _place(request)
    keep_posted(request.user, place, request.POST.get("typed", ""))
    return redirect(f"{place}?recover=1")


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """What was typed and never saved is thrown away."""
    place = _place(request)
    unsaved.drop(request.user, place)
    return redirect(place)


def unsaved_text(request: HttpRequest, pk: int) -> HttpResponse:
    """What this person typed and never saved, to be read and copied, whatever has become of its form."""
    row = get_object_or_404(Unsaved, pk=pk, user=request.user)
    named = [(_label(name), values) for name, values in row.fields.items()]
    typed = [(label, value) for label, values in named for value in values if len(value) > SHORT]
    context = {"title": gettext("Typed and never saved"), "row": row, "typed": typed}
    return render(request, "admin/articles/unsaved.html", _site(request) | context)


def _label(name: str) -> str:
    """What the form calls the field; a name that is none of a text's stays as it is."""
    last = name.rpartition("-")[2]
    label = label_of(last) if last in TEXT else name
    return label[:1].upper() + label[1:]


def keep_posted(user: Any, place: str, typed: str) -> None:
    """The fields, as JSON, are what this person has not saved at this place; what is none is left alone."""
    try:
        fields = json.loads(typed)
    except (ValueError, RecursionError):
        return
    if isinstance(fields, dict) and all(
        isinstance(values, list) and values and all(isinstance(value, str) for value in values)
        for values in fields.values()
    ):
        written = {_writable(name): [_writable(value) for value in values] for name, values in fields.items()}
        if writing.is_worth_keeping(written):
            unsaved.keep(user, place, written)


def _writable(words: str) -> str:
    """Without what JSON can say and neither a page nor every database can hold: halves of letters, and NUL."""
    return words.encode("utf-8", "ignore").decode().replace("\0", "")


def differences(old: Revision | None, new: Revision) -> list[dict[str, Any]]:
    """The fields in which they differ, word by word."""
    before = old.texts if old else dict.fromkeys(TEXT, "")
    found = []
    for name in TEXT:
        if rows := compare.rows(before[name], new.texts[name]):
            found.append({"label": label_of(name), "rows": rows})
    return found


def _of(translation: Translation, revisions: Any) -> list[Revision]:
    """The revisions, each knowing its translation without asking for it."""
    found = list(revisions)
    for revision in found:
        revision.translation = translation
    return found


def _place(request: HttpRequest) -> str:
    """The form's own path below the desk; nobody is led elsewhere by it."""
    try:
        place = urlsplit(request.POST.get("place", "")).path
    except ValueError as error:  # http://[
        raise Http404 from error
    if not place.startswith("/admin/") or len(place) > 200 or "\\" in place:
        raise Http404
    return place


def _site(request: HttpRequest) -> dict[str, Any]:
    return admin.site.each_context(request)


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.has_perm("articles.view_translation"):
        raise PermissionDenied
