"""An editor's ten minutes: log in, write, preview, publish, find it by search."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LANGUAGES, NewPage, work
from tests.factories import make_staff

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
def test_writes_previews_publishes_and_finds_an_article(site: str, new_page: NewPage, has_scripts: bool) -> None:
    call_command("migrate", verbosity=0)  # makes the groups again, which the test before may have emptied
    make_staff("editor", "ana")
    page = new_page(java_script_enabled=has_scripts, locale="en-GB")
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{site}/admin/articles/article/add/")

    page.locator("#id_key").fill("gift-wrapping")
    page.locator("#id_category").select_option(label="Orders and delivery")
    english = page.locator(".translation").first
    english.get_by_label("Title").fill("Can you wrap a gift?")
    english.get_by_label("Summary").fill("Yes, for most goods.")
    english.locator("textarea.markdown").fill("Yes, **most goods** can be wrapped.\n\n1. Open *My basket*.")
    english.get_by_label("Keywords").fill("wrapping paper")
    if has_scripts:
        preview = page.frame_locator("iframe").first
        expect(preview.locator("h1")).to_have_text("Can you wrap a gift?")
    else:
        english.get_by_role("button", name="Preview").click()
        preview = page.frame_locator("iframe").first
    expect(preview.locator("strong")).to_have_text("most goods")
    assert page.request.get(f"{site}/en/articles/can-you-wrap-a-gift/").status == 404

    english.get_by_role("button", name="Save and publish this language").click()
    page.locator(".messagelist a[href='/en/articles/can-you-wrap-a-gift/']").click()
    expect(page.locator("h1")).to_have_text("Can you wrap a gift?")
    work()
    page.goto(f"{site}/en/search/?q=wrapping+papers")
    expect(page.locator(".results a").first).to_have_text("Can you wrap a gift?")


class FlowPage:
    """The page on which a flow is drawn, its words in the editor's language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.step = page.locator("section.step")

    def say(self, words: str) -> str:
        with translation.override(self.language):
            return translation.gettext(words)

    def label(self, words: str) -> str:
        said = self.say(words)
        return said[:1].upper() + said[1:]

    def press(self, words: str, place: Locator | None = None) -> None:
        """Each button saves, and shows the page anew."""
        with self.page.expect_navigation():
            (place or self.page.locator("main")).get_by_role("button", name=self.say(words), exact=True).click()

    def write(self, place: Locator, field: str, english: str, spanish: str) -> None:
        for language, words in (("English", english), ("Spanish", spanish)):
            place.get_by_role("textbox", name=f"{self.say(field)} ({self.say(language)})").fill(words)

    def choose(self, place: Locator, field: str, **option: Any) -> None:
        place.get_by_label(self.label(field), exact=True).select_option(**option)

    def lead(self, option: Locator, to: str) -> None:
        self.choose(option, "then go to", label=to)


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_draws_a_flow_meets_its_problems_and_publishes_it(
    site: str, new_page: NewPage, language: str, has_scripts: bool
) -> None:
    call_command("migrate", verbosity=0)
    make_staff("editor", "ana")
    page = new_page(java_script_enabled=has_scripts, locale=language, viewport={"width": 1280, "height": 1000})
    it = FlowPage(page, language)
    page.goto(f"{site}/admin/login/?next=/admin/flows/flow/add/")
    page.locator("#id_username").fill("ana")
    page.locator("#id_password").fill("password")
    page.locator("input[type=submit]").click()
    for name, words in {"title_0": "Gift card", "title_1": "Mi tarjeta"}.items():
        page.locator(f"#id_{name}").fill(words)
    page.locator("#id_summary_0").fill("Finds what is wrong with a gift card.")
    page.locator("#id_summary_1").fill("Averigua qué le pasa a una tarjeta regalo.")
    page.locator("#id_category").select_option(index=1)
    it.press("Save")
    expect(page.locator(".findings")).to_contain_text(it.say("The flow has no steps. Add the first one."))

    it.press("Question")
    it.write(it.step.first, "title", "Have you used the card?", "¿Has usado la tarjeta?")
    options = it.step.first.locator("li.option")
    it.write(options.nth(0), "label", "Yes", "Sí")
    it.lead(options.nth(0), it.say("+ a new outcome"))
    it.write(options.nth(1), "label", "No", "No")
    it.lead(options.nth(1), it.say("+ something new to try"))
    it.press("Save")
    expect(it.step).to_have_count(3)  # new ones come right after the step that leads to them
    it.write(it.step.nth(1), "title", "It is empty", "Está vacía")
    it.choose(it.step.nth(1), "outcome", label=it.say("Solved"))
    it.write(it.step.nth(2), "title", "Type the code again", "Vuelve a escribir el código")
    for option in it.step.nth(2).locator("li.option").all():
        it.lead(option, f"2. {it.say('untitled')}")
    it.press("Save and publish")

    # Two problems: nobody comes to a person, and one option leads nowhere after it was added.
    no_contact = it.say("No path ends in “contact us”. Add such an outcome, and lead an option to it.")
    expect(page.locator(".messagelist")).to_contain_text(no_contact)
    assert page.request.get(f"{site}/en/resolve/gift-card/").status == 404
    it.press("Add “I’m not sure”", it.step.first)
    found = page.locator("#content-main > form > section.box .problem")
    expect(found).to_have_count(2)
    found.get_by_role("link").click()
    expect(page).to_have_url(re.compile("#step-have-you-used-the-card$"))
    it.lead(it.step.first.locator("li.option").nth(2), it.say("+ a new outcome"))
    it.press("Save")
    contact = it.step.nth(1)
    it.write(contact, "title", "We look at the card for you", "Miramos la tarjeta por ti")
    it.choose(contact, "outcome", label=it.say("Contact us"))
    it.choose(contact, "topic", index=1)
    it.press("Save")
    expect(page.locator("#findings")).to_have_text(it.say("No problems: it can be published"))

    editing = page.url
    page.get_by_role("link", name=it.say("Preview as a customer")).click()
    frame = page.frame_locator("iframe.rehearsal")
    frame.get_by_role("link", name=it.say("Start the guide")).click()
    frame.get_by_text(it.say("I’m not sure")).click()
    frame.get_by_role("button", name=it.say("Continue")).click()
    expect(frame.locator("h1")).to_have_text(
        {"en": "We look at the card for you", "es": "Miramos la tarjeta por ti"}[language]
    )
    frame.get_by_role("link", name=it.say("Prepare my request")).click()
    expect(frame.locator("h1")).to_have_text(it.say("Here contact takes over"))

    page.goto(editing)
    it.press("Save and publish")
    expect(page.locator(".messagelist")).to_contain_text(it.say("Customers now walk this version."))
    page.goto(f"{site}/es/resolve/gift-card/have-you-used-the-card/?have-you-used-the-card=yes")
    expect(page.locator("h1")).to_have_text("Está vacía")
