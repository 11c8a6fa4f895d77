"""What is typed and not submitted is there after the tab was closed; what is too long is answered by our page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import WALKED

pytestmark = pytest.mark.browser
DETAILS = f"/en/contact/details/?flow=parcel-says-delivered&{WALKED}&seller=almendra"
TEXT = "The box was empty.\nEl niño cumple años."


def type_slowly_and_close(page: Page, site: str) -> Page:
    """A new tab of the same browser; in the old one nobody pressed Continue."""
    page.goto(f"{site}{DETAILS}")
    page.locator("main [name=message]").fill(TEXT)
    page.locator("main [name=email]").fill("ana@")
    page.close(run_before_unload=True)
    return page.context.new_page()


def test_text_typed_into_a_closed_tab_is_offered_again(site: str, new_page: NewPage) -> None:
    tab = type_slowly_and_close(new_page(), site)
    tab.wait_for_timeout(1500)
    tab.goto(f"{site}/en/contact/")
    tab.get_by_role("link", name="Go on where you stopped").click()
    expect(tab.locator("main [name=message]")).to_have_value(TEXT)
    expect(tab.locator("main [name=email]")).to_have_value("ana@")


def test_without_the_script_it_would_be_lost(site: str, new_page: NewPage) -> None:
    tab = type_slowly_and_close(new_page(java_script_enabled=False), site)
    tab.goto(f"{site}/en/contact/details/")
    expect(tab.locator("main [name=message]")).to_have_value("")


def test_what_the_network_lost_is_sent_again_at_the_latest_with_the_tab(site: str, new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    page.goto(f"{site}{DETAILS}")
    page.route("**/contact/save/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator("main [name=message]").fill(TEXT)
    page.unroute("**/contact/save/")
    page.close(run_before_unload=True)
    tab = page.context.new_page()
    tab.wait_for_timeout(1500)
    tab.goto(f"{site}/en/contact/details/")
    expect(tab.locator("main [name=message]")).to_have_value(TEXT)


def test_switching_the_language_keeps_what_was_typed(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}{DETAILS}")
    page.locator("main [name=message]").fill(TEXT)
    page.locator("main [name=email]").fill("ana@")
    page.get_by_role("button", name="Español").click()
    page.wait_for_url("**/es/contact/details/")
    expect(page.locator("main [name=message]")).to_have_value(TEXT)
    expect(page.locator("main [name=email]")).to_have_value("ana@")
    page.locator("main [name=email]").press("Enter")  # what the button Continue does, not the one in the header
    page.wait_for_url("**/es/contact/details/?check=1")
    expect(page.locator(".error-summary")).to_be_visible()


def test_back_from_checking_has_everything(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}{DETAILS}")
    page.locator("main [name=message]").fill(TEXT)
    for detail in page.locator("main [name^=detail-]").all():
        detail.fill("2026-11-18" if detail.get_attribute("type") == "date" else "123-4567890")
    page.locator("main [name=email]").fill("ana@e.com")
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/check/")
    page.go_back()
    expect(page.locator("main [name=message]")).to_have_value(TEXT)
    expect(page.locator("main [name=email]")).to_have_value("ana@e.com")


def test_a_text_over_the_limit_gets_our_page_and_the_draft(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}{DETAILS}")
    page.locator("main [name=name]").fill("Ana")
    with page.expect_response("**/contact/save/"):
        page.locator("main [name=email]").fill("ana@e.com")
    page.evaluate("document.querySelector('main [name=message]').value = 'x'.repeat(3 * 1024 * 1024)")
    page.locator("main form button.button").click()
    expect(page.locator("main h1")).to_have_text("That was too much to send")
    page.get_by_role("link", name="Go on where you stopped").click()
    expect(page.locator("main [name=email]")).to_have_value("ana@e.com")


def test_back_to_a_page_that_had_been_open_for_too_long_has_everything(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}{DETAILS}")
    page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": site}])
    page.locator("main [name=message]").fill(TEXT)
    page.locator("main form button.button").click()
    expect(page.locator("main [role=alert]")).to_contain_text("open for too long")
    for detail in page.locator("main [name^=detail-]").all():
        detail.fill("2026-11-18" if detail.get_attribute("type") == "date" else "123-4567890")
    page.locator("main [name=email]").fill("ana@e.com")
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/check/")
    page.go_back()  # to the answer of a form, which the browser would otherwise ask whether to send again
    expect(page.locator("main [name=message]")).to_have_value(TEXT)
    expect(page.locator("main [name=email]")).to_have_value("ana@e.com")
    expect(page.locator("main [role=alert]")).to_have_count(0)
