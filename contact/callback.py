"""A call instead of a mail: asked for in the draft, moved or cancelled by who holds the request's link."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.languages import offered as on_offer
from flows.clock import site_time

from . import answering, callwindows, mail, outbox, spam, telephone, words
from .callwindows import Full as Full
from .fields import Words
from .hours import Span
from .models import ContactRequest, DraftRequest

windows = callwindows.free
NO_CALL: dict[str, Any] = {
    "callback_number": "",
    "callback_at": None,
    "callback_until": None,
    "callback_language": "",
}


class TooLate(Exception):
    """The window of the call has begun: nobody can be told in time."""


class CallbackForm(forms.Form):
    number = Words(
        limit=40,
        label=gettext_lazy("Your telephone number"),
        help_text=gettext_lazy("With its country in front where it is another: +44 20 7946 0958."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Write the number that we should call.")},
    )
    window = forms.ChoiceField(
        label=gettext_lazy("When may we call?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose when we may call."),
            "invalid_choice": gettext_lazy("That time is not free any more. Choose another."),
        },
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the language of the call."),
            "invalid_choice": gettext_lazy("Choose the language of the call."),
        },
    )

    def __init__(self, windows: list[Span], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.windows = {start.isoformat(): (start, end) for start, end in windows}
        offered = [(key, capfirst(words.window(*window))) for key, window in self.windows.items()]
        self.fields["window"].choices = offered  # type: ignore[attr-defined]
        languages = [(code, capfirst(str(name))) for code, name in settings.LANGUAGES if code in on_offer()]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if telephone.read(number) is None:
            raise ValidationError(
                _("Write a whole telephone number, for example 612 34 56 78 or +44 20 7946 0958.")
            )
        return number

    @property
    def chosen(self) -> dict[str, Any]:
        """The call as drafts have it; once the form is valid."""
        start, end = self.windows[self.cleaned_data["window"]]
        return {
            "callback_number": self.cleaned_data["number"],
            "callback_at": start,
            "callback_until": end,
            "callback_language": self.cleaned_data["language"],
        }


def as_shown(of: DraftRequest | ContactRequest, language: str) -> dict[str, str]:
    """What the form shows at first: the call that was asked for, in the customer's language."""
    window = timezone.localtime(of.callback_at, site_time().tzinfo).isoformat() if of.callback_at else ""
    number = telephone.written(of.callback_number) if isinstance(of, ContactRequest) else of.callback_number
    return {"number": number, "window": window, "language": of.callback_language or language}


def put(draft: DraftRequest, chosen: dict[str, Any]) -> None:
    """The draft asks for this call."""
    for name, value in chosen.items():
        setattr(draft, name, value)


def leave_out(draft: DraftRequest) -> None:
    """The draft asks for no call; the number stays, for who wants one after all."""
    draft.callback_at = draft.callback_until = None


def is_lost(draft: DraftRequest) -> bool:
    """Whether the window has begun, or others have taken it, before anything was sent."""
    if draft.callback_at is None or draft.sent:
        return False
    return draft.callback_at <= timezone.now() or callwindows.is_full(draft.callback_at)


def is_taken(draft: DraftRequest) -> bool:
    """The same for the transaction that sends: what is not lost is the draft's."""
    if draft.callback_at is None or draft.sent:
        return False
    try:
        callwindows.take(draft.callback_at)
    except Full:
        return True
    return draft.callback_at <= timezone.now()


def of_draft(draft: DraftRequest) -> dict[str, Any]:
    """The call as the request has it: the draft's, or what has become of it since that was sent."""
    if sent := draft.sent:
        return {name: getattr(sent, name) for name in NO_CALL}
    if draft.callback_at is None:
        return {}
    return {name: getattr(draft, name) for name in NO_CALL} | {
        "callback_number": telephone.read(draft.callback_number) or draft.callback_number
    }


def no_sooner(promise: date, called: dict[str, Any]) -> date:
    """The promise, not before the day of the call: who chose a late one is not owed an answer before."""
    start = called.get("callback_at")
    return max(promise, site_time(start).date()) if start else promise


def change(sent: ContactRequest, chosen: dict[str, Any] | None) -> None:
    """The request has this call (None: no call any more), and support and the customer have a mail about it.

    The same again changes nothing; what is more than their mailbox gets in a day is held back.
    TooLate where the window has begun, Full where the new one has no room, spam.Refused where it was changed too
    often today.
    """
    with transaction.atomic():
        sent = ContactRequest.objects.select_for_update().get(pk=sent.pk)
        if is_too_late(sent):
            raise TooLate
        new = chosen | {"callback_number": telephone.read(chosen["callback_number"])} if chosen else NO_CALL
        old = {name: getattr(sent, name) for name in NO_CALL}
        if new == old:
            return
        if chosen:
            callwindows.take(chosen["callback_at"], besides=sent)
        spam.check_change(sent)
        for name, value in new.items():
            setattr(sent, name, value)
        sent.promise = no_sooner(sent.promise, new)
        sent.save(update_fields=[*new, "promise"])
        if chosen:
            answering.reopen(sent, site_time(chosen["callback_at"]).date())
        sent.refresh_from_db(fields=["answered_at", "promise"])
        outbox.put(mail.about_call(sent, ContactRequest(**old)), mail.call_to_customer(sent))


def is_too_late(sent: ContactRequest) -> bool:
    """Whether somebody may be dialling already, or has."""
    return sent.callback_at is not None and sent.callback_at <= timezone.now()
