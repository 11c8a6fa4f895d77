"""The buttons of the editor's page beside Save: what each does to the draft version, after all is saved.

A button's value is its act, a colon, and what it is about: `duplicate:12`, `add:question`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import cases, editing
from .graph import Kind
from .models import FlowVersion, Option, Step
from .problems import NOT_SURE

StrOrPromise = str | Promise


@dataclass(frozen=True)
class Done:
    """What a button has done: said in words at the step it was about, with the row whose first field is next."""

    words: str = ""
    step: Step | None = None
    has_changed: bool = True
    new: str = ""  # the prefix of its form
    is_asking: bool = False  # whether the step is to go
    mistake: StrOrPromise = ""


NOTHING = Done(has_changed=False)
UNSEEN = Done(
    has_changed=False,
    mistake=gettext_lazy("Somebody has changed it since you opened the page. Look at it again before it goes."),
)
GOING = {"remove": "step", "remove-option": "option"}


def about_to_go(button: str) -> str:
    """The prefix of the form whose row the button removes; empty where it removes none."""
    name, _colon, about = button.partition(":")
    return f"{GOING[name]}-{about}" if name in GOING else ""


def press(version: FlowVersion, button: str, posted: Mapping[str, str], by: Any) -> Done:
    """The button's act is done; nothing where there is no such button, or what it is about has gone."""
    name, _colon, about = button.partition(":")
    if name in OF_CASES and not by.has_perm("flows.change_flowcase"):
        return Done(has_changed=False, mistake=_("Your role does not allow this."))
    if name in OF_VERSION:
        return OF_VERSION[name](version, about, posted)
    if name in OF_STEP and about.isdecimal():
        step = version.steps.filter(pk=int(about[:18])).first()
        return OF_STEP[name](step) if step else _gone()
    if name in OF_OPTION and about.isdecimal():
        option = Option.objects.filter(step__version=version, pk=int(about[:18])).select_related("step").first()
        return OF_OPTION[name](option) if option else _gone()
    return NOTHING


def _gone() -> Done:
    return Done(has_changed=False, mistake=_("It is no longer there: somebody has removed it meanwhile."))


def _add(version: FlowVersion, about: str, _posted: Mapping[str, str]) -> Done:
    if about not in list(Kind):
        return NOTHING
    step = editing.add_step(version, Kind(about))
    return Done(_("A new step is at the end: give it its title."), step, new=f"step-{step.pk}")


def _keep_case(version: FlowVersion, _about: str, posted: Mapping[str, str]) -> Done:
    case = cases.of_address(version.flow, posted.get("case_address", ""), version.graph())
    if case is None:
        mistake = _(
            "This is no address of a step of this version. Walk the preview to the step, then copy its address."
        )
        return Done(has_changed=False, mistake=mistake)
    if not version.flow.cases.filter(responses=case.responses, reaches=case.reaches, day=case.day).exists():
        case.save()
    return Done(_("The case is kept, and walked on every save."), has_changed=False)


def _drop_case(version: FlowVersion, about: str, _posted: Mapping[str, str]) -> Done:
    found = version.flow.cases.filter(pk=int(about[:18])) if about.isdecimal() else None
    if not found:
        return _gone()
    found.delete()
    return Done(_("The case is gone."), has_changed=False)


def _save(step: Step) -> Done:
    return Done(_("Saved."), step, has_changed=False)


def _up(step: Step) -> Done:
    editing.move_step(step, to=editing.place_of(step) - 1)
    return Done(_("Moved."), step)


def _down(step: Step) -> Done:
    editing.move_step(step, to=editing.place_of(step) + 1)
    return Done(_("Moved."), step)


def _duplicate(step: Step) -> Done:
    copy = editing.duplicate(step)
    return Done(_("This is the copy. No option leads to it yet."), copy)


def _ask_remove(step: Step) -> Done:
    return Done(_("Saved. Nothing is removed yet."), step, has_changed=False, is_asking=True)


def _remove(step: Step) -> Done:
    title = editing.title_of(step)
    step.delete()
    return Done(_("The step “%(title)s” is removed.") % {"title": title})


def _add_option(step: Step) -> Done:
    option = editing.add_option(step)
    return Done(_("The step has one more option: write it."), step, new=f"option-{option.pk}")


def _add_not_sure(step: Step) -> Done:
    if any(option.key.startswith(NOT_SURE) for option in step.options.all()):
        return Done(_("The step has such an answer already."), step, has_changed=False)
    option = editing.add_not_sure(step)
    return Done(_("The step has one more option. Say where it leads."), step, new=f"option-{option.pk}")


def _option_up(option: Option) -> Done:
    editing.move_option(option, by=-1)
    return Done(_("Moved."), option.step)


def _option_down(option: Option) -> Done:
    editing.move_option(option, by=1)
    return Done(_("Moved."), option.step)


def _remove_option(option: Option) -> Done:
    words, step = editing.words_of(option.label) or option.key, option.step
    option.delete()
    return Done(_("The option “%(option)s” is removed.") % {"option": words}, step)


OF_VERSION: dict[str, Callable[[FlowVersion, str, Mapping[str, str]], Done]] = {
    "add": _add,
    "keep-case": _keep_case,
    "drop-case": _drop_case,
}
OF_CASES = {"keep-case", "drop-case"}
OF_STEP: dict[str, Callable[[Step], Done]] = {
    "save": _save,
    "up": _up,
    "down": _down,
    "duplicate": _duplicate,
    "ask-remove": _ask_remove,
    "remove": _remove,
    "add-option": _add_option,
    "add-not-sure": _add_not_sure,
}
OF_OPTION: dict[str, Callable[[Option], Done]] = {
    "option-up": _option_up,
    "option-down": _option_down,
    "remove-option": _remove_option,
}
