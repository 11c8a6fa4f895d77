"""On a slow network somebody types before the scripts have arrived: what they typed counts like the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, Route, expect

from articles.models import Article
from articles.unsaved import Unsaved
from contact.models import DraftRequest
from flows.models import Flow
from tests.browser.conftest import NewPage
from tests.browser.test_editor_page import entered
from tests.browser.test_files import payload
from tests.browser.test_typed_text import DETAILS, TEXT
from tests.contact.uploads import picture, storage_in
from tests.contact.workers import wait_until

pytestmark = pytest.mark.browser


@contextmanager
def before_scripts(page: Page, address: str, scripts: str = "**/*.js") -> Iterator[None]:
    """The page without its scripts, which arrive afterwards."""
    held: list[Route] = []
    page.route(scripts, lambda route: held.append(route))
    page.goto(address, wait_until="commit")
    yield
    for route in held:
        route.continue_()
    page.unroute(scripts)


@pytest.fixture
def desk(site: str, new_page: NewPage) -> Page:
    return entered(new_page(locale="en"), site, get_user_model().objects.create_superuser("chief"))


def test_a_message_begun_early_is_kept(site: str, new_page: NewPage) -> None:
    page = new_page()
    with before_scripts(page, f"{site}{DETAILS}"):
        page.locator("main [name=message]").fill(TEXT)
    wait_until(lambda: page.wait_for_timeout(50) or DraftRequest.objects.filter(message=TEXT).exists())


def test_a_file_picked_early_is_uploaded_at_once(site: str, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page()
    with storage_in(tmp_path):
        with before_scripts(page, f"{site}{DETAILS}"):
            page.locator("main input[type=file]").set_input_files(payload("parcel.png", picture("PNG")))
        expect(page.locator("[data-attached] [data-name='parcel.png']")).to_be_visible()


def test_words_typed_early_into_the_search_box_get_suggestions(site: str, new_page: NewPage) -> None:
    page = new_page()
    with before_scripts(page, f"{site}/en/"):
        page.locator("main input[name=q]").press_sequentially("refund")
    expect(page.locator(".suggestions a").first).to_be_visible()


def test_a_text_begun_early_at_the_desk_is_kept(site: str, desk: Page) -> None:
    with before_scripts(desk, site + Article.objects.first().work_url, "**/js/writing.js"):
        desk.locator("textarea.markdown").first.fill(TEXT)
    wait_until(lambda: desk.wait_for_timeout(50) or Unsaved.objects.exists())


def test_a_page_on_which_nothing_was_typed_keeps_nothing(site: str, desk: Page) -> None:
    draft = Flow.objects.published().first().make_draft()
    desk.goto(f"{site}/admin/flows/flowversion/{draft.pk}/change/")
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('unsaved:'))"
    assert desk.evaluate(kept) == []
    desk.locator("#content-main textarea").first.fill(TEXT)
    assert len(desk.evaluate(kept)) == 1


def test_a_colour_chosen_early_is_shown(site: str, desk: Page) -> None:
    with before_scripts(desk, f"{site}/admin/articles/brand/", "**/js/brand.js"):
        desk.get_by_label("Accent colour").fill("#FFCC00")
    expect(desk.locator(".brand-sample.dark .sample-button")).to_have_css("background-color", "rgb(255, 204, 0)")


def test_a_page_that_is_only_looked_at_keeps_nothing(site: str, desk: Page) -> None:
    heard = "addEventListener('input', (event) => (document.title += ` heard ${event.target.name}`), true);"
    desk.add_init_script(heard)
    article = Article.objects.first()
    draft = Flow.objects.first().make_draft()
    for place in (
        f"{article.pk}/change/",
        "/admin/articles/brand/",
        f"/admin/flows/flowversion/{draft.pk}/change/",
    ):
        desk.goto(urljoin(f"{site}/admin/articles/article/", place))
        expect(desk).not_to_have_title(re.compile("heard"))
    desk.goto(f"{site}/admin/articles/article/{article.pk}/change/")
    desk.locator("[name=translations-0-summary]").fill(TEXT)
    expect(desk).to_have_title(re.compile("heard translations-0-summary"))
