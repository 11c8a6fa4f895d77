"""Which texts help least, with the reasons and words of their readers, and whether the last edit helped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from .models import Translation
from .tally import Tally
from .vote import OF_NOW, Reason, Vote

QUOTED = 3  # readers' words that a list shows of each text


@dataclass
class Said:
    """What readers said of one text: of what it says now, and of what it said before."""

    pk: int
    now: Tally
    before: Tally
    title: str = ""
    translation: Any = None
    reasons: list[tuple[str, int]] = field(default_factory=list)
    quotes: list[Vote] = field(default_factory=list)

    @property
    def change(self) -> int:
        """By how many of a hundred more say No than before the last edit."""
        return self.now.share_of_no - self.before.share_of_no


def worst(votes: QuerySet[Vote], least: int) -> list[Said]:
    """The texts of which readers say No most surely, as they are now; at least so many votes."""
    found = [said for said in _tallies(votes) if said.now.no and said.now.total >= least]
    return sorted(found, key=lambda said: (-said.now.badness, said.pk))


def edited(votes: QuerySet[Vote], least: int) -> list[Said]:
    """The texts that have changed since so many votes, those that were worst first."""
    found = [said for said in _tallies(votes) if said.before.total >= least]
    return sorted(found, key=lambda said: (-said.before.badness, said.pk))


def fill(page: Iterable[Said], votes: QuerySet[Vote]) -> list[Said]:
    """The same with their texts, and with the reasons and newest words of who said No, in three queries."""
    wanted = {said.pk: said for said in page}
    votes = votes.filter(revision__translation__in=list(wanted), is_helpful=False)
    related = Translation.objects.select_related("article__owner")
    for translation in related.filter(pk__in=list(wanted)):
        wanted[translation.pk].translation = translation
    for pk, counted in reasons(votes).items():
        wanted[pk].reasons = counted
    for quote in _newest_words(votes):
        wanted[quote.revision.translation_id].quotes.append(quote)
    return [said for said in wanted.values() if said.translation]


def of(translation: Translation, votes: QuerySet[Vote]) -> Said:
    """What was said of one text."""
    found = _tallies(votes.on(translation))  # type: ignore[attr-defined]
    return found[0] if found else Said(translation.pk, Tally(), Tally())


def of_now(votes: QuerySet[Vote]) -> QuerySet[Vote]:
    """Those on what the texts say now."""
    return votes.filter(OF_NOW)


def reasons(votes: QuerySet[Vote]) -> dict[int, list[tuple[str, int]]]:
    """For each text its reasons and how many gave them, the most frequent first."""
    rows = (
        votes.exclude(reason="").order_by().values("revision__translation", "reason").annotate(count=Count("pk"))
    )
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row["count"], row["reason"])):
        if row["reason"] in Reason.values:
            found[row["revision__translation"]].append((str(Reason(row["reason"]).label), row["count"]))
    return found


def by_revision(votes: QuerySet[Vote]) -> list[tuple[int, Any, Tally]]:
    """The number of each revision, since when readers saw it, and what they said of it; the newest first."""
    rows = (
        votes.order_by("-revision__number")
        .values("revision__number", "revision__applied_at")
        .annotate(yes=Count("pk", filter=Q(is_helpful=True)), no=Count("pk", filter=Q(is_helpful=False)))
    )
    return [(row["revision__number"], row["revision__applied_at"], Tally(row["yes"], row["no"])) for row in rows]


def by_reason(votes: QuerySet[Vote]) -> list[dict[str, Any]]:
    """Each reason that was given, and how often for what the text says now and for what it said before."""
    rows = (
        votes.exclude(reason="")
        .order_by()
        .values("reason", "is_helpful")
        .annotate(now=Count("pk", filter=OF_NOW), before=Count("pk", filter=~OF_NOW))
    )
    in_order = sorted(rows, key=lambda row: (row["is_helpful"], -row["now"], -row["before"], row["reason"]))
    return [
        dict(row) | {"label": Reason(row["reason"]).label} for row in in_order if row["reason"] in Reason.values
    ]


def _tallies(votes: QuerySet[Vote]) -> list[Said]:
    return [
        Said(
            row["revision__translation"],
            Tally(row["yes"], row["no"]),
            Tally(row["yes_before"], row["no_before"]),
            row["title"],
        )
        for row in votes.by_text()  # type: ignore[attr-defined]
    ]


def _newest_words(votes: QuerySet[Vote]) -> QuerySet[Vote]:
    """The newest few of each text."""
    place = Window(
        RowNumber(), partition_by=F("revision__translation"), order_by=[F("voted_at").desc(), F("pk").desc()]
    )
    return votes.exclude(words="").annotate(place=place).filter(place__lte=QUOTED).select_related("revision")
