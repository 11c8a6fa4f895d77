"""The worded request of a draft, in the customer's language: the whole, one for a chat, one for all to read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import facts
from flows import masks, wording
from flows.labels import texts
from flows.models import Detail, Topic
from flows.wording import Known
from flows.words import says_not_known

from . import typed
from .forms import DetailsForm
from .handoff import Trail
from .models import DraftRequest


@dataclass(frozen=True)
class Prepared:
    """Empty where nobody has written sentences for the topic."""

    whole: str = ""
    short: str = ""  # at most 300 characters
    public: str = ""  # nothing personal


def word(draft: DraftRequest, form: DetailsForm, trail: Trail) -> Prepared:
    """What the valid form of the draft says, in words; to be called in the draft's language."""
    topic = form.topic
    template = template_of(topic, draft.language)
    known = _known(form)
    remedy = _remedy(form)
    if not template:
        return Prepared()
    tried_title, tried = _tried(draft, trail)
    asking = " ".join(filter(None, [_attached(draft), remedy]))
    whole = wording.worded(template, known, tried, tried_title, asking)
    return Prepared(
        whole=whole,
        short=wording.short(template, known, remedy),
        public=" ".join(
            filter(None, [f"{topic.name}.", remedy, _("I have sent you the details through your help center.")])
        ),
    )


def _tried(draft: DraftRequest, trail: Trail) -> tuple[str, list[str]]:
    """What the trail says of it, its steps quoted, since they speak to the customer; else what they wrote."""
    if draft.tried == draft.tried_prefilled:
        said = [_("“%(step)s”: %(answer)s") % {"step": step, "answer": answer} for step, answer in trail.tried]
        return _("What I’ve tried from your guide:"), said
    lines = [line.strip(" –-") for line in draft.tried.splitlines()]
    return _("What I have already tried:"), [line for line in lines if line]


def _attached(draft: DraftRequest) -> str:
    """That there is something to look at; empty where there is not."""
    count = len(draft.files)
    if not count:
        return ""
    return ngettext("I have attached %(count)d file.", "I have attached %(count)d files.", count) % {
        "count": count
    }


def template_of(topic: Topic, language: str) -> str:
    """The topic's sentences in the language, their facts filled in; empty where nobody has written any."""
    template = texts(topic.wording).get(language, "")
    return facts.fill(template, language)


def _known(form: DetailsForm) -> dict[str, Known]:
    details = {needed.detail.key: needed.detail for needed in form.needed}
    return {
        given["key"]: Known(
            given["label"], given["value"], _is_said_in_words(given["value"], details[given["key"]])
        )
        for given in form.details
    }


def _is_said_in_words(value: str, detail: Detail) -> bool:
    """Whether an explanation stands where a number or a date was asked for."""
    if detail.kind == Detail.Kind.AMOUNT:
        return not typed.is_amount(value)
    if detail.kind == Detail.Kind.DATE:
        return says_not_known(value)
    return bool(detail.forms) and not masks.fits(value, detail.forms)


def _remedy(form: DetailsForm) -> str:
    remedy = form.chosen_remedy
    return "" if remedy is None else str(remedy.wording) or f"{remedy.label}."
