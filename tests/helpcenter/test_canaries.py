"""What is not published shows nowhere: every public address is crawled for words planted in hidden texts (A2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import sharing
from articles.models import Category, Revision, Translation
from flows.models import Flow
from helpcenter.content import import_folder
from search import worker
from tests.factories import both, make_article, make_flow, make_translation
from tests.search.steps import fresh_index

CANARY = "xylophagous"
STARTS = [
    f"/{language}{path}" for language in ("en", "es") for path in ("/", "/search/", "/contact/", "/privacy/")
]
QUESTIONS = [CANARY, CANARY[:4], "refund", "reembolso", "pedido", "order", "zzz"]


def plant() -> None:
    """Hidden texts of every kind: never published, not yet, no longer; a draft version, an unpublished flow."""
    now, day = timezone.now(), timedelta(days=1)
    category = Category.objects.first()
    for name, published_at, withdrawn_at in (
        ("draft", None, None),
        ("scheduled", now + day, None),
        ("withdrawn", now - 2 * day, now - day),
    ):
        article = make_article(key=name, category=category, is_featured=True)
        for language in ("en", "es"):
            make_translation(
                article,
                language,
                slug=f"{CANARY}-{name}-{language}",
                published_at=published_at,
                withdrawn_at=withdrawn_at,
                **dict.fromkeys(("title", "summary", "body", "keywords"), f"{CANARY} refund reembolso {name}"),
            )
    make_flow(f"{CANARY}-flow", category=category, published=False, title=both(CANARY))
    for translation in Translation.objects.published():
        plant_unapplied(translation)
    for flow in Flow.objects.published():
        draft = flow.make_draft()
        for step in draft.steps.all():
            step.title = step.body = both(CANARY)
            step.save()


def plant_unapplied(translation: Translation) -> None:
    """A revision that waits, and one that is scheduled, of a live text; a preview link leads to them."""
    words = dict.fromkeys(("title", "summary", "body", "keywords"), f"{CANARY} refund reembolso")
    slug = f"{CANARY}-{translation.slug}"[:150]
    scheduled = translation.write(words | {"slug": slug}, by=None, significance="major")
    scheduled.mark(apply_at=timezone.now() + timedelta(days=1))
    translation.write(words | {"slug": f"{slug}-2"[:150]}, by=None, note=CANARY)
    sharing.make(translation, None, 7)


def plant_in_live_texts() -> None:
    """The control: the same word where readers may see it."""
    visible = Translation.objects.published().in_language("en").first()
    Translation.objects.filter(article=visible.article).update(title=f"{CANARY} refund reembolso")
    worker.compare(every=0)


def crawl() -> Iterator[tuple[str, str]]:
    """Every address that links lead to from the start pages, with its HTML; searches and suggestions included."""
    client = Client()
    waiting, seen = [*STARTS], set()
    for language in ("en", "es"):
        waiting += [f"/{language}/search/?q={question}" for question in QUESTIONS]
        waiting += [f"/{language}/search/suggestions/?q={question}" for question in QUESTIONS]
        waiting += [
            f"/{language}/articles/{CANARY}-{name}-{language}/" for name in ("draft", "scheduled", "withdrawn")
        ]
        waiting += [f"/{language}/resolve/{CANARY}-flow/", f"/{language}/contact/?article=draft"]
    waiting += ["/robots.txt"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        assert response.status_code in (200, 301, 302, 404, 405), address
        if response.has_header("Location"):
            waiting.append(response["Location"])
        html = response.content.decode() if not response.streaming else ""
        yield address, html
        links = {unescape(link).split("#")[0] for link in re.findall(r'(?:href|action)="([^"]+)"', html)}
        waiting += [
            link for link in links if link.startswith("/") and not link.startswith(("/static/", "/admin/"))
        ]


def sightings() -> tuple[list[str], int]:
    """Addresses whose pages hold the word although nobody asked for it, and how many were read."""
    found, count = [], 0
    for address, html in crawl():
        count += 1
        # A search page repeats what was asked; the address of a hidden text is asked for by name.
        shown = re.sub(r'value="[^"]*"|“[^”]*”|«[^»]*»|href="[^"]*"|<title>.*?</title>', "", html, flags=re.DOTALL)
        if CANARY in shown:
            found.append(address)
    return found, count


@pytest.fixture
def planted(transactional_db, tmp_path, monkeypatch) -> None:
    fresh_index(tmp_path, monkeypatch)
    assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
    plant()
    call_command("worker", "--once")


def test_no_page_shows_a_hidden_word(planted) -> None:
    found, count = sightings()
    assert found == []
    assert count > 150


def test_not_even_while_the_index_still_holds_it(planted, tmp_path, monkeypatch) -> None:
    Translation.objects.filter(slug__startswith=CANARY).update(
        published_at=timezone.now() - timedelta(days=1), withdrawn_at=None
    )
    worker.compare(every=0)  # the index holds them now …
    Translation.objects.filter(slug__startswith=CANARY).update(published_at=None)  # … and nobody tells it
    found, _count = sightings()
    assert found == []


def test_the_crawl_would_notice_an_unapplied_revision(planted) -> None:
    """The control: applied, the same words are everywhere."""
    for revision in Revision.objects.scheduled():
        revision.translation.show(revision, timezone.now())
    worker.compare(every=0)
    found, _count = sightings()
    assert any("/articles/" in address for address in found)
    assert any("/categories/" in address for address in found)


def test_the_crawl_would_notice(planted) -> None:
    plant_in_live_texts()
    found, _count = sightings()
    assert any("/search/" in address for address in found)
    assert any("/categories/" in address for address in found)
