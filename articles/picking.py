"""What a text may point at, found by its words: articles, policy facts, pictures.  Other apps add theirs.

Titles and keywords are compared here and not by the database, whose own comparing knows no accents in SQLite; one
query reads them, whatever their number.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import facts
from .models import Image, PolicyFact, Translation

MOST = 12  # shown at once; one more word finds the others
LONGEST = 200  # characters of a question that are looked at


@dataclass(frozen=True)
class Choice:
    """Something to put into a text; `words` are what it is found by besides its title."""

    insert: str
    title: str
    note: str = ""
    picture: str = ""
    words: str = ""


@dataclass(frozen=True)
class Picker:
    """All that there is of one kind in a language, the likeliest first, for who has the permission."""

    permission: str
    choices: Callable[[str], Iterable[Choice]]


def pickers(kind: str) -> list[Picker]:
    """Those that the settings name for this kind; empty: there is no such kind."""
    return [import_string(path) for path in settings.TEXT_PICKERS.get(kind, [])]


def matching(asked: str, choices: Iterable[Choice]) -> list[Choice]:
    """Those that have every word asked for, with or without accents; first those whose title begins with them."""
    wanted = folded(asked[:LONGEST])
    words = wanted.split()
    ranked: list[tuple[int, Choice]] = []
    for choice in choices:
        title = folded(choice.title)
        everything = f"{title} {folded(choice.words)}"
        if all(word in everything for word in words):
            ranked.append((_rank(wanted, words, title), choice))
    ranked.sort(key=lambda pair: pair[0])
    return [choice for _rank_of_it, choice in ranked]


def folded(words: str) -> str:
    """Without case and accents; what is plain already is not taken apart."""
    words = words.strip().casefold()
    if words.isascii():
        return words
    return "".join(letter for letter in unicodedata.normalize("NFKD", words) if not unicodedata.combining(letter))


def _rank(wanted: str, words: list[str], title: str) -> int:
    if title.startswith(wanted):
        return 0
    return 1 if all(f" {word}" in f" {title}" for word in words) else 2


def _articles(language: str) -> Iterable[Choice]:
    """Every article by its title in the language, else in another one; what was changed last comes first."""
    own = Q(language=language)
    elsewhere = ~Q(article__translations__language=language)
    rows = Translation.objects.filter(own | elsewhere).order_by("-changed_at", "pk")
    names = dict(settings.LANGUAGES)
    now, seen = timezone.now(), set()
    for key, code, title, keywords, published_at, withdrawn_at in rows.values_list(
        "article__key", "language", "title", "keywords", "published_at", "withdrawn_at"
    ):
        if key in seen:
            continue
        seen.add(key)
        is_visible = published_at and published_at <= now and not (withdrawn_at and withdrawn_at <= now)
        notes = [_("Article") if code == language else _("Article in %(language)s") % {"language": names[code]}]
        if not is_visible:
            notes.append(_("readers do not see it"))
        yield Choice(f"article:{key}", title, " · ".join(notes), words=f"{keywords} {key}")


def _policy_facts(language: str) -> Iterable[Choice]:
    """Every fact by its key, with what it says now."""
    keys = list(PolicyFact.objects.values_list("key", flat=True))
    said = facts.values(" ".join(f"{{{{ {key} }}}}" for key in keys), language)
    for key in keys:
        value = said.get(key, "")
        yield Choice(f"{{{{ {key} }}}}", key, value, words=f"{value} {key.replace('_', ' ')}")


def _pictures(language: str) -> Iterable[Choice]:
    """Every picture by its name, the newest first."""
    for image in Image.objects.order_by("-pk"):
        size = _("%(width)s × %(height)s pixels") % {"width": image.width, "height": image.height}
        yield Choice(image.name, image.name, size, picture=image.thumbnail_url, words=image.name.replace("-", " "))


articles = Picker("articles.view_article", _articles)
policy_facts = Picker("articles.view_policyfact", _policy_facts)
pictures = Picker("articles.view_image", _pictures)
