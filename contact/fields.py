"""The fields of a request: text made harmless, and for each kind of detail a sentence on what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flows import masks
from flows.models import Detail, TopicDetail
from flows.waiting import NOT_KNOWN
from flows.words import DATE_NOT_KNOWN, says_not_known

from . import typed

TOO_LONG = gettext_lazy("This text has %(show_value)d characters. Shorten it to %(limit_value)d.")
ADDRESS_LENGTH = 254
WORD = re.compile(r"[^\W\d_]{2,}")


class Words(forms.CharField):
    """Text, cleaned.  Its length is checked here and not by the browser, which would cut what is pasted."""

    def __init__(self, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(MaxLengthValidator(limit, TOO_LONG))

    def to_python(self, value: str | None) -> str:
        return typed.one_line(value or "")


class Lines(Words):
    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: str | None) -> str:
        return typed.many_lines(value or "")


class DayInput(forms.TextInput):
    """A date picker; a text box where what was typed is no date, since the picker would show nothing."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        day = typed.day(value or "")
        context = super().get_context(name, day.isoformat() if day else in_words(value), attrs)
        context["widget"]["type"] = "date" if day or not value else "text"
        return context


class Day(Words):
    """A date as the picker sends it or as people write it, day first; cleaned it is a `date`.

    Who said in a flow not to know it is not asked again: NOT_KNOWN is taken, which the page shows in words.
    """

    widget = DayInput

    def to_python(self, value: str | None) -> str:
        text = super().to_python(value)
        return NOT_KNOWN if says_not_known(text) else text

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        day = typed.day(text)
        if text and day is None and text != NOT_KNOWN:
            raise ValidationError(_("Write “%(label)s” as a date, for example 27/3/2026.") % {"label": self.label})
        return day or text


class Formed(Words):
    """Text of one of the forms; words instead, such as “I cannot find it”, stop nobody."""

    def __init__(self, detail: Detail, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.detail = detail

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        if text and not masks.fits(text, self.detail.forms) and not is_said_in_words(text):
            raise ValidationError(
                str(self.detail.sentence) or _("Write “%(label)s” like %(example)s.") % self._like()
            )
        return text

    def _like(self) -> dict[str, str]:
        return {"label": str(self.label), "example": masks.example(self.detail.forms)}


class Amount(Words):
    """A sum of money, kept as it was typed: banks, and people, write it in many ways."""

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        if text and not typed.is_amount(text) and not is_said_in_words(text):
            raise ValidationError(_("Write “%(label)s” as a sum, for example 9.99.") % {"label": self.label})
        return text


class Address(Words):
    widget = forms.EmailInput(attrs={"spellcheck": "false"})

    def clean(self, value: str | None) -> Any:
        text = super().clean(value)
        if text:
            check_address(text)
        return text


class OneOf(forms.ChoiceField):
    """One of the choices of the detail."""

    widget = forms.RadioSelect

    def __init__(self, detail: Detail, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = [(choice.key, str(choice.label)) for choice in detail.choices.all()]
        self.error_messages["invalid_choice"] = _("Choose one of the answers to “%(label)s”.") % {
            "label": self.label
        }

    def to_python(self, value: Any) -> str:
        return typed.one_line(super().to_python(value))


def check_address(email: str) -> None:
    """ValidationError where no mail server would take it."""
    try:
        EmailValidator()(email)
        if len(typed.ascii_address(email)) > ADDRESS_LENGTH:
            raise ValidationError("")
    except (ValidationError, UnicodeError):
        raise ValidationError(_("Write an e-mail address like name@example.com.")) from None


def in_words(day: Any) -> Any:
    """The value of a day's field as people read it, where it says that the day is not known."""
    return str(DATE_NOT_KNOWN) if day == NOT_KNOWN else day


def is_said_in_words(text: str) -> bool:
    """Whether somebody explains instead: contact is never refused to who cannot find a number."""
    return len(WORD.findall(text)) >= 2


def detail_field(needed: TopicDetail) -> forms.Field:
    """The field in which a detail is asked for, with the picture of where to find it."""
    field = _field(needed)
    field.picture = needed.detail.picture  # type: ignore[attr-defined]
    return field


def _field(needed: TopicDetail) -> forms.Field:
    detail = needed.detail
    label = str(detail.label)
    arguments: dict[str, Any] = {
        "label": label,
        "help_text": str(detail.hint),
        "required": needed.is_required,
        "error_messages": {"required": _("“%(label)s” is missing.") % {"label": label}},
    }
    match detail.kind:
        case Detail.Kind.DATE:
            return Day(limit=100, **arguments)
        case Detail.Kind.MULTILINE:
            return Lines(limit=4000, **arguments)
        case Detail.Kind.AMOUNT:
            return Amount(limit=100, **arguments)
        case Detail.Kind.EMAIL:
            return Address(limit=ADDRESS_LENGTH, **arguments)
        case Detail.Kind.CHOICE:
            return OneOf(detail, limit=50, **arguments)
    return Formed(detail, limit=500, **arguments) if detail.forms else Words(limit=500, **arguments)
