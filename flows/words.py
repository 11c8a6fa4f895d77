"""The words of a trail, as the customer saw them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from .graph import Kind, Option, Step, Taken, Tried, text
from .waiting import Wait

TRIED = {
    Tried.SOLVED: gettext_lazy("That solved it"),
    Tried.NOT_SOLVED: gettext_lazy("Still not solved"),
    Tried.COULD_NOT: gettext_lazy("I could not do this"),
}

DATE_NOT_KNOWN = gettext_lazy("I don’t know the date")


def option_label(step: Step, option: Option, language: str) -> str:
    """The option's own label; in a try step without one, the words that all try steps share."""
    if words := text(option.label, language):
        return words
    if step.kind == Kind.TRY:
        with translation.override(language):
            return gettext(str(TRIED[Tried(option.key)]))
    return option.key


def trail_lines(trail: Iterable[Taken], language: str) -> list[tuple[str, str]]:
    """The steps walked, each as its title and the chosen answer."""
    return [(text(taken.step.title, language), _answer(taken, language)) for taken in trail]


def not_known(language: str) -> str:
    """What who does not know a date says of it."""
    with translation.override(language):
        return str(DATE_NOT_KNOWN)


def says_not_known(text: str) -> bool:
    """Whether the text is those words, in any of the languages."""
    return any(text == not_known(code) for code, _name in settings.LANGUAGES)


def day(given: date) -> str:
    """The day with its year: 3 May 2026."""
    return date_format(given, pgettext("format of a day, see Django's date filter", "j F Y"))


def moment(given: datetime) -> str:
    """A moment within a year: Thursday 14 May at 10:00."""
    form = pgettext("format of a day without its year, see Django's date filter", "l j F")
    words = {"day": date_format(given, form), "time": time_format(given.time(), "H:i")}
    return gettext("%(day)s at %(time)s") % words


def _answer(taken: Taken, language: str) -> str:
    """The option's label; where the date chose it, the date and how late it is, or that it is not known."""
    if taken.wait is None:
        if taken.step.kind == Kind.DATE:
            return not_known(language)
        return option_label(taken.step, taken.option, language)
    with translation.override(language):
        return f"{_given(taken.wait.given)} ({_lateness(taken.wait)})"


def _given(given: date | datetime) -> str:
    if not isinstance(given, datetime):
        return day(given)
    words = {"day": day(given.date()), "time": time_format(given.time(), "H:i")}
    return gettext("%(day)s at %(time)s") % words


def _lateness(wait: Wait) -> str:
    """By how much it is late: the wait was over 3 days ago."""
    if not wait.is_due:
        return gettext("the wait ends on %(moment)s") % {"moment": moment(wait.due_at)}
    if days := wait.late // timedelta(days=1):
        return ngettext("the wait was over %(count)d day ago", "the wait was over %(count)d days ago", days) % {
            "count": days
        }
    if hours := wait.late // timedelta(hours=1):
        return ngettext("the wait was over %(count)d hour ago", "the wait was over %(count)d hours ago", hours) % {
            "count": hours
        }
    return gettext("the wait has just ended")
