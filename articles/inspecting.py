"""The checks of texts with all that they need from the database; and the door at which a finding stops a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import checks, facts, links
from .checklist import Weight
from .external import ExternalLink, page
from .findings import Finding, Surroundings, Target, Text
from .models import Article, Image, Revision, Translation
from .readability import Ease
from .reading import Held, read, split
from .stages import NotAllowed


@dataclass(frozen=True)
class Report:
    """What was found in a text: what stops its publication, and what would make it better."""

    text: Text
    blocking: tuple[Finding, ...] = ()
    advising: tuple[Finding, ...] = ()
    ease: Ease | None = None

    @property
    def ease_in_words(self) -> str:
        return checks.ease_in_words(self.ease) if self.ease else ""

    @property
    def counts(self) -> str:
        """“1 stops publishing, 3 would make it better”; says so where there is nothing."""
        stops, better = len(self.blocking), len(self.advising)
        said = []
        if stops:
            said.append(
                ngettext("%(count)s stops publishing", "%(count)s stop publishing", stops) % {"count": stops}
            )
        if better:
            words = ngettext("%(count)s would make it better", "%(count)s would make it better", better)
            said.append(words % {"count": better})
        return ", ".join(said) or _("nothing found")


class Blocked(NotAllowed):
    """Checks stop the publication; says which, and knows them."""

    def __init__(self, report: Report) -> None:
        count = len(report.blocking)
        words = ngettext("%(count)s check stops publishing:", "%(count)s checks stop publishing:", count)
        super().__init__(words % {"count": count}, *(found.sentence for found in report.blocking))
        self.report = report


def let_pass(work: Any, at: datetime | None = None) -> None:
    """The checks let readers see it from then on; else Blocked.  Flows have problems of their own."""
    if not isinstance(work, Revision):
        return
    report = inspect([text_of(work)], at)[0]
    if report.blocking:
        raise Blocked(report)


def text_of(work: Any) -> Text:
    """What a revision or a translation says."""
    translation = work.translation if isinstance(work, Revision) else work
    return Text(
        key=translation.article.key,
        language=translation.language,
        title=work.title,
        summary=work.summary,
        body=work.body,
        keywords=work.keywords,
    )


def inspect(texts: Sequence[Text], at: datetime | None = None) -> list[Report]:
    """A report for each, as readers would see them at that moment.

    The queries do not grow with the texts, but for what other apps look for in each.
    """
    reading = _Reading(texts, at or timezone.now())
    return [_report(text, reading) for text in texts]


def blocking_counts(texts: Sequence[Text], at: datetime | None = None) -> list[int]:
    """How many findings stop each; the queries do not grow with the texts, since other apps are not asked."""
    reading = _Reading(texts, at or timezone.now())
    return [len(_report(text, reading, elsewhere=False).blocking) for text in texts]


def _report(text: Text, reading: _Reading, *, elsewhere: bool = True) -> Report:
    around = reading.around(text)
    blocking, advising = [], []
    others = _found_elsewhere(text) if elsewhere else ()
    for found in [*checks.findings(text, reading.held[text], around), *others]:
        weight = settings.CHECKS[found.check]
        if weight == Weight.BLOCK and not found.is_mild:
            blocking.append(found)
        elif weight != Weight.OFF:
            advising.append(found)
    return Report(text, tuple(blocking), tuple(advising), checks.ease(text, around))


def _found_elsewhere(text: Text) -> Iterator[Finding]:
    """What other apps find."""
    for name in settings.CONTENT_CHECKS:
        find: Callable[[Text], Iterable[Finding]] = import_string(name)
        yield from find(text)


class _Reading:
    """What the texts hold, and what there is of it; read once for all of them."""

    def __init__(self, texts: Sequence[Text], at: datetime) -> None:
        self.facts = {code: self._facts(texts, code) for code in {text.language for text in texts}}
        self.held = {text: read(text.body, self.facts[text.language]) for text in texts}
        self.targets = _Targets(self.held.values(), at)
        self.flows = {code: self._flows(code) for code in self.facts}
        names = {split(picture.target)[1] for held in self.held.values() for picture in held.pictures} - {""}
        images = Image.objects.filter(name__in=names) if names else Image.objects.none()
        self.images = set(images.values_list("name", flat=True))
        self.broken = self._broken()
        self.own_contacts = {contact for name in settings.OWN_CONTACTS for contact in import_string(name)()}

    def around(self, text: Text) -> Surroundings:
        return Surroundings(
            facts=self.facts[text.language],
            articles=self.targets.seen_from(text, self.held[text].keys("article")),
            flows=self.flows[text.language],
            images=self.images,
            broken=self.broken,
            own_contacts=self.own_contacts,
            country=settings.COUNTRY,
        )

    @staticmethod
    def _facts(texts: Sequence[Text], language: str) -> dict[str, str]:
        own = (f"{text.summary} {text.body}" for text in texts if text.language == language)
        return facts.values(" ".join(own), language)

    def _flows(self, language: str) -> set[str]:
        own = (held for text, held in self.held.items() if text.language == language)
        return set(links.resolve("flow", {key for held in own for key in held.keys("flow")}, language))

    def _broken(self) -> dict[str, str]:
        if not settings.CHECK_LINKS:
            return {}
        addresses = {link.target for held in self.held.values() for link in held.external}
        found = (
            {link.address: link.said for link in ExternalLink.objects.at(addresses).broken()} if addresses else {}
        )
        return {address: found[page(address)] for address in addresses if page(address) in found}


class _Targets:
    """The articles that the texts link to; of those linked to in a part, the parts."""

    def __init__(self, held: Iterable[Held], at: datetime) -> None:
        found = [split(link.target) for each in held for link in each.links]
        keys = {key for kind, key, _anchor in found if kind == "article"}
        in_parts = {key for kind, key, anchor in found if kind == "article" and anchor}
        rows = Translation.objects.filter(article__key__in=keys).select_related("article").order_by("language")
        self.rows: dict[str, list[Translation]] = {}
        for row in rows if keys else ():
            self.rows.setdefault(row.article.key, []).append(row)
        shown = Translation.objects.published(at).filter(article__key__in=keys)
        self.shown = set(shown.values_list("pk", flat=True)) if self.rows else set()
        bare = keys - self.rows.keys()  # there without any text, perhaps
        self.bare = set(Article.objects.filter(key__in=bare).values_list("key", flat=True)) if bare else set()
        self.anchors = self._anchors([row for key in in_parts for row in self.rows.get(key, ())])

    def seen_from(self, text: Text, keys: set[str]) -> dict[str, Target]:
        return {key: self._target(text, key) for key in keys if key in self.rows or key in self.bare}

    def _target(self, text: Text, key: str) -> Target:
        rows = self.rows.get(key, [])
        if row := _best([row for row in rows if row.pk in self.shown], text.language):
            return Target(self.anchors.get(row.pk, ()), row.title)
        named = _best(rows, text.language)
        back = (f"article:{text.key})", f"article:{text.key}#")
        waits = any(row.published_at is None and any(link in row.body for link in back) for row in rows)
        return Target(None, named.title if named else "", waits_for_us=waits)

    @staticmethod
    def _anchors(rows: Sequence[Translation]) -> dict[int, set[str]]:
        known = {
            code: facts.values(" ".join(row.body for row in rows if row.language == code), code)
            for code in {row.language for row in rows}
        }
        return {row.pk: read(row.body, known[row.language]).anchors for row in rows}


def _best(rows: Sequence[Translation], language: str) -> Translation | None:
    """The one that readers of the language are shown."""
    return next((row for row in rows if row.language == language), rows[0] if rows else None)
