"""What keeps texts true, for the first page of the desk: tasks, checks that are due, outdated translations, broken
links, and what readers say No to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Concat, RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles import due as checks
from articles import feedback
from articles.checkday import next_check
from articles.models import ExternalLink, Task, Translation, Vote

from .startpage import SHOWN, Button, Item, Section
from .worklists import DAYS

LEAST_VOTES = 5
COLUMNS = ("kind", "at", "own", "subject", "label", "said", "moment", "all_count")

Row = dict[str, Any]


def kept(user: Any) -> list[Section]:
    """What this person may act on of tasks, checks, translations and links; all of it in one query."""
    parts = {
        name: rows
        for name, rows in (
            ("tasks", _tasks(user)),
            ("due", _due(user)),
            ("stale", _stale(user)),
            ("links", _links(user)),
        )
        if rows is not None
    }
    if not parts:
        return []
    one, *others = parts.values()
    found: dict[str, list[Row]] = {name: [] for name in parts}
    for row in one.union(*others, all=True).order_by("the_kind", "the_at"):
        values = dict(zip(COLUMNS, row, strict=True))
        found[values["kind"]].append(values)
    return [SECTIONS[name](user, rows) for name, rows in found.items()]


def votes(user: Any) -> Section | None:
    """Texts of which readers say most surely that they do not help; one click from their reasons."""
    if not user.has_perm("articles.view_vote"):
        return None
    found = cache.get_or_set("desk.worst", _worst, settings.WORST_KEPT) or []
    items = [
        Item(
            said.title,
            reverse("admin:articles_votes_on", args=[said.pk]),
            _("%(no)s of %(total)s said No") % {"no": said.now.no, "total": said.now.total},
        )
        for said in found[:SHOWN]
    ]
    page = reverse("admin:articles_votes")
    clear = _("No text has many No votes.")
    return Section("votes", _("Least helpful"), clear, items, len(found), all_url=page)


def _worst() -> list[feedback.Said]:
    """All votes of these days are counted for it, so that it is kept for a while."""
    return feedback.worst(Vote.objects.since(DAYS), LEAST_VOTES)


def _tasks(user: Any) -> QuerySet[Any, Any] | None:
    if not user.has_perm("articles.view_task"):
        return None
    rows = Task.objects.waiting_for(user)
    heard = Concat(F("words"), Value(" “"), F("vote__words"), Value("”"), output_field=TextField())
    said = Case(When(vote__words__gt="", then=heard), default=F("words"), output_field=TextField())
    return _first(rows, "tasks", ("made_at", "pk"), "translation", F("translation__title"), said, F("made_at"))


def _due(user: Any) -> QuerySet[Any, Any] | None:
    """Whether anybody keeps an article true stands in place of a moment: that of its owner's account."""
    if not _own_languages(user):
        return None
    rows = checks.of(user, checks.due()).select_related(None)
    kept_since = Case(When(checks.NO_OWNER, then=None), default=F("owner__date_joined"))
    day = Cast("check_by", CharField())
    return _first(rows, "due", ("check_by", "pk"), "pk", Subquery(_titles()), day, kept_since)


def _stale(user: Any) -> QuerySet[Any, Any] | None:
    languages = _own_languages(user)
    if not languages:
        return None
    rows = Translation.objects.filter(stale_since__isnull=False, language__in=languages)
    return _first(rows, "stale", ("stale_since", "pk"), "article", F("title"), F("language"), F("stale_since"))


def _links(user: Any) -> QuerySet[Any, Any] | None:
    if not (settings.CHECK_LINKS and _own_languages(user)):
        return None
    rows = ExternalLink.objects.broken()
    reason = Value("")
    return _first(rows, "links", ("broken_since", "pk"), "pk", F("address"), reason, F("broken_since"))


def _first(
    rows: QuerySet[Any], kind: str, order: tuple[str, ...], subject: str, label: Any, said: Any, moment: Any
) -> QuerySet[Any, Any]:
    """The first few in this order, each with how many there are; in columns that are the same for every kind."""
    named = {
        "kind": Value(kind, output_field=CharField()),
        "at": Window(RowNumber(), order_by=[F(name).asc() for name in order]),
        "own": F("pk"),
        "subject": F(subject),
        "label": Cast(label, TextField()),
        "said": Cast(said, TextField()),
        "moment": Cast(moment, DateTimeField()),
        "all_count": Window(Count("*")),
    }
    some = rows.order_by().annotate(**{f"the_{name}": value for name, value in named.items()})
    return some.filter(the_at__lte=SHOWN).values_list(*(f"the_{name}" for name in COLUMNS))


