"""The request after it was sent: its page and record, and the agent who copies from it."""

from __future__ import annotations

import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from contact.models import ContactRequest
from tests.browser.conftest import NewPage
from tests.contact.customer import a_request
from tests.factories import make_staff, make_topic

pytestmark = pytest.mark.browser
NUMBER = {"detail-order-number": "123-4567890"}


def at_the_desk(page: Page, site: str, sent: ContactRequest) -> None:
    make_staff("agent", "bob")
    page.goto(f"{site}/admin/login/?next=/admin/contact/contactrequest/{sent.pk}/change/")
    page.locator("#id_username").fill("bob")
    page.locator("#id_password").fill("password")
    page.locator("input[type=submit]").click()
    expect(page.locator("#content h1")).to_have_text(f"Request {sent.reference}")


def test_the_record_is_downloaded(site: str, new_page: NewPage) -> None:
    sent = a_request(topic=make_topic(details=["order-number"]), **NUMBER)
    page = new_page(accept_downloads=True)
    page.goto(site + sent.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the record").click()
    assert download.value.suggested_filename == f"{sent.reference}.zip"
    with zipfile.ZipFile(download.value.path()) as folder:
        assert sent.reference in folder.read("request.html").decode()


def test_the_page_prints_without_what_leads_away(site: str, new_page: NewPage) -> None:
    sent = a_request(topic=make_topic(details=["order-number"]), **NUMBER)
    page = new_page()
    page.goto(site + sent.get_absolute_url())
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("123-4567890")).to_be_visible()
    expect(page.get_by_text("Download the record")).to_be_hidden()
    expect(page.locator(".site-header")).to_be_hidden()


def test_an_agent_copies_a_detail(site: str, new_page: NewPage) -> None:
    sent = a_request(topic=make_topic(details=["order-number", "item"]), message="Where\nis it?", **NUMBER)
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    at_the_desk(page, site, sent)
    number = page.get_by_role("button", name=re.compile("Copy ?: Order number"))
    number.click()
    expect(page.locator("[data-copies=detail-1]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "123-4567890"
    page.locator("[data-copies=message]").click()
    expect(page.locator("[data-copies=message]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "Where\nis it?"
    expect(number).to_be_visible()  # it no longer says that its text is the one copied


def test_without_javascript_a_click_selects_a_detail_and_no_button_is_there(site: str, new_page: NewPage) -> None:
    sent = a_request(topic=make_topic(details=["order-number"]), **NUMBER)
    page = new_page(java_script_enabled=False)
    at_the_desk(page, site, sent)
    expect(page.locator("[data-copies]").first).to_be_hidden()
    expect(page.locator("#detail-1")).to_have_css("user-select", "all")
