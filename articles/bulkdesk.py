"""The page between choosing many articles and acting on them: what will happen to each is said, then done."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from . import people, review
from .bulk import ACTS, MOST, PERMISSIONS, Bulk, Row, carry_out, plan
from .finding import in_tree_order
from .languages import languages
from .models import Category
from .numbers import whole
from .work import MOMENT

NAMED = 10  # texts that a message names for one reason
DONE_MOVING = {
    Bulk.MOVE: lambda count: ngettext("%(count)d article is moved.", "%(count)d articles are moved.", count),
    Bulk.ASSIGN: lambda count: ngettext(
        "%(count)d article has its new owner.", "%(count)d articles have their new owner.", count
    ),
    Bulk.PUBLISH: lambda count: ngettext("%(count)d text is published.", "%(count)d texts are published.", count),
    Bulk.SCHEDULE: lambda count: ngettext("%(count)d text is scheduled.", "%(count)d texts are scheduled.", count),
    Bulk.WITHDRAW: lambda count: ngettext("%(count)d text is withdrawn.", "%(count)d texts are withdrawn.", count),
    Bulk.WITHDRAW_AT: lambda count: ngettext(
        "%(count)d text is going to be withdrawn.", "%(count)d texts are going to be withdrawn.", count
    ),
}


class MoveForm(forms.Form):
    category = forms.ModelChoiceField(Category.objects.all(), label=gettext_lazy("Category"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tree = [(one.pk, one.path) for one in in_tree_order()]
        self.fields["category"].widget.choices = [("", "–"), *tree]


class AssignForm(forms.Form):
    owner: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=gettext_lazy("Owner"), required=False, empty_label=gettext_lazy("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = people.with_permission("articles.change_article")
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]


class LanguagesForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=languages, widget=forms.CheckboxSelectMultiple
    )


class MomentForm(LanguagesForm):
    at = forms.DateTimeField(label=gettext_lazy("Moment"), widget=MOMENT)

    def clean_at(self) -> Any:
        if self.cleaned_data["at"] <= timezone.now():
            raise forms.ValidationError(_("Choose a moment to come."))
        return self.cleaned_data["at"]


FORMS: dict[Bulk, type[forms.Form]] = {
    Bulk.MOVE: MoveForm,
    Bulk.ASSIGN: AssignForm,
    Bulk.PUBLISH: LanguagesForm,
    Bulk.SCHEDULE: MomentForm,
    Bulk.WITHDRAW: LanguagesForm,
    Bulk.WITHDRAW_AT: MomentForm,
}


def urls(site: Any) -> list[URLPattern]:
    """Below /admin/articles/article/."""
    return [path("many/", site.admin_view(many), name="articles_many")]


def begin(request: HttpRequest, kind: Bulk, chosen: list[int]) -> HttpResponse:
    """The page for these articles, before anything is done; too many at once are refused in one sentence."""
    if len(chosen) > MOST:
        words = _("%(count)d articles are chosen; %(most)d at once are the most. Find fewer, then choose again.")
        messages.error(request, words % {"count": len(chosen), "most": MOST})
        return redirect(request.get_full_path())
    asked = [code for code, _name in languages()]
    language = request.GET.get("language", "")
    initial = {"languages": [language] if language in asked else asked, "at": review.soon(), "owner": request.user}
    # What needs nothing but languages is shown at once; the others ask first.
    given = {"languages": initial["languages"]} if FORMS[kind] is LanguagesForm else None
    form = FORMS[kind](given, initial=initial)
    return _page(request, kind, chosen, form, request.GET.urlencode())


@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """What was chosen is shown with its consequences, or done, by the button that was pressed."""
    kind, chosen, back = _kind(request), _chosen(request), request.POST.get("back", "")
    form = FORMS[kind](request.POST)
    if "do" not in request.POST or not form.is_valid():
        return _page(request, kind, chosen, form, back)
    done, refused = carry_out(kind, chosen, request.user, form.cleaned_data, _seen(request))
    _say(request, kind, done, refused)
    place = reverse("admin:articles_article_changelist")
    return redirect(f"{place}?{back}" if back else place)


def _page(request: HttpRequest, kind: Bulk, chosen: list[int], form: forms.Form, back: str) -> HttpResponse:
    if not request.user.has_perm(PERMISSIONS[kind]):
        raise PermissionDenied
    rows = plan(kind, chosen, request.user, form.cleaned_data) if form.is_bound and form.is_valid() else []
    allowed = [row for row in rows if not row.refusal]
    context = admin.site.each_context(request) | {
        "title": kind.label,
        "kind": kind,
        "form": form,
        "chosen": ",".join(map(str, chosen)),
        "chosen_count": len(chosen),
        "back": back,
        "is_shown": form.is_bound and form.is_valid(),
        "allowed": allowed,
        "refused": [row for row in rows if row.refusal],
        "seen": json.dumps({row.key: row.mark for row in allowed}, separators=(",", ":")),
        "is_of_texts": kind in ACTS,
        "button": _button(kind, len(allowed)),
    }
    return render(request, "admin/articles/article/many.html", context)


def _button(kind: Bulk, count: int) -> str:
    words = {
        Bulk.MOVE: ngettext("Move %(count)d article", "Move %(count)d articles", count),
        Bulk.ASSIGN: ngettext("Give away %(count)d article", "Give away %(count)d articles", count),
        Bulk.PUBLISH: ngettext("Publish %(count)d text", "Publish %(count)d texts", count),
        Bulk.SCHEDULE: ngettext("Schedule %(count)d text", "Schedule %(count)d texts", count),
        Bulk.WITHDRAW: ngettext("Withdraw %(count)d text", "Withdraw %(count)d texts", count),
        Bulk.WITHDRAW_AT: ngettext(
            "Withdraw %(count)d text at that moment", "Withdraw %(count)d texts at that moment", count
        ),
    }
    return words[kind] % {"count": count}


def _say(request: HttpRequest, kind: Bulk, done: list[Row], refused: list[Row]) -> None:
    if done:
        messages.success(request, DONE_MOVING[kind](len(done)) % {"count": len(done)})
    else:
        messages.warning(request, _("Nothing has changed."))
    by_reason = defaultdict(list)
    for row in refused:
        by_reason[row.refusal].append(f"“{row.title}”")
    for reason, titles in by_reason.items():
        named = ", ".join(titles[:NAMED]) + (" …" if len(titles) > NAMED else "")
        words = ngettext(
            "%(count)d is not: %(titles)s. %(reason)s", "%(count)d are not: %(titles)s. %(reason)s", len(titles)
        )
        messages.warning(request, words % {"count": len(titles), "titles": named, "reason": reason})


def _kind(request: HttpRequest) -> Bulk:
    given = request.POST.get("kind", "")
    if given not in Bulk.values or not request.user.has_perm(PERMISSIONS[Bulk(given)]):
        raise PermissionDenied
    return Bulk(given)


def _chosen(request: HttpRequest) -> list[int]:
    """The articles' numbers; of more than are allowed, the first ones."""
    numbers = map(whole, request.POST.get("chosen", "").split(","))
    return [number for number in numbers if number is not None][:MOST]


def _seen(request: HttpRequest) -> dict[str, str]:
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(mark) for key, mark in seen.items()} if isinstance(seen, dict) else {}
