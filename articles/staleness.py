"""Which translations no longer say what their source says, and who is told: nobody of a typo, translators of a
minor change, readers too of a major one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import people, trail
from .stages import Significance

ORDER = [Significance.TYPO, Significance.MINOR, Significance.MAJOR]


def behind(made_from: Any, source: Any) -> Significance | None:
    """The most that has changed in the source since the revision that the text was made from; None: nothing."""
    newest = source.applied
    if newest is None or (made_from and made_from.pk == newest.pk):
        return None
    since = made_from.number if made_from and made_from.translation_id == source.pk else 0
    between = source.revisions.filter(number__gt=since, number__lte=newest.number, discarded_at=None)
    return most(between.values_list("significance", flat=True))


def most(changes: Any) -> Significance | None:
    return max((Significance(change) for change in changes), key=ORDER.index, default=None)


def after_publishing(translation: Any, before: Any, deed: trail.Deed) -> None:
    """Readers see the translation's applied revision in the place of `before`: who has to know, does."""
    if translation.is_source:
        if before:
            _mark_others(translation, before, deed)
    else:
        judge(translation)


def judge(translation: Any) -> None:
    """Whether readers are told that the text lags behind its source."""
    source = translation.article.source
    if source is None or source.pk == translation.pk:
        return
    change = behind(translation.applied and translation.applied.made_from, source)
    translation.mark_stale((translation.stale_since or timezone.now()) if change == Significance.MAJOR else None)


def _mark_others(source: Any, before: Any, deed: trail.Deed) -> None:
    change = behind(before, source)
    waiting: dict[Any, list[Any]] = defaultdict(list)
    for other in source.article.translations.exclude(pk=source.pk).select_related("article", "applied__author"):
        if change == Significance.MAJOR:
            judge(other)
        if change in (Significance.MINOR, Significance.MAJOR):
            for person in translators(other):
                waiting[person].append(other)
    for person, others in waiting.items():
        _tell(deed, person, others)


def _tell(deed: trail.Deed, person: Any, others: list[Any]) -> None:
    """One mail, however many languages are theirs; it leads to the text, or to the list of all."""
    with override(settings.LANGUAGE_CODE):
        said = _("The text it is translated from has changed: bring “%(title)s” up to date.")
        sentence = " ".join(said % {"title": other.title} for other in others)
    one, *more = others
    path = reverse("admin:articles_coverage") if more else translate_url(one.article, one.language)
    trail.tell(deed, [person], sentence, path)


def translators(translation: Any) -> list[Any]:
    """Those whose task the language is; where there are none, who wrote the text last, or keeps it true."""
    named = people.with_permission(f"articles.translate_{translation.language}", include_superusers=False)
    last = translation.applied.author if translation.applied else None
    return list(named) or [one for one in (last or translation.article.owner,) if one]


def translate_url(article: Any, language: str) -> str:
    return reverse("admin:articles_translate", args=[article.pk, language])


def put_in_step(article: Any, languages: set[str]) -> None:
    """The texts in these languages say what the source says: they came in together."""
    source = article.source
    if source is None or source.applied is None:
        return
    for translation in article.translations.filter(language__in=languages).exclude(pk=source.pk):
        if translation.applied and translation.applied.made_from_id != source.applied_id:
            translation.applied.mark(made_from=source.applied)
        judge(translation)
