"""One act on many articles: what would happen to each, what is refused and why, and doing it.

Each goes through the door that it goes through alone, in a transaction of its own: a long list holds up nobody
else, and one that is refused holds up no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import filing, inspecting, review, uses
from .models import Article, Revision, Translation
from .review import Act
from .stages import NotAllowed, Stage

MOST = 500  # articles at once


class Bulk(models.TextChoices):
    MOVE = "move", gettext_lazy("Move to a category")
    ASSIGN = "assign", gettext_lazy("Give to an owner")
    PUBLISH = "publish", gettext_lazy("Publish")
    SCHEDULE = "schedule", gettext_lazy("Publish at a moment")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw")
    WITHDRAW_AT = "withdraw-at", gettext_lazy("Withdraw at a moment")


ACTS = {
    Bulk.PUBLISH: Act.PUBLISH,
    Bulk.SCHEDULE: Act.SCHEDULE,
    Bulk.WITHDRAW: Act.WITHDRAW,
    Bulk.WITHDRAW_AT: Act.WITHDRAW,
}
PERMISSIONS = dict.fromkeys(ACTS, "articles.publish_translation") | {
    Bulk.MOVE: "articles.change_article",
    Bulk.ASSIGN: "articles.change_article",
}


@dataclass
class Row:
    """One article, or one of its texts, with what would become of it; `mark` tells apart what was shown."""

    key: str
    title: str
    url: str
    language: str
    before: str
    after: str = ""
    refusal: str = ""
    mark: str = ""
    subject: Any = None


def plan(kind: Bulk, articles: Iterable[int], by: Any, given: dict[str, Any]) -> list[Row]:
    """What would happen now, in the order of the list; the same number of queries however many there are."""
    if kind in ACTS:
        rows = _texts(kind, articles, by, given)
        return (_with_what_links_there if ACTS[kind] == Act.WITHDRAW else _with_what_stops)(rows, given.get("at"))
    texts = Translation.objects.defer("body", "keywords")
    found = Article.objects.filter(pk__in=articles).select_related("category__parent", "owner")
    return [_filing(kind, one, by, given) for one in found.prefetch_related(Prefetch("translations", texts))]


def carry_out(
    kind: Bulk, articles: Iterable[int], by: Any, given: dict[str, Any], seen: dict[str, str]
) -> tuple[list[Row], list[Row]]:
    """What was shown and has not changed since is done, or refused with the reason; those done, those refused."""
    done: list[Row] = []
    refused: list[Row] = []
    rows = _texts(kind, articles, by, given) if kind in ACTS else plan(kind, articles, by, given)
    for row in rows:
        if row.key not in seen:
            continue  # it was refused on the page
        if not row.refusal and row.mark != seen[row.key]:
            row.refusal = _("It has changed since you opened the page. Look at it again.")
        if not row.refusal:
            row.refusal = _do(kind, row, by, given)
        (refused if row.refusal else done).append(row)
    return done, refused


def _do(kind: Bulk, row: Row, by: Any, given: dict[str, Any]) -> str:
    """It is done, or the reason why it was not."""
    try:
        if kind == Bulk.MOVE:
            filing.move(row.subject, given["category"], by)
        elif kind == Bulk.ASSIGN:
            filing.assign(row.subject, given["owner"], by)
        else:
            at = {"at": given["at"]} if given.get("at") else {}
            review.do(ACTS[kind], row.subject, by, seen=row.subject.digest, **at)
    except (NotAllowed, Revision.DoesNotExist, Translation.DoesNotExist) as error:
        return str(error) if isinstance(error, NotAllowed) else _("Somebody has deleted it meanwhile.")
    except IntegrityError:
        return _("Somebody has saved another text under its address meanwhile.")
    return ""


def _filing(kind: Bulk, article: Article, by: Any, given: dict[str, Any]) -> Row:
    titles = [found.title for found in article.translations.all()]
    row = Row(f"a{article.pk}", titles[0] if titles else article.key, article.work_url, "", "", subject=article)
    if kind == Bulk.MOVE:
        row.before, row.after, row.mark = article.category.path, given["category"].path, str(article.category_id)
        is_same, refusal = article.category == given["category"], filing.refusal_to_move(article, by)
        already = _("It stands there already.")
    else:
        nobody = _("nobody")
        row.before, row.after = str(article.owner or nobody), str(given["owner"] or nobody)
        row.mark = str(article.owner_id)
        is_same, refusal = article.owner == given["owner"], filing.refusal_to_assign(article, by)
        already = _("So it is already.")
    row.refusal = already if is_same else refusal
    return row


def _texts(kind: Bulk, articles: Iterable[int], by: Any, given: dict[str, Any]) -> list[Row]:
    texts = Translation.objects.filter(article__in=articles, language__in=given["languages"])
    texts = texts.with_newest_number().select_related("article", "applied")
    texts = texts.defer("body", "keywords", "applied__body", "applied__keywords")
    found = list(texts.order_by("article__position", "article_id", "language"))
    newest = _newest_of(found, with_body=ACTS[kind] != Act.WITHDRAW)
    taken = _taken(newest.values()) if ACTS[kind] != Act.WITHDRAW else {}
    return [_text(kind, one, newest.get(one.pk), by, given.get("at"), taken) for one in found]


def _with_what_stops(rows: list[Row], at: datetime | None) -> list[Row]:
    """Each says how many checks stop it as things are.

    It is no refusal: what a text links to may be published before it, by the same press.
    """
    asked = [row for row in rows if not row.refusal]
    stops = inspecting.blocking_counts([inspecting.text_of(row.subject) for row in asked], at)
    for row, count in zip(asked, stops, strict=True):
        if count:
            said = ngettext("%(count)d check stops it now", "%(count)d checks stop it now", count)
            row.after = f"{row.after} · {said % {'count': count}}"
    return rows


def _with_what_links_there(rows: list[Row], _at: datetime | None) -> list[Row]:
    """Each says in how many places its article is named."""
    asked = [row for row in rows if not row.refusal]
    counts = uses.counts(uses.Kind.ARTICLE, {row.subject.translation.article.key for row in asked})
    for row in asked:
        if count := counts[row.subject.translation.article.key]:
            said = ngettext("%(count)d place names it", "%(count)d places name it", count) % {"count": count}
            row.after = f"{row.after} · {said}"
    return rows


def _newest_of(texts: list[Translation], *, with_body: bool) -> dict[int, Revision]:
    """Translation → the revision that was written last and not discarded."""
    newer = Revision.objects.filter(
        translation=OuterRef("translation"), discarded_at=None, number__gt=OuterRef("number")
    )
    last = Revision.objects.filter(~Exists(newer), translation__in=texts, discarded_at=None)
    found = {one.translation_id: one for one in (last if with_body else last.defer("body", "keywords"))}
    for text in texts:
        if text.pk in found:
            found[text.pk].translation = text
    return found


def _taken(revisions: Iterable[Revision]) -> dict[tuple[str, str], tuple[int, str]]:
    """(language, slug) → the text that has this address, with its title."""
    slugs = {revision.slug for revision in revisions}
    rows = Translation.objects.filter(slug__in=slugs).values_list("language", "slug", "pk", "title")
    return {(language, slug): (pk, title) for language, slug, pk, title in rows}


def _text(
    kind: Bulk,
    text: Translation,
    newest: Revision | None,
    by: Any,
    at: datetime | None,
    taken: dict[tuple[str, str], tuple[int, str]],
) -> Row:
    row = Row(f"t{text.pk}", text.title, text.work_url, text.language, text.state, subject=newest)
    if newest is None:
        row.refusal = _("Nothing is written yet.")
        return row
    row.mark = f"{newest.number} {text.is_locked}"
    moment = date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
    if ACTS[kind] == Act.WITHDRAW:
        row.refusal = review.refusal(Act.WITHDRAW, newest, by)
        if not row.refusal and not text.is_locked:
            row.refusal = _("Readers do not see it: there is nothing to withdraw.")
        row.after = _("withdrawn from %(moment)s") % {"moment": moment} if at else _("withdrawn")
        return row
    row.refusal = _refusal_to_show(ACTS[kind], newest, by, taken)
    row.after = _after_showing(text, newest, moment)
    return row


def _refusal_to_show(act: Act, newest: Revision, by: Any, taken: dict[tuple[str, str], tuple[int, str]]) -> str:
    if newest.stage == Stage.APPLIED:
        return _("Readers see the newest one already.")
    if words := review.refusal(act, newest, by):
        return words
    pk, title = taken.get((newest.translation.language, newest.slug), (newest.translation_id, ""))
    if pk != newest.translation_id:
        return _("Its slug is the address of “%(title)s” already.") % {"title": title}
    return ""


def _after_showing(text: Translation, newest: Revision, moment: str) -> str:
    number = {"number": newest.number, "moment": moment}
    if moment:
        return _("readers see number %(number)s from %(moment)s") % number
    return _("readers see number %(number)s") % number
