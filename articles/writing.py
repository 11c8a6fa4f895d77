"""Forms of the admin in which nothing typed is lost and nobody's change is overwritten unseen.

Every form carries marks of what its fields said when it was opened.  What the writer left alone takes on what
others have saved meanwhile; where both changed the same field, nothing is saved, and the page shows the difference
with the writer's words still in the field.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from . import compare, unsaved

SEEN = "seen"
RECOVERING = "_recovering"
BUTTONS = ("_publish", "_submit", "_continue", "_addanother")
NOT_TYPED = {"csrfmiddlewaretoken", SEEN, RECOVERING}
LONGEST = 2_000_000  # characters of one form that are kept


class SeenForm(forms.ModelForm):
    """A form that knows what its writer saw."""

    conflicts: list[Conflict]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = []
        self._seen = _read_marks(self.data).get(self.prefix or "", {}) if self.is_bound else {}

    @property
    def marks(self) -> dict[str, str]:
        """What each field says in the database, for the page to carry; a conflict that was shown is seen."""
        stored = {name: _mark(self.initial.get(name)) for name in self._compared}
        if not self.is_bound or not self._seen:
            return stored
        shown = {conflict.name for conflict in self.conflicts}
        return {name: stored[name] if name in shown else self._seen.get(name, stored[name]) for name in stored}

    @property
    def is_stale(self) -> bool:
        """Whether somebody has saved another value of a field since the page was opened."""
        return any(
            _mark(self.initial.get(name)) != self._seen.get(name, _mark(self.initial.get(name)))
            for name in self._compared
        )

    @property
    def _compared(self) -> list[str]:
        return [name for name in self.fields if name in self.initial and name in self._own_fields]

    @property
    def _own_fields(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk and self._seen:
            for name in self._compared:
                self._merge(name, cleaned)
        if self.conflicts:
            cleaned.pop(DELETION_FIELD_NAME, None)  # a row that is to go is else not looked at any more
            self.add_error(None, ValidationError(self.conflict_words(), code="conflict"))
        if RECOVERING in self.data:
            self.add_error(None, ValidationError(_("This is not saved yet."), code="recovering"))
        return cleaned

    def _merge(self, name: str, cleaned: dict[str, Any]) -> None:
        stored, mine = _mark(self.initial[name]), _mark(cleaned.get(name))
        if stored == self._seen.get(name, stored) or mine == stored:
            return
        if name not in cleaned:
            return  # it cannot be saved anyway
        if mine == self._seen[name] and not cleaned.get(DELETION_FIELD_NAME):
            cleaned[name] = self.stored(name)  # the writer left it alone
        else:
            label = str(self.fields[name].label or name)
            self.conflicts.append(Conflict(name, label, _words(self.initial[name]), _words(cleaned.get(name))))

    def stored(self, name: str) -> Any:
        """What the database says now."""
        return getattr(self.instance, name)

    def conflict_words(self) -> str:
        return _(
            "Somebody else has saved this while you were writing. Yours is still here and not saved: look at the "
            "difference above, then save again to put yours in place of theirs."
        )


class Conflict:
    """A field that two people changed at once, with what one has saved and the other has typed."""

    def __init__(self, name: str, label: str, theirs: str, mine: str) -> None:
        self.name, self.label = name, label
        self.rows = compare.rows(theirs, mine)


class WritingMixin:
    """A page of the admin with such forms: keeps what is typed, shows who else is there, never loses a save."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Two saves at the same moment come one after the other, so that the second sees the first."""
        found: Model | None = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is None or request.method != "POST" or is_recovering(request):
            return found
        lock(self.locked_with(found))
        again: Model | None = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        return again

    def locked_with(self, found: Any) -> Model:
        """The row that stands for all that the page may change."""
        return found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = (extra_context or {}) | page_context(request)
        recover(request, context["unsaved"])
        try:
            response: HttpResponse = super().changeform_view(  # type: ignore[misc]
                request, object_id, form_url, context
            )
        except PermissionDenied:
            if not self.has_view_permission(request):  # type: ignore[attr-defined]
                raise
            return kept_apart(request) or _raise()
        note_outcome(request, response)
        return response

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Somebody has deleted it meanwhile; what was typed can still be read."""
        gone: HttpResponse = super()._get_obj_does_not_exist_redirect(  # type: ignore[misc]
            request, opts, object_id
        )
        return kept_apart(request) or gone

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        forms_of_page = [context["adminform"].form]
        for formset in context["inline_admin_formsets"]:
            forms_of_page += formset.formset.forms
        context |= written(forms_of_page) | {"pressed": pressed(request)}
        if is_recovering(request):
            context |= {"errors": None, "is_recovering": True}
        elif context["consequences"] and _is_only_asked(forms_of_page):
            context |= {"errors": None}  # nothing is wrong: the page asks whether that may follow
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        return rendered


def pressed(request: HttpRequest) -> tuple[str, str]:
    """The button of the form that was pressed, to be offered again beside what follows from it."""
    return next(((name, request.POST[name]) for name in BUTTONS if name in request.POST), ("_save", ""))


def _is_only_asked(forms_of_page: list[Any]) -> bool:
    """Whether all that keeps the page from being saved is what follows from it."""
    asking = [form for form in forms_of_page if getattr(form, "consequences", [])]
    return sum(len(found) for form in forms_of_page for found in form.errors.values()) == len(asking)


def lock(row: Model) -> None:
    """Until the transaction ends, nobody else who asks for the row gets it."""
    type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).order_by().first()


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Who else is at this form, and what this writer has not saved in it, unless that has just been posted."""
    place = request.path
    return {
        "place": place,
        "others": unsaved.others_at(request.user, place),
        "unsaved": unsaved.kept_at(request.user, place) if request.method != "POST" else None,
        "saved_at": unsaved.saved_at(request.user, place),
        "opened_at": timezone.now().timestamp(),
        "is_recovering": False,
    }


