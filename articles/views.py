"""Reading pages: a category, an article, a picture."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from . import facts
from .guards import secret
from .languages import current_language, offered
from .markdown import render as render_markdown
from .models import Category, Image, OldSlug, PreviewLink, ServiceNotice, Translation

IMAGE_NAME = re.compile(r"(?P<sha256>[0-9a-f]{64})(?:-(?P<width>[0-9]{1,5}))?\.(?P<extension>[a-z]{3,4})")


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.select_related("parent").named(slug))
    if found.slug != slug:
        return redirect(found, permanent=True)
    language = current_language()
    translations = Translation.objects.published().in_language(language).in_category(found)
    children = list(found.children.all())
    context = {
        "category": found,
        "children": children,
        "flows": [flow for place in [found, *children] for flow in place.flows.offered(language)],
        "translations": facts.summaries(translations.in_order(), language),
        "notices": ServiceNotice.objects.current().filter(category__in=found.line()),
        "contact_url": f"{reverse('contact')}?category={found.slug}",
    }
    return render(request, "articles/category.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    language = current_language()
    published = Translation.objects.published().select_related("article__category__parent")
    with_revision = published.annotate(revision_number=F("applied__number"))
    translation = with_revision.in_language(language).filter(slug=slug).first()
    if translation is None:
        return _elsewhere(request, slug, language)
    context = {"alternates": alternates(translation), "revision_number": translation.revision_number}
    return _page(request, translation, context)


@secret
@require_safe
def preview(request: HttpRequest, signed: str) -> HttpResponse:
    """What is not published yet, as readers will see it, for who holds the link."""
    link = PreviewLink.objects.signed(signed, Translation)
    translations = Translation.objects.select_related("article__category__parent")
    translation = translations.filter(pk=link.subject_pk).first() if link else None
    if link is None or translation is None:
        raise Http404
    waiting = translation.waiting
    # What came to its moment by itself ended no link: what was written since is not for who holds an older one.
    is_over = translation.published_at is not None and translation.published_at > link.made_at
    if translation.is_published and (waiting is None or is_over):
        return redirect(translation)
    for name, value in (waiting.texts if waiting else {}).items():
        setattr(translation, name, value)
    translation.changed_at = waiting.created_at if waiting else translation.changed_at
    with override(translation.language):
        return _page(request, translation, {"alternates": {}, "preview": link})


def _page(request: HttpRequest, translation: Translation, context: dict[str, Any]) -> HttpResponse:
    """The article as readers see it."""
    language, place = translation.language, translation.article.category
    context |= {
        "translation": translation,
        "category": place,
        "summary": facts.fill(translation.summary, language),
        "rendered": render_markdown(translation.body, language),
        "notices": ServiceNotice.objects.current().filter(category__in=place.line()),
        "source": _source(translation) if translation.stale_since else None,
        "contact_url": translation.contact_url,
        "written_in": [language, *(other.language for other in translation.siblings)],
    }
    return render(request, "articles/article.html", context)


def _source(translation: Translation) -> Translation | None:
    """What a text that lags behind is translated from, where readers may see it; asks for nothing more."""
    wanted = translation.article.source_language
    return next((other for other in translation.siblings if other.language == wanted), None)


def _elsewhere(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The address was the article's once, or is its address in another language."""
    published = Translation.objects.published()
    if old := OldSlug.objects.filter(language=language, slug=slug, translation__in=published).first():
        return redirect(old.translation, permanent=True)
    # Also of a language that is switched off: whoever had its address finds the article in another one.
    named = Translation.objects.timely().filter(slug=slug).order_by("language").values("article")[:1]
    others = list(published.filter(article__in=named).order_by("language"))
    if own := next((other for other in others if other.language == language), None):
        return redirect(own)
    if not others:
        raise Http404
    others.sort(key=lambda other: other.slug != slug)
    originals = [(other.language, other.get_absolute_url(), other.title) for other in others]
    context = {"originals": originals, "alternates": alternates(others[0])}
    return render(request, "articles/not_translated.html", context)


def alternates(translation: Translation) -> dict[str, str]:
    """The article's address in each language; where it has no translation, the page there says so."""
    own = {other.language: other.get_absolute_url() for other in [translation, *translation.siblings]}
    return {code: own.get(code) or translation.address_in(code) for code in offered()}


@require_safe
def image(request: HttpRequest, file_name: str) -> FileResponse:
    """A picture of a text, or one of its widths; named by the digest of its bytes, so it may be kept for ever."""
    name = IMAGE_NAME.fullmatch(file_name)
    found = Image.objects.filter(sha256=name["sha256"]).first() if name else None
    if name is None or found is None:
        raise Http404
    path, kind = found.path, found.content_type
    if name["width"] and int(name["width"]) in (found.widths or []) and name["extension"] == "webp":
        path, kind = found.path_of_width(int(name["width"])), "image/webp"
    elif name["width"] or name["extension"] != found.extension:
        raise Http404
    try:
        response = FileResponse(default_storage.open(path), content_type=kind)
    except FileNotFoundError as error:  # the database was put back without its media
        raise Http404 from error
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # An SVG opened by its own address is a document; this one may run and load nothing.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
