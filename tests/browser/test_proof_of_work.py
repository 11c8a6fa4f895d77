"""The proof of work in a real browser: nobody has to do anything, and who cannot do it is told what to do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from contact.models import ContactRequest
from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import WALKED, problems
from tests.browser.test_customer_journeys import fill_details
from tests.contact.workers import wait_until

pytestmark = pytest.mark.browser


def to_check(page: Page, site: str, language: str) -> None:
    page.goto(f"{site}/{language}/contact/details/?flow=parcel-says-delivered&{WALKED}&seller=almendra")
    fill_details(page, message="It never came.", email="ana@e.com")
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/check/")


def test_who_presses_send_before_it_is_done_waits_a_moment(
    site: str, new_page: NewPage, settings: Settings
) -> None:
    settings.PROOF_OF_WORK = 10
    page = new_page()
    # What is held is the script, not the request: while that waits, Chromium answers no change of its colours.
    held: list[Route] = []
    page.route("**/pbkdf2.*js", lambda route: held.append(route))
    to_check(page, site, "en")
    page.locator("main form button.button").last.click()
    expect(page.get_by_role("status").filter(has_text="One moment")).to_be_visible()
    assert problems(page) == []
    wait_until(lambda: page.wait_for_timeout(50) or held)
    held[0].continue_()
    expect(page).to_have_url(re.compile("/contact/requests/"), timeout=30_000)
    assert ContactRequest.objects.count() == 1


def test_without_scripts_the_page_says_what_to_do(site: str, new_page: NewPage, settings: Settings) -> None:
    settings.PROOF_OF_WORK = 10
    page = new_page(java_script_enabled=False)
    to_check(page, site, "es")
    expect(page.locator("noscript a[href='mailto:support@localhost']")).to_be_visible()
    page.locator("main form button.button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("necesita JavaScript")
    expect(page.locator("main")).to_contain_text("It never came.")
    assert not ContactRequest.objects.exists()


def test_where_the_worker_does_not_load_the_server_says_so(
    site: str, new_page: NewPage, settings: Settings
) -> None:
    settings.PROOF_OF_WORK = 10
    page = new_page(may_complain=True)
    page.route("**/pbkdf2.*js", lambda route: route.abort())
    to_check(page, site, "en")
    page.locator("main form button.button").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing has been sent yet")
