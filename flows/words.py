"""The words of a trail, as the customer saw them."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from .graph import Kind, Option, Step, Taken, Tried, text

TRIED = {
    Tried.SOLVED: gettext_lazy("That solved it"),
    Tried.NOT_SOLVED: gettext_lazy("Still not solved"),
    Tried.COULD_NOT: gettext_lazy("I could not do this"),
}


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
    return [
        (text(taken.step.title, language), option_label(taken.step, taken.option, language)) for taken in trail
    ]
