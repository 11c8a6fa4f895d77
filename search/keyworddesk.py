"""The desk's page on which a question becomes a keyword of the text that answers it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.finding import saying
from articles.guards import get_or_post
from articles.keywords import add_keyword
from articles.models import Article, Translation
from articles.stages import NotAllowed

from . import results
from .analysis import MAX_QUESTION
from .results import TRANSLATION

OFFERED = 8  # texts; other words find the others


class KeywordForm(forms.Form):
    """A question becomes a keyword of a text: another way people ask this."""

    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES, widget=forms.HiddenInput)
    keyword = forms.CharField(
        label=_("Keyword"), max_length=MAX_QUESTION, help_text=_("As people write it; correct what is misspelt.")
    )
    find = forms.CharField(
        label=_("Another article"),
        max_length=MAX_QUESTION,
        required=False,
        help_text=_("Words of its title or its text."),
    )

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = language
        texts = Translation.objects.filter(language=language)
        self.fields["translation"] = forms.ModelChoiceField(
            texts,
            label=_("Article"),
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose the article that answers it.")},
        )

    def clean_keyword(self) -> str:
        return " ".join(self.cleaned_data["keyword"].split())

    @property
    def offered(self) -> list[Translation]:
        """The chosen text first, then those that come nearest to the words in the box, else to the keyword."""
        # What was typed, even where the form refuses it; PostgreSQL takes no NUL.
        words = (self["find"].value() or self["keyword"].value() or "")[:MAX_QUESTION].replace("\0", "")
        chosen = str(self["translation"].value() or "")
        numbers = [int(chosen)] if chosen.isdecimal() and len(chosen) < 19 else []
        numbers += near(words, self.code)
        texts = Translation.objects.filter(language=self.code).select_related("article__category")
        known = texts.in_bulk(numbers)
        return [known[number] for number in dict.fromkeys(numbers) if number in known][:OFFERED]


def near(words: str, language: str) -> list[int]:
    """Primary keys of texts: those that the search finds, then those that say all the words, drafts too."""
    found = results.search(words, language).references() if words.strip() else []
    numbers = [int(pk) for label, pk in found if label == TRANSLATION][:OFFERED]
    articles = saying(Article.objects.all(), words)
    said = Translation.objects.filter(language=language, article__in=articles).order_by("-pk")
    return [*numbers, *said.values_list("pk", flat=True)[:OFFERED]]


@get_or_post
def keyword(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A question that led nowhere is a keyword of the text that answers it."""
    if not request.user.has_perm("articles.publish_translation"):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    language = given.get("language", "")
    language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    if request.method == "POST" and "look" not in request.POST:
        form = KeywordForm(language, request.POST)
        if form.is_valid():
            return _add(request, form.cleaned_data["translation"], form.cleaned_data["keyword"])
    else:
        kept = {name: given.get(name, "") for name in ("keyword", "find", "translation")}
        form = KeywordForm(language, initial={"language": language, **kept})
    context |= {"title": gettext("Add a keyword"), "form": form}
    return render(request, "admin/search/loggedsearch/keyword.html", context)


def _add(request: HttpRequest, translation: Translation, words: str) -> HttpResponse:
    try:
        is_known = add_keyword(translation, words, request.user)
    except NotAllowed as error:
        messages.error(request, f"{translation.title}: {error}")
        return redirect("admin:search_loggedsearch_changelist")
    address = reverse("admin:articles_article_change", args=[translation.article_id])
    link = format_html('<a href="{}">{}</a>', address, translation.title)
    if is_known:
        said = gettext("“{keyword}” is a keyword of {article}; the search knows it within seconds.")
    else:
        said = gettext("“{keyword}” is in the newest revision of {article}; it counts when that is published.")
    messages.success(request, format_html(said, keyword=words, article=link))
    return redirect("admin:search_loggedsearch_changelist")
