"""The form in which one language of an article is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import facts, staleness
from .consequences import CarefulForm, Consequence, of_slug
from .models import PolicyFact, Revision, Translation
from .numbers import whole
from .revision import TEXT
from .stages import Significance


class TranslationForm(CarefulForm):
    """One language of an article, as it was written last; saving writes a revision of it."""

    by: Any = None  # who is writing
    checks: Any = None  # what the checks of what it says have found
    made_from = ""  # the key of the source's revision that the page showed
    significance = forms.ChoiceField(
        label=_("what has changed"),
        choices=Significance.choices,
        initial=Significance.MINOR,
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("note"),
        max_length=300,
        required=False,
        help_text=_("For the history and for who reviews it: what you changed, and why."),
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )
    is_in_step = forms.BooleanField(
        label=_("It now says what the source says"),
        required=False,
        help_text=_("Ends the mark that it is outdated, once this revision is published."),
    )

    class Meta:
        model = Translation
        fields = ["language", "title", "slug", "summary", "body", "keywords"]
        widgets = {
            "language": forms.HiddenInput,
            "title": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "slug": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField markdown"}),
            "keywords": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        self.newest = instance.newest if instance and instance.pk else None
        if self.newest:
            kwargs["initial"] = {**(kwargs.get("initial") or {}), **self.newest.texts}
        super().__init__(*args, **kwargs)
        self.live_url = instance.get_absolute_url() if instance and instance.is_published else ""
        self.fields["slug"].required = False
        self.fields["slug"].help_text = gettext("Its address. Left empty, it is made from the title.")
        self._leave_out_what_does_not_apply()

    def _leave_out_what_does_not_apply(self) -> None:
        """A first writing changes nothing; only a translation can lag behind."""
        if self.newest is None:
            del self.fields["note"]
        if self.newest is None or not self.instance.is_source:
            del self.fields["significance"]
        if self.newest is None or self.instance.is_source or not self.source_change:
            del self.fields["is_in_step"]

    @cached_property
    def source_change(self) -> Significance | None:
        """The most that has changed in the source since this was made from it."""
        source = self.instance.article.source
        return staleness.behind(self.newest.made_from, source) if source and self.newest else None

    def stored(self, name: str) -> Any:
        return self.newest.texts[name] if self.newest and name in self.newest.texts else super().stored(name)

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TEXT}

    def save(self, commit: bool = True) -> Translation:
        """What was written is a revision; readers go on seeing what they see."""
        if self.newest is None:
            self.instance.save(by=self.by)
            if self.made_from and self.instance.applied:
                self.instance.applied.mark(made_from=self._source_seen())
            return self.instance
        in_step = bool(self.cleaned_data.get("is_in_step"))
        if in_step or self.texts != _with_plain_ends(self.newest.texts):
            made_from = {"made_from": self._source_seen()} if in_step else {}
            self.written = Translation.objects.get(pk=self.instance.pk).write(
                self.texts,
                by=self.by,
                note=self.cleaned_data["note"],
                significance=self.cleaned_data.get("significance") or Significance.MINOR,
                **made_from,
            )
        return self.instance

    def _source_seen(self) -> Revision | None:
        """The source's revision that the page showed, where it showed one; else the one that readers see."""
        source = self.instance.article.source
        if source is None or source.pk == self.instance.pk:
            return None
        shown = source.revisions.filter(pk=whole(self.made_from)).first()
        return shown or source.applied

    def conflict_words(self) -> str:
        words = super().conflict_words()
        who = self.newest.author.get_username() if self.newest and self.newest.author else gettext("Somebody")
        said = gettext("%(who)s saved revision %(number)s. It stays in the history whatever you do.")
        return f"{words} {said % {'who': who, 'number': self.newest.number}}" if self.newest else words

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        """Of an address that is new in this very revision; said again at every save it would be in the way."""
        slug = cleaned.get("slug") or slugify(cleaned.get("title", ""))[:150].strip("-")
        if self.newest is None or slug == self.newest.slug:
            return []
        return of_slug(Translation.objects.select_related("article").get(pk=self.instance.pk), slug)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned |= _with_plain_ends({name: cleaned[name] for name in TEXT if name in cleaned})
        if not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("title"):
            cleaned["slug"] = slugify(cleaned["title"])[:150].strip("-")
            if not cleaned["slug"]:
                self.add_error("slug", gettext("The title has no letters for an address. Write a slug."))
        others = Translation.objects.filter(article=self.instance.article_id, language=cleaned.get("language"))
        if self.instance.article_id and others.exclude(pk=self.instance.pk).exists():
            self.add_error(None, gettext("Somebody has written this language meanwhile. Open it in another tab."))
        texts = f"{cleaned.get('summary', '')} {cleaned.get('body', '')}"
        used = facts.used_in(texts)
        unknown = (
            used - set(PolicyFact.objects.filter(key__in=used).values_list("key", flat=True)) if used else set()
        )
        for key in sorted(unknown):
            self.add_error(
                "body",
                gettext("There is no policy fact “%(key)s”. Make it first, or correct its name.") % {"key": key},
            )
        return cleaned

    @property
    def language_name(self) -> str:
        code = self["language"].value()
        return str(dict(settings.LANGUAGES).get(code, code))


def _with_plain_ends(texts: dict[str, str]) -> dict[str, str]:
    """The same whatever the browser's line ends and those of a file, so that saving unchanged changes nothing."""
    return {name: text.replace("\r\n", "\n").strip() for name, text in texts.items()}
