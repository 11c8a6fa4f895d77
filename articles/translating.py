"""Translating: the source on one side, with what has changed in it; the text in another language on the other."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from . import compare, review, unsaved, writing
from .models import Article, Revision, Translation
from .revision import TEXT, label_of
from .textform import TranslationForm


def page(request: HttpRequest, article: Article, language: str, context: dict[str, Any]) -> HttpResponse:
    """The form beside the source; saved, it is a revision made from the source as the page showed it."""
    source = article.source
    blank = Translation(article=article, language=language)
    if source is None or not blank.may_be_written_by(request.user):
        raise PermissionDenied
    shared = writing.page_context(request)
    writing.recover(request, shared["unsaved"])
    with transaction.atomic():
        if request.method == "POST" and not writing.is_recovering(request):
            writing.lock(article)
            list(article.translations.select_for_update().order_by("pk"))
        translation = article.translations.filter(language=language).first() or blank
        form = _form(request, translation)
        if request.method == "POST" and form.is_valid():
            response: HttpResponse = _save(request, form)
        else:
            context |= shared | writing.written([form]) | _source_side(source, form.newest)
            context |= {
                "title": gettext("%(title)s in %(language)s")
                % {"title": source.title, "language": dict(settings.LANGUAGES)[language]},
                "article": article,
                "translation": translation,
                "language": language,
                "form": form,
                "is_recovering": writing.is_recovering(request),
                "most_bytes": settings.FILE_SIZE,
            }
            response = render(request, "admin/articles/translate.html", context)
    writing.note_outcome(request, response)
    return response


def _form(request: HttpRequest, translation: Translation) -> TranslationForm:
    kind = type("TranslationForm", (TranslationForm,), {"by": request.user})
    initial = {"language": translation.language, "is_in_step": True}
    form: TranslationForm = kind(request.POST or None, instance=translation, initial=initial)
    form.fields["language"].disabled = True  # the address says it, whatever is posted
    form.made_from = request.POST.get("made_from", "")
    return form


def _save(request: HttpRequest, form: TranslationForm) -> HttpResponse:
    saved = form.save()
    newest = Translation.objects.get(pk=saved.pk).newest
    if newest:
        messages.success(
            request,
            gettext("Saved as revision %(number)s. %(next)s")
            % {"number": newest.number, "next": review.next_act(newest)},
        )
    unsaved.drop(request.user, request.path)
    return redirect(saved.work_url)


def _source_side(source: Translation, newest: Revision | None) -> dict[str, Any]:
    """Each field of the source as readers see it, with what has changed since the text was made from it."""
    now = source.applied
    then = (
        newest.made_from if newest and newest.made_from and newest.made_from.translation_id == source.pk else None
    )
    fields = []
    for name in TEXT:
        said = getattr(source, name)
        rows = compare.rows(getattr(then, name), said) if then and now and then.pk != now.pk else []
        fields.append({"name": name, "label": label_of(name), "text": said, "rows": rows})
    return {"source": source, "source_now": now, "source_then": then, "source_fields": fields}
