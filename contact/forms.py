"""The two forms of a contact request: its topic, and what its topic needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from articles.languages import current_language
from articles.links import Link, articles
from articles.models import Category
from flows.labels import texts
from flows.models import Detail, Remedy, Topic, TopicDetail

from . import typed, words
from .fields import ADDRESS_LENGTH, Day, Lines, Words, check_address, detail_field, in_words
from .models import DraftRequest

PREFIX = "detail-"
OWN = ("message", "tried", "name", "email")  # fields that are columns of the draft
REMOVE = "remove-text"  # names the one field that is to be emptied
LINE_LENGTH = 38  # letters on a telephone
NO_REMEDY = gettext_lazy("I leave that to you")


class DetailsForm(forms.Form):
    """What a topic needs, and what every request has."""

    message = Lines(
        limit=10_000,
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy("What happened, in your own words. Never send passwords or card numbers."),
        error_messages={"required": gettext_lazy("Write what happened.")},
    )
    tried = Lines(
        limit=10_000,
        required=False,
        label=gettext_lazy("What you have tried"),
        help_text=gettext_lazy("So that nobody asks you to do it again."),
    )
    remedy = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label=gettext_lazy("What would you like us to do?"),
        error_messages={"invalid_choice": gettext_lazy("Choose what you would like us to do.")},
    )
    name = Words(
        limit=200,
        required=False,
        label=gettext_lazy("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = Words(
        limit=ADDRESS_LENGTH,
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("Our answer goes there, and a copy of your request."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write your e-mail address.")},
    )

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic = topic
        needed = topic.topic_details.select_related("detail__picture").prefetch_related("detail__choices")
        self.needed = [one for one in needed if one.detail.kind != Detail.Kind.PHOTOS]  # see filesfield.py
        self.remedies = {remedy.key: remedy for remedy in topic.offered.select_related("article")}
        details = {f"{PREFIX}{needed.detail.key}": detail_field(needed) for needed in self.needed}
        self.fields = details | self.fields
        if self.remedies:
            choices = [(key, str(remedy.label)) for key, remedy in self.remedies.items()]
            self.fields["remedy"].choices = [*choices, ("", NO_REMEDY)]  # type: ignore[attr-defined]
        else:
            del self.fields["remedy"]
        if get_language() in texts(topic.wording):  # the request words itself from what is asked for above
            self.fields["message"].required = False
            self.fields["message"].label = gettext_lazy("Anything else we should know")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        check_address(email)
        return email

    @property
    def details(self) -> list[dict[str, str]]:
        """The details with their labels, and the values as they are read; once the form is valid."""
        return [
            {
                "key": needed.detail.key,
                "label": str(needed.detail.label),
                "value": self._as_read(needed, value),
            }
            for needed in self.needed
            for value in [self.cleaned_data[f"{PREFIX}{needed.detail.key}"]]
        ]

    @property
    def remedy_in_words(self) -> str:
        """What was asked for, as the customer saw it; empty where the topic offers no choice."""
        if "remedy" not in self.fields:
            return ""
        return str(self.chosen_remedy.label if self.chosen_remedy else NO_REMEDY)

    @property
    def chosen_remedy(self) -> Remedy | None:
        """The remedy that was chosen."""
        return self.remedies.get(self.data.get("remedy", ""))

    def _as_read(self, needed: TopicDetail, value: object) -> str:
        """The value in words: a day or that it is not known, the label of a choice, else what was typed."""
        if isinstance(value, date):
            return words.day(value)
        if needed.detail.kind == Detail.Kind.DATE:
            return str(in_words(value or ""))
        labels = {choice.key: str(choice.label) for choice in needed.detail.choices.all()}
        return labels.get(str(value), str(value or ""))

    def remedy_rows(self) -> list[tuple[Any, Link | None]]:
        """Each remedy's radio with the article that says under what conditions it is given."""
        keys = {key: remedy.article.key for key, remedy in self.remedies.items() if remedy.article}
        policies = articles(keys.values(), current_language()) if keys else {}
        return [(radio, policies.get(keys.get(radio.data["value"], ""))) for radio in self["remedy"].subwidgets]

    def ready(self) -> tuple[int, int]:
        """How many of the details that the topic cannot do without have been given, and how many there are."""
        required = [needed.detail.key for needed in self.needed if needed.is_required]
        given = [key for key in required if str(self[f"{PREFIX}{key}"].value() or "").strip()]
        return len(given), len(required)

    def save_to(self, draft: DraftRequest) -> list[str]:
        """The draft has what was typed, right or wrong; what this form does not ask for stays.

        So does what a field is left empty about, whose names are returned: who comes a second time, from another
        window or another flow, does not mean to take back what we know.  Removing is an act of its own.
        """
        given = {name: field.to_python(self.data.get(name, "")) for name, field in self.fields.items()}
        given.pop("remedy", None)
        if "remedy" in self.data:
            draft.remedy = self.chosen_remedy
        return _take(draft, given, removed=self.data.get(REMOVE, ""))


