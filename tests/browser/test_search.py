"""Searching in a real browser: slips, questions without an answer, suggestions by keyboard, what was opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from search.models import LoggedSearch
from tests.browser.conftest import NewPage
from tests.contact.workers import wait_until

pytestmark = pytest.mark.browser
languages = pytest.mark.parametrize("language", ["en", "es"])
scripts = pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])

SLIP = {"en": ("wher is my refnud", "refund"), "es": ("donde esta mi remebolso", "reembolso")}
INSTEAD = {"en": "Search instead for", "es": "Buscar en su lugar"}
UNANSWERED = {"en": "what is the capital of australia", "es": "cuál es la capital de australia"}
BEGUN = {"en": "par", "es": "paq"}


@languages
@scripts
def test_a_slip_is_mended_and_can_be_taken_back(
    site: str, new_page: NewPage, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    typed, meant = SLIP[language]
    page.locator("main input[name=q]").fill(typed)
    page.locator("main form[role=search] button").click()
    expect(page.locator("main h1")).to_contain_text(meant)
    expect(page.locator("main input[name=q]")).to_have_value(typed)
    expect(page.locator(".result h2 a").first).to_be_visible()
    page.locator("main .notice a", has_text=INSTEAD[language]).click()
    expect(page).to_have_url(re.compile("exact=1"))
    expect(page.locator("main .notice")).to_have_count(0)


@languages
@scripts
def test_a_question_without_an_answer_goes_along_to_a_person(
    site: str, new_page: NewPage, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/search/?q={UNANSWERED[language]}")
    expect(page.locator("main h1")).to_contain_text(UNANSWERED[language])
    expect(page.locator(".result")).to_have_count(0)
    expect(page.locator("main > [role=status]")).to_be_visible()
    page.locator("main form.panel button").click()
    expect(page).to_have_url(re.compile(f"/{language}/contact/$"))
    assert "australia" not in page.url


@languages
def test_suggestions_are_walked_by_keyboard_and_announced(site: str, new_page: NewPage, language: str) -> None:
    page = new_page()
    page.goto(f"{site}/{language}/")
    box = page.locator("main input[name=q]")
    box.focus()
    page.keyboard.type(BEGUN[language])
    links = page.locator(".suggestions a")
    expect(links.first).to_be_visible()
    count = links.count()
    expect(page.locator(".search [role=status]")).to_contain_text(str(count))
    expect(links.first.locator(".tag")).to_be_visible()  # flows come first
    page.keyboard.press("Tab")  # the button of the box, as it stands on the page …
    page.keyboard.press("Tab")
    expect(links.first).to_be_focused()  # … then the suggestions below it
    page.keyboard.press("Escape")
    expect(links).to_have_count(0)
    expect(box).to_be_focused()
    expect(box).to_have_value(BEGUN[language])
    page.keyboard.type("z")
    page.keyboard.press("Backspace")
    expect(links.first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/{language}/(resolve|articles)/"))


@languages
def test_a_slip_in_the_box_still_suggests(site: str, new_page: NewPage, language: str) -> None:
    page = new_page()
    page.goto(f"{site}/{language}/")
    page.locator("main input[name=q]").press_sequentially({"en": "refnu", "es": "remebo"}[language])
    expect(page.locator(".suggestions a").first).to_be_visible()


def test_without_javascript_the_box_is_a_form_without_suggestions(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}/en/")
    page.locator("main input[name=q]").fill("refund")
    expect(page.locator(".suggestions")).to_have_count(0)
    page.locator("main input[name=q]").press("Enter")
    expect(page.locator(".result h2 a").first).to_be_visible()


@pytest.mark.parametrize("button", ["left", "middle"])
def test_the_first_result_that_is_opened_is_counted(site: str, new_page: NewPage, button: str) -> None:
    page = new_page()
    page.goto(f"{site}/en/search/?q=refund")
    link = page.locator(".result h2 a").first
    reference = link.get_attribute("data-result")
    link.click(button=button)
    # The browser sends it while it leaves the page, of which nobody hears the answer any more.
    wait_until(lambda: LoggedSearch.objects.get().opened == reference)
