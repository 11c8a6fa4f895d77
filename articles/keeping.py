"""The desk's pages that keep texts true: what is due for a check, and tasks made, done and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from . import due, people, task
from .checkday import next_check
from .models import Article, Task, Translation, Vote
from .numbers import whole

ARTICLES_A_PAGE = 50
SOON = timedelta(days=60)
SHOWN = [("mine", _("Yours")), ("all", _("Everybody's")), ("soon", _("Due within 60 days"))]


class UntilForm(forms.Form):
    """Until when a text that is still correct need not be looked at again; empty: for ever."""

    until = forms.DateField(label=_("check by"), required=False)

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return until


class TaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["words", "assigned_to"]

    def __init__(self, translation: Translation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assigned_to"]
        field.queryset = writers(translation)
        field.empty_label = _("Any editor")
        self.fields["words"].widget.attrs["rows"] = 4


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [
        path("due/", site.admin_view(due_list), name="articles_due"),
        path("<int:pk>/still-correct/", site.admin_view(still_correct), name="articles_still_correct"),
        path("text/<int:pk>/task/", site.admin_view(make_task), name="articles_make_task"),
        path("task/<int:pk>/", site.admin_view(do_task), name="articles_do_task"),
    ]


def due_list(request: HttpRequest) -> HttpResponse:
    """What is to be checked: by this person, by anybody, or soon."""
    _refuse_unless(request.user.has_perm("articles.view_article"))
    show = request.GET.get("show", "")
    show = show if show in dict(SHOWN) else "mine"
    found = due.due(timezone.localdate() + SOON) if show == "soon" else due.due()
    found = due.of(request.user, found) if show == "mine" else found
    page = Paginator(found.prefetch_related("translations"), ARTICLES_A_PAGE).get_page(request.GET.get("page"))
    context = admin.site.each_context(request) | {
        "title": gettext("Due for a check"),
        "tabs": [(label, f"?show={name}", name == show) for name, label in SHOWN],
        "show": show,
        "page": page,
        "lines": [line_of(article, request.user) for article in page],
        "until": next_check(),
        "previous": f"?show={show}&page={page.number - 1}" if page.has_previous() else "",
        "next": f"?show={show}&page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "admin/articles/due.html", context)


@require_POST
def still_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked: it is due again on the day that they chose."""
    article = get_object_or_404(Article, pk=pk)
    _refuse_unless(due.may_confirm(article, request.user))
    form = UntilForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["until"])))
        return _back(request, reverse("admin:articles_due"))
    until = form.cleaned_data["until"]
    due.confirm(article, request.user, until)
    said = gettext("Still correct. It is due again on %(day)s.") if until else gettext("Still correct, for good.")
    messages.success(request, said % {"day": date_format(until, "DATE_FORMAT") if until else ""})
    return _back(request, reverse("admin:articles_due"))


def make_task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task about the text, by hand or of what a reader said; whoever posts no words gets those of the reason."""
    _refuse_unless(request.user.has_perm("articles.add_task"))
    translation = get_object_or_404(Translation.objects.select_related("article__owner"), pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    vote = _vote(translation, given.get("vote", ""))
    reason = vote.reason or "other" if vote else given.get("reason", "")
    initial = {"words": task.words_for(reason) if reason else "", "assigned_to": _owner(translation)}
    posted = {**initial, "assigned_to": getattr(initial["assigned_to"], "pk", ""), **request.POST.dict()}
    form = TaskForm(translation, posted if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        made = task.make(translation, by=request.user, vote=vote, **form.cleaned_data)
        messages.success(request, gettext("The task is made, for: %(who)s.") % {"who": who(made)})
        return _back(request, translation.work_url)
    context = admin.site.each_context(request) | {
        "title": gettext("A task about “%(title)s”") % {"title": translation.title},
        "translation": translation,
        "form": form,
        "vote": vote,
        "reason": reason,
        "next": given.get("next", ""),
    }
    return render(request, "admin/articles/make_task.html", context)


@require_POST
def do_task(request: HttpRequest, pk: int) -> HttpResponse:
    """A task is done, or is to be done after all."""
    found = get_object_or_404(Task.objects.with_people(), pk=pk)
    _refuse_unless(found.may_be_done_by(request.user))
    if "undo" in request.POST:
        task.undo(found, request.user)
        messages.success(request, gettext("It is to be done after all."))
    elif task.do(found, request.user):
        messages.success(request, gettext("Done: %(words)s") % {"words": found.words})
    else:
        messages.info(request, gettext("Somebody has done it already."))
    return _back(request, found.translation.work_url)


def about(translation: Translation, user: Any) -> dict[str, Any]:
    """What a text's own page shows of all this."""
    article = translation.article
    return {
        "is_due": bool(article.check_by and article.check_by <= timezone.localdate() and translation.is_published),
        "may_confirm": due.may_confirm(article, user),
        "until": next_check(),
        "tasks": with_leave(Task.objects.open().filter(translation=translation).with_people(), user),
        "may_make_tasks": user.has_perm("articles.add_task"),
        "may_see_votes": user.has_perm("articles.view_vote"),
    }


def with_leave(tasks: Any, user: Any) -> list[Task]:
    """The tasks, each knowing whether this person may do it."""
    found = list(tasks)
    for one in found:
        one.may_be_done = one.may_be_done_by(user)
    return found


def line_of(article: Article, user: Any) -> dict[str, Any]:
    """An article of a list, by its source's title; asks for nothing more where its translations are there."""
    texts = sorted(article.translations.all(), key=lambda text: text.language != article.source_language)
    return {
        "article": article,
        "text": texts[0],
        "languages": [text.language for text in texts if text.is_published],
        "has_owner": bool(article.owner and article.owner.is_active and article.owner.is_staff),
        "is_due": bool(article.check_by and article.check_by <= timezone.localdate()),
        "may_confirm": due.may_confirm(article, user),
    }


def writers(translation: Translation) -> QuerySet[Any]:
    """Who may change the text, and so be given a task."""
    names = ("articles.change_translation", f"articles.translate_{translation.language}")
    wanted = Q(pk=translation.article.owner_id)
    for name in names:
        wanted |= Q(pk__in=people.with_permission(name).order_by().values("pk"))
    users = get_user_model()._default_manager.filter(wanted, is_active=True, is_staff=True)
    return users.order_by("username")


def who(made: Task) -> str:
    return made.assigned_to.get_username() if made.assigned_to else gettext("any editor")


def _owner(translation: Translation) -> Any:
    return writers(translation).filter(pk=translation.article.owner_id).first()


def _vote(translation: Translation, given: str) -> Vote | None:
    return Vote.objects.on(translation).filter(pk=whole(given) or 0).first()


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Where the button stood, if that is one of our pages."""
    place = request.POST.get("next", "")
    is_ours = place.startswith("/admin/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return redirect(place if is_ours else otherwise)


def _refuse_unless(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
