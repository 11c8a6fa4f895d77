"""Keeping it true: the day by which somebody looks at an article again, and who is told when that day has come."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from . import trail
from .models import Article, Translation
from .trail import What

AT_ONCE = 500
NO_OWNER = Q(owner=None) | Q(owner__is_active=False) | Q(owner__is_staff=False)
NAMED = 10  # articles that a mail names


def due(on: date | None = None) -> QuerySet[Article]:
    """What readers see and is to be checked by that day, today unless told; the longest due first."""
    shown = Translation.objects.published().filter(article=OuterRef("pk")).order_by()
    articles = Article.objects.filter(Exists(shown), check_by__lte=on or timezone.localdate())
    return articles.select_related("owner", "category").order_by("check_by", "pk")


def of(user: Any, articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those that this person keeps true; an editor also those that nobody does."""
    mine = Q(owner=user.pk)
    return articles.filter(mine | NO_OWNER if user.has_perm("articles.publish_translation") else mine)


def may_confirm(article: Article, user: Any) -> bool:
    return bool(article.owner_id == user.pk or user.has_perm("articles.change_translation"))


@transaction.atomic
def confirm(article: Article, by: Any, until: date | None) -> None:
    """Somebody has said that it is still correct; it is due again on that day, or never."""
    Article.objects.filter(pk=article.pk).update(check_by=until, told_due_for=None)
    article.check_by, article.told_due_for = until, None
    if text := article.source or article.translations.first():
        moment = timezone.make_aware(datetime.combine(until, time())) if until else None
        trail.record(text, What.CHECKED, by, moment=moment)


def tell_owners() -> float | None:
    """The worker's duty: whose articles are due is told so by one mail, once for each day that was set.

    What nobody keeps true is on the editors' list; whoever takes it over later is told then.
    """
    waiting = due().exclude(NO_OWNER).exclude(owner__email="").exclude(told_due_for=F("check_by"))
    if not waiting.exists():  # without the write lock that SQLite takes below
        return None
    with transaction.atomic():
        # PostgreSQL steps over what another worker tells; SQLite's transactions wait for each other.
        locked = list(waiting.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        by_owner: dict[Any, list[Article]] = defaultdict(list)
        for article in locked:
            by_owner[article.owner].append(article)
        for owner, articles in by_owner.items():
            _tell(owner, articles)
        Article.objects.filter(pk__in=[article.pk for article in locked]).update(told_due_for=F("check_by"))
    return None


def _tell(owner: Any, articles: list[Article]) -> None:
    """One mail, however many articles are due."""
    found = Translation.objects.filter(article__in=articles).select_related("article")
    texts: dict[int, Translation] = {}
    for text in found.order_by("pk"):
        if text.is_source or text.article_id not in texts:
            texts[text.article_id] = text
    titles = [texts[article.pk].title for article in articles]
    deeds = [trail.record(texts[article.pk], What.DUE, None) for article in articles]
    with override(settings.LANGUAGE_CODE):
        named = ", ".join(f"“{title}”" for title in titles[:NAMED]) + (" …" if len(titles) > NAMED else "")
        said = ngettext(
            "It is time to look whether this is still correct: %(titles)s.",
            "It is time to look whether these %(count)s articles are still correct: %(titles)s.",
            len(titles),
        ) % {"titles": named, "count": len(titles)}
        trail.tell(deeds[0], [owner], said, reverse("admin:articles_due"))
