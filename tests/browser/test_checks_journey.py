"""A broken link stopped: the editor is told, led to the line, mends it, and publishes."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.browser.conftest import NewPage
from tests.factories import make_staff

pytestmark = pytest.mark.browser

LINES = [
    f"Line {number} of the answer, which is long enough to be wrapped in a narrow field." for number in range(40)
]
LINK = "See [the prices](article:no-such-text) first."
BODY = "\n\n".join([*LINES, LINK, *LINES])
BROKEN_LINE = 81
SELECTED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"


def open_form(site: str, page: Page) -> None:
    call_command("migrate", verbosity=0)  # makes the groups again, which the test before may have emptied
    make_staff("editor", "ana")
    page.goto(f"{site}/admin/")
    page.locator("#id_username").fill("ana")
    page.locator("#id_password").fill("password")
    with page.expect_navigation():
        page.locator("#login-form [type=submit]").click()
    page.goto(f"{site}/admin/articles/article/{Article.objects.get(key='gifts').pk}/change/")


def press(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".translation[lang=en] button[name=_publish]").click()


def test_a_broken_link_is_stopped_mended_and_published(site: str, new_page: NewPage) -> None:
    page = new_page(locale="en-GB")
    open_form(site, page)
    body = page.locator("#at-en-body textarea")
    body.fill(BODY)
    press(page)
    expect(page.locator(".messagelist .error")).to_contain_text("There is no article “article:no-such-text”.")
    expect(body).to_have_value(BODY)
    expect(page.locator("#checks-en")).to_contain_text("1 stops publishing")
    assert "Line 3" not in page.request.get(f"{site}/en/articles/{slug()}/").text()

    # From elsewhere the link opens the form, with the cursor there.
    gifts = Article.objects.get(key="gifts").translations.get(language="en")
    page.goto(f"{site}{gifts.work_url}")
    with page.expect_navigation():
        page.locator("#checks-en").get_by_role("link", name=f"Text, line {BROKEN_LINE}").click()
    expect(body).to_be_focused()
    expect(body).to_be_in_viewport()
    assert body.evaluate(SELECTED) == LINK

    # In the form nothing is loaded anew: what is being typed meanwhile survives the way to the place.
    page.locator("#at-en-keywords textarea").fill("wrapping paper")
    page.locator("#checks-en").get_by_role("link", name=f"Text, line {BROKEN_LINE}").click()
    expect(body).to_be_focused()
    assert body.evaluate(SELECTED) == LINK
    expect(page.locator("#at-en-keywords textarea")).to_have_value("wrapping paper")
    assert 0 < body.evaluate("field => field.scrollTop") < body.evaluate("field => field.scrollHeight")

    page.keyboard.insert_text("See [the ways to pay](article:payment-methods) first.")
    press(page)
    page.locator(f".messagelist a[href='/en/articles/{slug()}/']").click()
    expect(page.locator("main a", has_text="the ways to pay")).to_have_attribute(
        "href", re.compile("/en/articles/")
    )


def slug() -> str:
    return Article.objects.get(key="gifts").translations.get(language="en").slug


def test_without_scripts_the_link_leads_to_the_field_and_names_the_line(site: str, new_page: NewPage) -> None:
    page = new_page(locale="en-GB", java_script_enabled=False)
    open_form(site, page)
    page.locator("#at-en-body textarea").fill(BODY)
    press(page)
    with page.expect_navigation():
        page.locator("#checks-en").get_by_role("link", name=f"Text, line {BROKEN_LINE}").click()
    expect(page.locator("#at-en-body")).to_be_in_viewport()
    expect(page.locator("#at-en-body textarea")).to_have_value(BODY)
