"""What follows from renaming, moving, withdrawing or deleting something: said first, done when it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import uses
from .models import Article, Category, OldSlug, Translation
from .uses import Kind, Place, Used
from .writing import SeenForm

CONFIRMED = "_confirmed"


@dataclass(frozen=True)
class Consequence:
    """One sentence, and the places that it is about."""

    sentence: str
    places: tuple[Place, ...] = ()
    more: int = 0  # places that are not shown


def digest(found: Iterable[Consequence]) -> str:
    """Tells apart what somebody has read."""
    return hashlib.sha256(repr([(one.sentence, one.places, one.more) for one in found]).encode()).hexdigest()[:16]


def has_read(found: Sequence[Consequence], confirmed: str) -> bool:
    """Whether nothing follows, or whoever posted this has read exactly this."""
    return not found or digest(found) in confirmed.split()


class CarefulForm(SeenForm):
    """A form that comes back once with what follows from it, and is saved when its writer has read that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consequences: list[Consequence] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and not self.errors:
            found = self.what_follows(cleaned)
            if not has_read(found, self.data.get(CONFIRMED, "")):
                self.consequences = found
                words = _("Nothing is saved yet: read above what follows from it, and say that you have read it.")
                self.add_error(None, ValidationError(words, code="consequences"))
        return cleaned

    @property
    def confirms(self) -> str:
        """What the page posts when its writer has read what follows."""
        return digest(self.consequences)

    def what_follows(self, cleaned: dict[str, Any]) -> list[Consequence]:
        """What the writer should know before this is saved."""
        return []


def refuse_renaming(kind: Kind, old: str, new: str) -> None:
    """ValidationError with the places that would no longer find it, where there are any."""
    if not old or old == new:
        return
    found = uses.used(kind, old)
    if by_key := found.by_key:
        count = found.count - len(found.places) + len(by_key)
        said = _(
            "“%(key)s” cannot get another name: %(count)s by this one, and would no longer find it. %(places)s."
        )
        raise ValidationError(
            said % {"key": old, "count": _who_names(by_key, count), "places": uses.named(by_key, count)}
        )


def _who_names(by_key: list[Place], count: int) -> str:
    """3 texts and 1 flow name it."""
    in_flows = sum(place.is_flow for place in by_key)
    texts = count - in_flows
    parts = []
    if texts:
        parts.append(ngettext("%(count)d text", "%(count)d texts", texts) % {"count": texts})
    if in_flows:
        parts.append(
            ngettext("%(count)d step of a flow", "%(count)d steps of flows", in_flows) % {"count": in_flows}
        )
    return ngettext("%(who)s names it", "%(who)s name it", count) % {"who": _(" and ").join(parts)}


def of_slug(found: Translation, slug: str) -> list[Consequence]:
    """Of another address for a text that readers see."""
    if not found.is_published or not slug or slug == found.slug:
        return []
    renamed = Translation(article=found.article, language=found.language, slug=slug)
    sentence = _(
        "The address changes from %(old)s to %(new)s. The old one leads to the new one; links in texts stay."
    )
    addresses = {"old": found.get_absolute_url(), "new": renamed.get_absolute_url()}
    result = [Consequence(sentence % addresses)]
    taken = OldSlug.objects.filter(language=found.language, slug=slug).exclude(translation=found)
    for old in taken.select_related("translation"):
        said = _("%(new)s is an old address of “%(title)s”: it no longer leads there.")
        result.append(Consequence(said % {"new": addresses["new"], "title": old.translation.title}))
    return result


def of_address(found: Any, slug: str) -> list[Consequence]:
    """Of another slug for a flow or a category, which has one for all languages."""
    if not slug or slug == found.slug:
        return []
    renamed = type(found)(pk=found.pk, slug=slug)
    sentence = _(
        "The address changes from %(old)s to %(new)s. The old one leads to the new one; links in texts stay."
    )
    return [Consequence(sentence % {"old": found.get_absolute_url(), "new": renamed.get_absolute_url()})]


def of_moving(found: Any, category: Category | None) -> list[Consequence]:
    """Of another category for an article or a flow that readers see."""
    if category is None or found.category_id == category.pk:
        return []
    if isinstance(found, Article) and not any(text.is_published for text in found.translations.all()):
        return []
    sentence = _(
        "It moves from “%(old)s” to “%(new)s”: readers find it there, and the path above it, its notices and its "
        "contact topics are those of that category. Its address stays, and so do all links to it."
    )
    return [Consequence(sentence % {"old": found.category, "new": category})]


def of_moving_category(found: Category, parent: Category | None) -> list[Consequence]:
    """Of another place for a category: all that it holds comes along."""
    if found.parent_id == (parent.pk if parent else None):
        return []
    held = uses.used(Kind.CATEGORY, found.slug)
    home = _("the home page")
    sentence = _(
        "It moves from “%(old)s” to “%(new)s”, with all that it holds: their addresses stay, the path above them "
        "changes."
    )
    places = {"old": found.parent or home, "new": parent or home}
    return [Consequence(sentence % places, tuple(held.places), held.more)]


def of_withdrawing(subject: Any) -> list[Consequence]:
    """Of a text or a flow that readers no longer see; nothing where they do not see it now."""
    if not subject.is_published:
        return []
    own = _of_text(subject) if isinstance(subject, Translation) else subject.consequences_of_withdrawing()
    return [*own, *_of_readers(subject)]


def _of_text(text: Translation) -> list[Consequence]:
    others = [found for found in text.siblings if found.is_published]
    used = uses.used(Kind.ARTICLE, text.article.key)
    if others:
        languages = ", ".join(str(found.get_language_display()) for found in others)
        said = _("Links to it lead to the text in %(languages)s from then on.") % {"languages": languages}
        # Those in the other languages lead to their own already.
        turned = tuple(place for place in used.live if place.language in ("", text.language))
        return [Consequence(said, turned, used.more)] if turned else []
    steps = tuple(place for place in used.live if place.is_flow)
    texts = tuple(place for place in used.live if not place.is_flow)
    found = []
    if steps:
        found.append(Consequence(_("These steps that customers walk show without it:"), steps))
    if texts:
        found.append(Consequence(_("These lose their link to it and keep its words:"), texts, used.more))
    return found


def _of_readers(subject: Any) -> list[Consequence]:
    """How many readers came to it lately, as far as anybody counts."""
    return [Consequence(sentence) for name in settings.READERS for sentence in import_string(name)(subject)]


def of_deleting(used: Used) -> list[Consequence]:
    """Of something that is gone for good; what holds it back, Django's own page says."""
    if not used:
        return []
    sentences = {
        Kind.ARTICLE: _("These name it, and would be left without it:"),
        Kind.FLOW: _("These link to it, and would keep the words without the link:"),
        Kind.IMAGE: _("These show it, and would show the words in its place:"),
        Kind.FACT: _("These say it:"),
        Kind.CATEGORY: _("It holds these, and cannot go before they are elsewhere:"),
    }
    return [Consequence(sentences[Kind(used.kind)], tuple(used.places), used.more)]
