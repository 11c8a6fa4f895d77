"""The pages of the desk that `benchmarks.desk` measures, and the content it measures them with."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import folded
from articles.models import Article, ExternalLink, FoldedText, Revision, Task, Translation, Vote
from search.models import LoggedSearch

from . import corpus

WARM_UP = 3
VOTES = 6  # on each text in the last month
SEARCHES = 250  # for each size: they do not depend on the articles
PAGES = {
    "first page of the desk": "/admin/",
    "list of articles": "/admin/articles/article/",
    "list, drafts in Spanish": "/admin/articles/article/?state=draft&language=es",
    "list, a newer one waits, mine": "/admin/articles/article/?state=waits&owner=me",
    "list, behind its source": "/admin/articles/article/?stale=behind",
    "list, searched for two words": "/admin/articles/article/?q=ba+er",
    "calendar": "/admin/articles/article/calendar/",
}

FILTERED = [name for name in PAGES if name.startswith("list, ")]


def grow(size: int) -> None:
    """The site has that many articles, each in two languages, of a tenth of which there is something to do."""
    if not connection.introspection.table_names():
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        for name, group in (("ana", "editor"), ("ben", "author")):
            user = get_user_model().objects.create_user(name, is_staff=True)
            user.groups.add(Group.objects.get(name=group))
    corpus.make(size, prefix=f"bench{size}")
    own = Translation.objects.filter(article__key__startswith=f"bench{size}-").select_related("article")
    _in_spanish(list(own))
    _written(list(own.order_by("pk")))
    _owned(size)
    _to_keep_true(list(own.order_by("pk")))
    folded.fill(Translation.objects, FoldedText.objects)
    LoggedSearch.objects.bulk_create(
        LoggedSearch(asked=f"question {size} {number}", language="en", result_count=0, is_answered=False)
        for number in range(SEARCHES)
    )


def _in_spanish(texts: list[Translation]) -> None:
    now = timezone.now()
    Translation.objects.bulk_create(
        Translation(
            article=text.article,
            language="es",
            title=f"{text.title} (es)",
            slug=text.slug,
            body=text.body,
            published_at=None if number % 10 == 0 else corpus.PUBLISHED,
            stale_since=now if number % 10 == 1 else None,
        )
        for number, text in enumerate(texts)
    )


def _written(texts: list[Translation]) -> None:
    """Each text has the revision that readers see; a tenth of the English ones a newer one, for a review."""
    ana, ben = (get_user_model().objects.get(username=name) for name in ("ana", "ben"))
    now = timezone.now()
    sources: dict[int, Revision] = {}
    for language in ("en", "es"):
        own = [text for text in texts if text.language == language]
        first = Revision.objects.bulk_create(
            _revision(text, 1, ben, applied_at=now, made_from=sources.get(text.article_id)) for text in own
        )
        for text, revision in zip(own, first, strict=True):
            text.applied = revision
            sources[text.article_id] = revision
    Translation.objects.bulk_update(texts, ["applied"], batch_size=500)
    some = [text for text in texts if text.language == "en"][::10]
    Revision.objects.bulk_create(
        _revision(text, 2, ben, submitted_at=now, reviewer=ana, significance="major") for text in some
    )
    Revision.objects.filter(translation__in=some[:20], number=2).update(apply_at=now + timedelta(days=1))
    _overtaken([text for text in texts if text.language == "en"][5::10], ben)


def _overtaken(sources: list[Translation], author: object) -> None:
    """Readers see a second revision of these, which the other language does not say yet."""
    second = Revision.objects.bulk_create(
        _revision(text, 2, author, applied_at=timezone.now(), significance="minor") for text in sources
    )
    for text, revision in zip(sources, second, strict=True):
        text.applied = revision
    Translation.objects.bulk_update(sources, ["applied"], batch_size=500)


def _revision(text: Translation, number: int, author: object, **fields: object) -> Revision:
    return Revision(translation=text, number=number, author=author, **text.texts, **fields)


def _owned(size: int) -> None:
    ana = get_user_model().objects.get(username="ana")
    Article.objects.filter(key__startswith=f"bench{size}-", position__lte=size // 2).update(owner=ana)


def _to_keep_true(texts: list[Translation]) -> None:
    """Votes on each text; for some a task, a day that has come and a link that is broken."""
    now, ana = timezone.now(), get_user_model().objects.get(username="ana")
    Vote.objects.bulk_create(
        Vote(key=f"{text.pk}-{number}", revision_id=text.applied_id, is_helpful=number > text.pk % VOTES)
        for text in texts
        for number in range(VOTES)
    )
    some = texts[::10]
    Task.objects.bulk_create(Task(translation=text, words="Say more.", made_by=ana) for text in some)
    Article.objects.filter(pk__in=[text.article_id for text in some]).update(check_by=timezone.localdate())
    ExternalLink.objects.bulk_create(
        ExternalLink(address=f"https://example.org/{text.pk}", digest=str(text.pk), broken_since=now)
        for text in some
    )


def measure(times: int) -> dict[str, tuple[float, int]]:
    """By the page's name, the median milliseconds and the queries of one request, as an editor asks."""
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="ana"))
    return {name: _page(client, address, times) for name, address in PAGES.items()}


def _page(client: Client, address: str, times: int) -> tuple[float, int]:
    taken = []
    for number in range(times + WARM_UP):
        began = time.perf_counter()
        response = client.get(address)
        if number >= WARM_UP:
            taken.append((time.perf_counter() - began) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}; the bench expects a page.")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(taken), len(queries)
