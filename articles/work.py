"""The page at the desk on which something written is reviewed, compared, published, shared and restored: the same
for texts and for flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import consequences, review, sharing, unsaved
from .models import Deed, PreviewLink
from .numbers import whole
from .review import Act
from .stages import NotAllowed, Stage
from .trail import What

MOST_DEEDS = 50
DISCUSSION = {What.SUBMITTED, What.SENT_BACK, What.COMMENTED, What.APPROVED}
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
DONE = {
    Act.SUBMIT: _("Somebody is asked to review it."),
    Act.COMMENT: _("Your comment is there for all who work on it."),
    Act.SEND_BACK: _("Its author is asked to make the changes."),
    Act.APPROVE: _("Approved."),
    Act.PUBLISH: _("Readers now see it."),
    Act.SCHEDULE: _("Readers see it from that moment on."),
    Act.UNSCHEDULE: _("It is no longer scheduled."),
    Act.DISCARD: _("Discarded."),
    Act.RESTORE: _("Restored, as the newest one. Look at it, then publish it."),
    Act.SHARE: _("The link is below: copy it."),
    Act.REVOKE: _("The link has ended."),
    Act.WITHDRAW: _("Withdrawn: readers no longer see it."),
    Act.KEEP: _("It is not going to be withdrawn."),
}


class ActForm(forms.Form):
    """What somebody does with something written; each button of the page sends a part of it."""

    act = forms.ChoiceField(choices=[(act.value, act.value) for act in Act])
    number = forms.IntegerField(min_value=1, max_value=2_000_000_000)
    seen = forms.CharField(required=False, max_length=100)
    words = forms.CharField(label=_("words"), required=False, max_length=5_000)
    reviewer: forms.ModelChoiceField = forms.ModelChoiceField(label=_("who"), queryset=None, required=False)
    at = forms.DateTimeField(label=_("moment"), required=False, widget=MOMENT)
    days = forms.TypedChoiceField(
        label=_("days"),
        choices=[(days, days) for days in sharing.DAYS],
        coerce=int,
        required=False,
        empty_value="1",
    )
    link = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, reviewers: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers  # type: ignore[attr-defined]

    @property
    def sentence(self) -> str:
        """What is wrong, in one sentence."""
        return " ".join(
            f"{self.fields[name].label or name}: {' '.join(map(str, errors))}"
            if name in self.fields
            else " ".join(map(str, errors))
            for name, errors in self.errors.items()
        )


def act_on(request: HttpRequest, subject: Any, works: QuerySet[Any]) -> tuple[HttpResponse | None, str]:
    """What was posted is done and answered by a redirect; else the sentence that says why it was not."""
    form = ActForm(request.POST, reviewers=review.people_who(subject, "review"))
    if not form.is_valid():
        return None, form.sentence
    given = form.cleaned_data
    work = works.filter(number=given.pop("number")).first()
    if work is None:
        return None, gettext("Somebody has discarded it meanwhile.")
    act = Act(given.pop("act"))
    if act == Act.WITHDRAW and (asking := ask_before(request, subject, work, given.get("at"))):
        return asking, ""
    try:
        review.do(act, work, request.user, **given)
    except NotAllowed as error:
        return None, str(error)
    is_planned = act == Act.WITHDRAW and given.get("at")
    messages.success(request, str(_("It is going to be withdrawn at that moment.") if is_planned else DONE[act]))
    unsaved.drop(request.user, request.path)
    return redirect(subject.work_url), ""


def ask_before(request: HttpRequest, subject: Any, work: Any, at: Any = None) -> HttpResponse | None:
    """The page that says what follows from withdrawing; None where nothing does, or where it was read."""
    if review.refusal(Act.WITHDRAW, work, request.user):
        return None  # it is going to be refused
    found = consequences.of_withdrawing(subject)
    if consequences.has_read(found, request.POST.get(consequences.CONFIRMED, "")):
        return None
    context = admin.site.each_context(request) | {
        "title": gettext("Withdraw: %(title)s") % {"title": subject},
        "subject": subject,
        "number": work.number,
        "consequences": found,
        "confirms": consequences.digest(found),
        "at": at,
        "typed_at": request.POST.get("at", ""),
    }
    return render(request, "admin/withdraw.html", context)


def page(
    request: HttpRequest, subject: Any, works: QuerySet[Any], template: str, context: dict[str, Any]
) -> HttpResponse:
    """The page, or what was posted by it done; words that could not be taken are still there."""
    problem = ""
    if request.method == "POST":
        response, problem = act_on(request, subject, works)
        if response:
            return response
    newest = works.first() if (chosen := context.get("newest")) is None else chosen
    deeds = list(Deed.objects.about(subject)[: MOST_DEEDS + 1])
    context |= {
        "subject": subject,
        "newest": newest,
        "problem": problem,
        "typed_words": request.POST.get("words", "") if problem else _recovered(request),
        "typed_at": request.POST.get("at", "") if problem else "",
        "proposed_at": review.soon(),
        "may": _allowed(newest, request.user) if newest else {},
        "why_not": _reasons(newest, request.user) if newest else [],
        "next_act": review.next_act(newest) if newest else "",
        "is_open": newest is not None and newest.stage in review.OPEN,
        "reviewers": review.reviewers(newest) if newest else [],
        "review_is_on": review.is_on(),
        "is_unreviewed": newest is not None and review.is_on() and not newest.approved_at,
        "links": PreviewLink.objects.to(subject).open().select_related("made_by"),
        "days": [
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in sharing.DAYS
        ],
        "deeds": deeds[:MOST_DEEDS],
        "has_more_deeds": len(deeds) > MOST_DEEDS,
        "discussion": _discussion(deeds, newest),
    }
    return render(request, template, context)


def comparison(
    request: HttpRequest, subject: Any, works: dict[int, Any], differences: Callable[[Any, Any], list[Any]]
) -> HttpResponse:
    """Two of the works, the newest two where nobody has chosen, word by word."""
    numbers = list(works)
    old = _chosen(request, "from", numbers, numbers[min(1, len(numbers) - 1)])
    new = _chosen(request, "to", numbers, numbers[0])
    context = admin.site.each_context(request) | {
        "title": gettext("Compare: %(title)s") % {"title": subject},
        "subject": subject,
        "old": works[old],
        "new": works[new],
        "numbers": numbers,
        "view": request.GET.get("view", "side"),
        "fields": differences(works[old], works[new]),
    }
    return render(request, "admin/compare.html", context)


def _chosen(request: HttpRequest, name: str, numbers: list[int], default: int) -> int:
    given = whole(request.GET.get(name, ""))
    return given if given in numbers else default


def _recovered(request: HttpRequest) -> str:
    """What was typed here when the login had expired."""
    kept = unsaved.kept_at(request.user, request.path) if "recover" in request.GET else None
    return str(kept.fields.get("words", [""])[0]) if kept else ""


def _allowed(work: Any, user: Any) -> dict[str, bool]:
    """By the act's name, with an underscore for its hyphen, as templates want it."""
    return {act.name.lower(): not review.refusal(act, work, user) for act in Act}


def _reasons(work: Any, user: Any) -> list[str]:
    """Why those who could otherwise go on may not."""
    if work.stage not in review.OPEN or work.stage == Stage.SCHEDULED:
        return []
    subject, wanted = work.subject, []
    if subject.may_be_reviewed_by(user) and work.stage == Stage.REVIEW:
        wanted.append(Act.APPROVE)
    if subject.may_be_published_by(user):
        wanted.append(Act.PUBLISH)
    return [reason for act in wanted if (reason := review.refusal(act, work, user))]


def _discussion(deeds: list[Deed], newest: Any) -> list[Deed]:
    """What was said about what readers do not see yet, the oldest first; what is published ends it."""
    said = []
    for deed in deeds:
        if deed.what in (What.PUBLISHED, What.DISCARDED):
            break
        if deed.what in DISCUSSION and newest and newest.stage in review.OPEN:
            said.append(deed)
    return said[::-1]
