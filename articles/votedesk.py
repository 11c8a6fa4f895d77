"""The desk's pages about votes: the texts that help least, and what was said of one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import feedback
from .models import Translation, Vote
from .vote import KEPT

TEXTS_A_PAGE, VOTES_A_PAGE = 25, 50
SPANS = (30, 90)  # days
LEAST = (1, 5, 20)  # votes


class ChoiceOfVotesForm(forms.Form):
    """What of the votes is shown; what cannot be read counts as not chosen."""

    SHOWN = [
        ("worst", _("Least helpful now")),
        ("edited", _("Did the edit help?")),
        ("words", _("What readers wrote")),
    ]

    show = forms.ChoiceField(choices=SHOWN, required=False)
    language = forms.CharField(required=False)
    days = forms.TypedChoiceField(choices=[(days, days) for days in SPANS], coerce=int, required=False)
    least = forms.TypedChoiceField(choices=[(least, least) for least in LEAST], coerce=int, required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        language = self.cleaned_data.get("language", "")
        return {
            "show": self.cleaned_data.get("show") or "worst",
            "language": language if language in dict(settings.LANGUAGES) else "",
            "days": self.cleaned_data.get("days") or SPANS[0],
            "least": self.cleaned_data.get("least") or LEAST[1],
        }


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [
        path("votes/", site.admin_view(votes), name="articles_votes"),
        path("text/<int:pk>/votes/", site.admin_view(votes_on), name="articles_votes_on"),
    ]


def votes(request: HttpRequest) -> HttpResponse:
    """The texts that help least, those that were edited since, or what readers wrote, the newest first."""
    _refuse_others(request)
    chosen = ChoiceOfVotesForm(request.GET).chosen()
    found = Vote.objects.since(chosen["days"])
    if chosen["language"]:
        found = found.filter(revision__translation__language=chosen["language"])
    page = PAGES[chosen["show"]](found, chosen["least"], request.GET.get("page"))
    context = _site(request) | {
        "title": gettext("What readers say of articles"),
        "chosen": chosen,
        "page": page,
        "previous": _address(chosen, page=page.number - 1) if page.has_previous() else "",
        "next": _address(chosen, page=page.number + 1) if page.has_next() else "",
        "filters": _filters(chosen),
        "fewer": "" if page.object_list else _fewer(chosen, found),
    }
    return render(request, "admin/articles/votes.html", context)


def votes_on(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was said of one text: by revision, by reason, and in readers' words."""
    _refuse_others(request)
    translation = get_object_or_404(Translation.objects.select_related("article__owner", "applied"), pk=pk)
    found = Vote.objects.on(translation)
    wordy = found.with_words().select_related("revision").prefetch_related("tasks")
    page = Paginator(wordy, VOTES_A_PAGE).get_page(request.GET.get("page"))
    context = _site(request) | {
        "title": gettext("Votes on “%(title)s”") % {"title": translation.title},
        "translation": translation,
        "said": feedback.of(translation, found),
        "revisions": feedback.by_revision(found),
        "reasons": feedback.by_reason(found),
        "page": page,
        "previous": f"?page={page.number - 1}" if page.has_previous() else "",
        "next": f"?page={page.number + 1}" if page.has_next() else "",
        "kept_days": KEPT.days,
    }
    return render(request, "admin/articles/votes_on.html", context)


def _worst(found: Any, least: int, number: str | None) -> Page:
    page = Paginator(feedback.worst(found, least), TEXTS_A_PAGE).get_page(number)
    page.object_list = feedback.fill(page.object_list, feedback.of_now(found))
    return page


def _edited(found: Any, least: int, number: str | None) -> Page:
    page = Paginator(feedback.edited(found, least), TEXTS_A_PAGE).get_page(number)
    page.object_list = feedback.fill(page.object_list, found)
    return page


def _words(found: Any, _least: int, number: str | None) -> Page:
    wordy = found.with_words().select_related("revision__translation").prefetch_related("tasks")
    return Paginator(wordy, VOTES_A_PAGE).get_page(number)


PAGES = {"worst": _worst, "edited": _edited, "words": _words}


def _filters(chosen: dict[str, Any]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """What can be chosen, in lines of links: words, address, whether it is chosen."""
    lines: list[tuple[str, str, list[tuple[Any, Any]]]] = [
        ("show", gettext("What"), ChoiceOfVotesForm.SHOWN),
        ("language", gettext("Language"), [("", gettext("All languages")), *settings.LANGUAGES]),
        ("days", gettext("Days"), [(days, gettext("last %(days)s days") % {"days": days}) for days in SPANS]),
    ]
    if chosen["show"] != "words":
        said = [(least, ngettext("from %(n)s vote", "from %(n)s votes", least) % {"n": least}) for least in LEAST]
        lines.append(("least", gettext("Votes"), said))
    return [
        (label, [(words, _address(chosen, **{name: value}), value == chosen[name]) for value, words in choices])
        for name, label, choices in lines
    ]


def _address(chosen: dict[str, Any], **changed: Any) -> str:
    given = {name: value for name, value in (chosen | changed).items() if value}
    return f"{reverse('admin:articles_votes')}?{urlencode(given)}"


def _fewer(chosen: dict[str, Any], found: Any) -> str:
    """The address of the same with fewer votes, where that shows something."""
    if chosen["show"] == "words" or not PAGES[chosen["show"]](found, LEAST[0], None).object_list:
        return ""
    return _address(chosen, least=LEAST[0])


def _site(request: HttpRequest) -> dict[str, Any]:
    return admin.site.each_context(request) | {
        "words_days": settings.VOTE_WORDS_DAYS,
        "may_make_tasks": request.user.has_perm("articles.add_task"),
    }


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.has_perm("articles.view_vote"):
        raise PermissionDenied
