"""What happens to content on which day: the entries of the calendar, from the sources that settings name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .languages import current_language
from .models import Article, FactValue, Revision, ServiceNotice, Translation


@dataclass(frozen=True, order=True)
class Entry:
    """Something happens at a moment; without a time it is for the whole day."""

    day: date
    time: str  # as “09:00”; empty for the whole day
    what: str  # in a word or two: published, withdrawn, begins
    title: str
    url: str
    kind: str = field(default="", compare=False)  # for its sign: publish, withdraw, notice, …


@dataclass(frozen=True)
class Span:
    """Something that has begun before the month and goes on in it."""

    title: str
    url: str


# From the beginning of a day until that of another, for this person.
Source = Callable[[datetime, datetime, Any], Iterable["Entry | Span"]]


def happening(first: date, last: date, user: Any) -> tuple[dict[date, list[Entry]], list[Span]]:
    """The entries of these days that the person may see, by day and in order, and what goes on all along."""
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    days: dict[date, list[Entry]] = defaultdict(list)
    spans = []
    for path in settings.CALENDAR_SOURCES:
        source: Source = import_string(path)
        for found in source(start, end, user):
            if isinstance(found, Span):
                spans.append(found)
            else:
                days[found.day].append(found)
    return {day: sorted(entries) for day, entries in days.items()}, spans


def at(moment: datetime, what: str, title: str, url: str, kind: str = "") -> Entry:
    local = timezone.localtime(moment)
    return Entry(local.date(), f"{local:%H:%M}", what, title, url, kind)


def texts(start: datetime, end: datetime, user: Any) -> Iterable[Entry]:
    """Texts that are published for the first time or withdrawn."""
    if not user.has_perm("articles.view_translation"):
        return
    now = timezone.now()
    inside = {"gte": max(start, now), "lt": end}
    published = Q(**{f"published_at__{sign}": moment for sign, moment in inside.items()})
    withdrawn = Q(**{f"withdrawn_at__{sign}": moment for sign, moment in inside.items()})
    found = Translation.objects.filter(published | withdrawn)
    for text in found.only("title", "language", "published_at", "withdrawn_at"):
        title = f"{text.title} ({text.language})"
        if text.published_at and inside["gte"] <= text.published_at < end:
            yield at(text.published_at, _("is published"), title, text.work_url, "publish")
        if text.withdrawn_at and inside["gte"] <= text.withdrawn_at < end:
            yield at(text.withdrawn_at, _("is withdrawn"), title, text.work_url, "withdraw")


def revisions(start: datetime, end: datetime, user: Any) -> Iterable[Entry]:
    """Newer revisions of texts that readers see already."""
    if not user.has_perm("articles.view_translation"):
        return
    found = Revision.objects.scheduled().filter(apply_at__gte=start, apply_at__lt=end)
    for one in found.only("title", "number", "apply_at", "translation__language").select_related("translation"):
        what = _("number %(number)s is published") % {"number": one.number}
        title = f"{one.title} ({one.translation.language})"
        if one.apply_at:
            yield at(one.apply_at, what, title, one.translation.work_url, "publish")


def notices(start: datetime, end: datetime, user: Any) -> Iterable[Entry | Span]:
    """Service notices: the days on which they begin and end; those of earlier go on."""
    if not user.has_perm("articles.view_servicenotice"):
        return
    found = ServiceNotice.objects.filter(Q(starts_at__lt=end) & (Q(ends_at=None) | Q(ends_at__gte=start)))
    for notice in found:
        url = reverse("admin:articles_servicenotice_change", args=[notice.pk])
        if notice.starts_at >= start:
            yield at(notice.starts_at, _("notice begins"), str(notice), url, "notice")
        if notice.ends_at and notice.ends_at < end:
            yield at(notice.ends_at, _("notice ends"), str(notice), url, "notice")
        elif notice.starts_at < start:
            yield Span(str(notice), url)


def facts(start: datetime, end: datetime, user: Any) -> Iterable[Entry]:
    """Policy facts that say something else from a moment on."""
    if not user.has_perm("articles.view_policyfact"):
        return
    language = current_language()
    planned = FactValue.objects.planned().filter(starts_at__gte=start, starts_at__lt=end)
    for value in planned.select_related("fact"):
        url = reverse("admin:articles_policyfact_change", args=[value.fact_id])
        if value.starts_at:
            title = f"{value.fact}: {value.said.words(language)}"
            yield at(value.starts_at, _("fact changes"), title, url, "fact")


def checks(start: datetime, end: datetime, user: Any) -> Iterable[Entry]:
    """How many texts are to be looked at again by a day; those of one day are one entry, however many."""
    if not user.has_perm("articles.change_translation"):
        return
    due = Article.objects.filter(check_by__gte=start.date(), check_by__lt=timezone.localtime(end).date())
    for day, count in due.order_by("check_by").values_list("check_by").annotate(Count("pk")):
        words = ngettext("%(count)d article to check", "%(count)d articles to check", count) % {"count": count}
        yield Entry(day, "", _("due"), words, reverse("admin:articles_due") + "?show=all", "check")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))