def _task_section(_user: Any, rows: list[Row]) -> Section:
    """What somebody has asked of this person; one button says that it is done."""
    here = {"next": reverse("admin:index")}
    items = [
        Item(
            row["label"],
            reverse("admin:articles_text", args=[row["subject"]]),
            row["said"],
            button=Button(_("Done"), reverse("admin:articles_do_task", args=[row["own"]]), here),
        )
        for row in rows
    ]
    page = f"{reverse('admin:articles_task_changelist')}?{urlencode({'done_at__isnull': 'True'})}"
    return _section("tasks", _("Tasks for you"), _("No task waits for you."), items, rows, page)


def _due_section(_user: Any, rows: list[Row]) -> Section:
    """Texts that somebody must look at again; one button says that they are still correct."""
    until = next_check()
    fields = {"next": reverse("admin:index"), "until": until.isoformat() if until else ""}
    items = [
        Item(
            row["label"],
            reverse("admin:articles_article_change", args=[row["subject"]]),
            _when(date.fromisoformat(row["said"][:10]), row["moment"] is not None),
            button=Button(
                _("Still correct"), reverse("admin:articles_still_correct", args=[row["subject"]]), fields
            ),
        )
        for row in rows
    ]
    title, clear = _("Are these still correct?"), _("Nothing is due for a check.")
    return _section("due", title, clear, items, rows, reverse("admin:articles_due"))


def _stale_section(user: Any, rows: list[Row]) -> Section:
    """Translations that readers are told lag behind; one click from the page beside their source."""
    items = [
        Item(
            row["label"],
            reverse("admin:articles_translate", args=[row["subject"], row["said"]]),
            _("%(language)s, since %(day)s") % {"language": row["said"], "day": _day(row["moment"])},
        )
        for row in rows
    ]
    own = _own_languages(user)
    listed = {"stale": "outdated"} | ({"language": own[0]} if len(own) == 1 else {})
    page = f"{reverse('admin:articles_article_changelist')}?{urlencode(listed)}"
    title, clear = _("Outdated translations"), _("Every translation says what its source says.")
    return _section("stale", title, clear, items, rows, page)


def _link_section(_user: Any, rows: list[Row]) -> Section:
    """Pages of other sites that no longer answer; one click from the texts that link to them."""
    page = reverse("admin:articles_links")
    items = [
        Item(
            row["label"],
            f"{page}#link-{row['subject']}",
            _("failing since %(day)s") % {"day": _day(row["moment"])},
        )
        for row in rows
    ]
    return _section("links", _("Broken links"), _("No link is broken."), items, rows, page)


SECTIONS: dict[str, Callable[[Any, list[Row]], Section]] = {
    "tasks": _task_section,
    "due": _due_section,
    "stale": _stale_section,
    "links": _link_section,
}


def _section(name: str, title: str, clear: str, items: list[Item], rows: list[Row], page: str) -> Section:
    return Section(name, title, clear, items, rows[0]["all_count"] if rows else 0, all_url=page)


def _own_languages(user: Any) -> list[str]:
    """Those in which this person may write: all, or a translator's own."""
    codes = [code for code, _name in settings.LANGUAGES]
    if user.has_perm("articles.change_translation"):
        return codes
    return [code for code in codes if user.has_perm(f"articles.translate_{code}")]


def _titles() -> Any:
    """The title of an article in the language that it is written in, else in any."""
    is_source = Case(When(language=F("article__source_language"), then=0), default=1, output_field=IntegerField())
    texts = Translation.objects.filter(article=OuterRef("pk")).annotate(comes=is_source)
    return texts.order_by("comes", "pk").values("title")[:1]


def _when(day: date, is_kept: bool) -> str:
    """By which day, and whether anybody keeps it true."""
    words = _("to be checked by %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    return words if is_kept else " · ".join([words, _("nobody keeps it true")])


def _day(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