def recover(request: HttpRequest, kept: Any) -> None:
    """From here on the request is one that posts what was kept; its forms are never valid, so nothing is saved."""
    if request.method != "GET" or "recover" not in request.GET or kept is None:
        return
    posted = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        posted.setlist(name, values)
    posted[RECOVERING] = "1"
    # Django would else read the files, and with them the fields again, from a body that is not there.
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    request.method = "POST"
    request.POST = posted  # type: ignore[assignment]


def is_recovering(request: HttpRequest) -> bool:
    return RECOVERING in request.POST


def note_outcome(request: HttpRequest, response: HttpResponse) -> None:
    """After a save nothing is unsaved; after one that did not succeed, all that was typed is kept."""
    if request.method != "POST" or is_recovering(request):
        return
    if getattr(response, "is_apart", False):
        return
    if response.status_code == 302:
        unsaved.saved(request.user, request.path)
    elif response.status_code == 200:
        keep_typed(request, request.path)


def kept_apart(request: HttpRequest) -> HttpResponse | None:
    """Where a form can no longer be saved, its words are kept and shown, to be copied; None: it has none."""
    if request.method != "POST" or SEEN not in request.POST:
        return None
    row = unsaved.kept_at(request.user, request.path) if is_recovering(request) else None
    row = row or keep_typed(request, request.path)
    if row is None:
        return None
    messages.error(request, _("This can no longer be changed here. What you typed is kept: below."))
    apart = redirect("admin:articles_unsaved", row.pk)
    apart.is_apart = True  # type: ignore[attr-defined]
    return apart


def _raise() -> HttpResponse:
    raise PermissionDenied


def keep_typed(request: HttpRequest, place: str) -> Any:
    """What the request posts is kept for its writer; None where it is nothing, or too much."""
    fields = typed_in(request)
    return unsaved.keep(request.user, place, fields) if is_worth_keeping(fields) else None


def is_worth_keeping(fields: dict[str, list[str]]) -> bool:
    """Whether they say something, and no more than is kept of one form."""
    return bool(fields) and sum(len(value) for values in fields.values() for value in values) <= LONGEST


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    """The posted fields, with the marks of what was seen; without what belongs to one request alone."""
    without = NOT_TYPED - {SEEN} | {"place", "typed", "drop"}
    return {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if name not in without and not name.startswith("_")
    }


def written(forms_of_page: list[Any]) -> dict[str, Any]:
    """What the page must carry and show of its forms."""
    seen = {form.prefix or "": form.marks for form in forms_of_page if isinstance(form, SeenForm)}
    return {
        "seen": json.dumps(seen, separators=(",", ":")),
        "conflicts": [one for form in forms_of_page for one in getattr(form, "conflicts", [])],
        "consequences": [one for form in forms_of_page for one in getattr(form, "consequences", [])],
        "confirms": " ".join(form.confirms for form in forms_of_page if getattr(form, "consequences", [])),
    }


def _read_marks(data: Any) -> dict[str, dict[str, str]]:
    try:
        marks = json.loads(data.get(SEEN) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {
        prefix: given
        for prefix, given in (marks.items() if isinstance(marks, dict) else ())
        if isinstance(given, dict)
    }


def _mark(value: Any) -> str:
    """Eight letters that differ where the values do."""
    return hashlib.sha256(json.dumps(_plain(value), default=str).encode()).hexdigest()[:8]


def _plain(value: Any) -> Any:
    value = getattr(value, "data", value)  # a label in several languages
    if isinstance(value, dict):
        return {code: _plain(words) for code, words in sorted(value.items()) if words} or ""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return "" if value is None else value


def _words(value: Any) -> str:
    """The value as one reads it."""
    value = getattr(value, "data", value)
    if isinstance(value, dict):
        return "\n".join(f"{code}: {words}" for code, words in sorted(value.items()) if words)
    return "" if value is None else str(value)