def keep_words(draft: DraftRequest, data: Mapping[str, str]) -> None:
    """The draft has what was typed although nobody knows the form it came from: its topic is gone."""
    given = {name: DetailsForm.base_fields[name].to_python(data[name]) for name in data.keys() & OWN}
    details = {
        typed.one_line(name): typed.many_lines(text) for name, text in data.items() if name.startswith(PREFIX)
    }
    _take(draft, given | details)


def _take(draft: DraftRequest, given: Mapping[str, Any], removed: str = "") -> list[str]:
    """The draft has what is given, and goes without what is removed; the names of what stays though left empty."""
    known = as_typed(draft)
    left_empty = [name for name, text in given.items() if name != removed and not text and known.get(name)]
    taken = {name: text for name, text in given.items() if name not in left_empty}
    if removed in given:
        taken[removed] = ""
    for name in taken.keys() & OWN:
        setattr(draft, name, taken[name])
    draft.details = draft.details | {
        name.removeprefix(PREFIX): text for name, text in taken.items() if name.startswith(PREFIX)
    }
    return left_empty


def as_typed(draft: DraftRequest) -> dict[str, str]:
    """The draft as the details form sends it."""
    values = {name: getattr(draft, name) for name in OWN}
    values["remedy"] = draft.remedy.key if draft.remedy else ""
    return values | {f"{PREFIX}{key}": text for key, text in draft.details.items()}


def kept_rows(form: DetailsForm, draft: DraftRequest, names: Iterable[str]) -> list[dict[str, str]]:
    """What was left empty and stays, each with its label; of these names those that the form asks for."""
    known = as_typed(draft)
    fields = [
        name for name in dict.fromkeys(names) if name in form.fields and name != "remedy" and known.get(name)
    ]
    return [{"name": name, "label": str(form[name].label), "value": _shown(form, known, name)} for name in fields]


def _shown(form: DetailsForm, known: Mapping[str, str], name: str) -> str:
    return in_words(known[name]) if isinstance(form.fields[name], Day) else known[name]


class WordedForm(forms.Form):
    """The worded request, as the check page shows it and takes it back."""

    worded = Lines(
        limit=10_000,
        label=gettext_lazy("Your request, in words"),
        help_text=gettext_lazy(
            "We made it of your answers and read it first; your own message follows it as you wrote it. Change "
            "whatever you like."
        ),
        error_messages={
            "required": gettext_lazy("Your request has no words. Write some, or have it worded anew.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = str(self["worded"].value() or "")
        lines = sum(1 + len(line) // LINE_LENGTH for line in text.splitlines())
        self.fields["worded"].widget.attrs["rows"] = min(max(lines + 1, 5), 30)  # all of it is in view

    @classmethod
    def of(cls, words: str, posted: Mapping[str, str]) -> WordedForm:
        """The form with these words, else with what was typed into it; ours that nobody touched are not typed."""
        is_typed = "worded" in posted and not cls._is_as_shown(posted["worded"], posted)
        return cls(posted) if is_typed else cls(initial={"worded": words})

    @staticmethod
    def mark_of(words: str) -> str:
        """What the page carries to tell whether its words were changed."""
        return hashlib.sha256(typed.many_lines(words).encode()).hexdigest()[:20]

    @property
    def changed(self) -> str:
        """The words, where they are not those that the page showed; once the form is valid.

        Words changed before and left alone now stay changed: the page says so.
        """
        words: str = self.cleaned_data["worded"]
        return "" if self._is_as_shown(words, self.data) else words

    @classmethod
    def _is_as_shown(cls, words: str, posted: Mapping[str, str]) -> bool:
        """Whether they are our own, as the page showed them."""
        return cls.mark_of(words) == posted.get("as_worded") and "is_changed" not in posted


class TopicForm(forms.Form):
    """What a request is about, and where its customer comes from."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what it is about."),
            "invalid_choice": gettext_lazy("Choose what it is about."),
        },
    )
    article = Words(limit=50, required=False, widget=forms.HiddenInput)
    category = Words(limit=50, required=False, widget=forms.HiddenInput)

    def __init__(self, first: Category | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.select_related("category__parent")
        self.topics = {topic.key: topic for topic in topics}
        self.groups = grouped(self.topics.values(), first)
        self.fields["topic"].choices = [(key, str(topic.name)) for key, topic in self.topics.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Topic:
        """The topic that was chosen; once the form is valid."""
        return self.topics[self.cleaned_data["topic"]]


def grouped(topics: Iterable[Topic], first: Category | None) -> list[tuple[Category, list[Topic]]]:
    """The topics by category in the order of the home page, those of the first one's kind of problem before."""
    groups: dict[Category, list[Topic]] = {}
    for topic in topics:
        groups.setdefault(topic.category, []).append(topic)

    def place(category: Category) -> tuple[bool, bool, int, int, bool, int, int]:
        top = category.parent or category
        is_same = first is not None and category == first
        is_near = first is not None and top == (first.parent or first)
        own = (category.parent is not None, category.position, category.pk)
        return (not is_same, not is_near, top.position, top.pk, *own)

    return sorted(groups.items(), key=lambda group: place(group[0]))
