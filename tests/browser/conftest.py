"""A real Chromium on the demo help center, served from this process, its mail taken by a server on loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.contact.smtp import Inbox, mail_server
from tests.search.steps import folder, fresh_index
from tests.snapshot import Snapshot, import_demo

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_ONE = (
    "There is no browser for the tests: install Chromium with your system's package manager, "
    "or set CHROMIUM to the path of a Chromium or Chrome."
)
# A journey through a second database is walked in one of them: what that does is no matter of the language.
LANGUAGES = [pytest.param("en", marks=pytest.mark.any_database), "es"]
# Under its own event loop Playwright makes Django take every query for one of an asynchronous function.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def find_browser(playwright: Playwright) -> str:
    """The path of $CHROMIUM, else of an installed one, else of Playwright's own; fails with one sentence."""
    own = playwright.chromium.executable_path
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), own]
    found = next((path for path in candidates if path and Path(path).is_file()), None)
    if found is None:
        pytest.fail(HOW_TO_GET_ONE, pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium refuses its sandbox to root, as in containers
        started = playwright.chromium.launch(executable_path=find_browser(playwright), args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def snapshots() -> list[Snapshot]:
    """The one of this run, once a test has asked for it."""
    return []


@pytest.fixture
def site(transactional_db, live_server, tmp_path, tmp_path_factory, monkeypatch, snapshots) -> str:
    """The address of the demo help center, with its index."""
    fresh_index(tmp_path, monkeypatch)
    folders = [folder(language) for language in settings.SEARCH_ALIASES]
    if snapshots:
        snapshots[0].put_back(folders)
    else:
        import_demo()
        work()
        snapshots.append(Snapshot(tmp_path_factory.mktemp("demo"), folders))
    return str(live_server.url)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server(Inbox()) as server:
        yield server


def work() -> None:
    """One round of the worker."""
    call_command("worker", "--once")


def is_complaint(said: ConsoleMessage) -> bool:
    """An error on the page; that an address was not found is for the test of the address to say."""
    return said.type == "error" and "the server responded with a status of 4" not in said.text


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages in contexts of their own, and fails the test for any error or violation on them."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(*, may_complain: bool = False, **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if may_complain:
            return page
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: is_complaint(said) and complaints.append(f"{page.url}: {said.text}"))
        return page

    yield open_page
    for context in contexts:
        # A handler still at work when its page goes would raise in whatever the next test does.
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    assert complaints == []
