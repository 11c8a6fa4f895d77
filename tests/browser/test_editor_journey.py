"""An editor's ten minutes: log in, write, preview, publish, find it by search."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, expect

from flows.models import FlowVersion
from tests.browser.conftest import NewPage, work
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


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
def test_draws_a_flow_meets_its_problems_and_publishes_it(site: str, new_page: NewPage, has_scripts: bool) -> None:
    call_command("migrate", verbosity=0)
    make_staff("editor", "ana")
    page = new_page(java_script_enabled=has_scripts, locale="en-GB", viewport={"width": 1280, "height": 1000})
    page.goto(f"{site}/admin/login/?next=/admin/flows/flow/add/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    for name, words in {"title_0": "My gift card", "title_1": "Mi tarjeta", "slug": "gift-card"}.items():
        page.locator(f"#id_{name}").fill(words)
    page.locator("#id_summary_0").fill("Finds what is wrong with a gift card.")
    page.locator("#id_summary_1").fill("Averigua qué le pasa a una tarjeta regalo.")
    page.locator("#id_category").select_option(label="Orders and delivery")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".findings")).to_contain_text("The flow has no steps")

    def press(name: str) -> None:
        """Each button saves, and shows the page anew."""
        page.locator("main").get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".messagelist")).to_be_visible()

    def write(place: Locator, field: str, english: str, spanish: str) -> None:
        place.get_by_role("textbox", name=f"{field} (English)").fill(english)
        place.get_by_role("textbox", name=f"{field} (Spanish)").fill(spanish)

    step = page.locator("section.step")
    press("Question")
    write(step.first, "title", "Have you used the card?", "¿Has usado la tarjeta?")
    options = step.first.locator("li.option")
    for option, english, spanish, kind in (
        (options.nth(0), "Yes", "Sí", "+ a new outcome"),
        (options.nth(1), "No", "No", "+ something new to try"),
    ):
        write(option, "label", english, spanish)
        option.get_by_label("Then go to").select_option(label=kind)
    press("Save")
    expect(step).to_have_count(3)  # new ones come right after the step that leads to them
    write(step.nth(1), "title", "It is empty", "Está vacía")
    step.nth(1).get_by_label("Outcome").select_option(label="Solved")
    write(step.nth(2), "title", "Type the code again", "Vuelve a escribir el código")
    for option in step.nth(2).locator("li.option").all():
        option.get_by_label("Then go to").select_option(label="2. step-2")
    page.get_by_role("button", name="Save and publish").click()

    # Two problems: nobody comes to a person, and one option leads nowhere after it was added.
    expect(page.locator(".messagelist")).to_contain_text("No path ends in “contact us”")
    assert page.request.get(f"{site}/en/resolve/gift-card/").status == 404
    step.first.get_by_role("button", name="Add “I’m not sure”").click()
    found = page.locator("#content-main > form > section.box .problem")
    expect(found).to_have_count(2)
    found.filter(has_text="does not say which step follows").get_by_role("link").click()
    unsure = step.first.locator("li.option").nth(2)
    unsure.get_by_label("Then go to").select_option(label="+ a new outcome")
    press("Save")
    contact = step.nth(1)
    write(contact, "title", "We look at the card for you", "Miramos la tarjeta por ti")
    contact.get_by_label("Outcome").select_option(label="Contact us")
    contact.get_by_label("Topic").select_option(index=1)
    press("Save")
    expect(page.locator("#findings")).to_have_text("No problems: it can be published")

    page.get_by_role("link", name="Preview as a customer").click()
    frame = page.frame_locator("iframe.rehearsal")
    frame.get_by_role("link", name="Start the guide").click()
    frame.get_by_text("I’m not sure").click()
    frame.get_by_role("button", name="Continue").click()
    expect(frame.locator("h1")).to_have_text("We look at the card for you")
    frame.get_by_role("link", name="Prepare my request").click()
    expect(frame.locator("h1")).to_have_text("Here contact takes over")

    page.goto(f"{site}/admin/flows/flowversion/{FlowVersion.objects.get(flow__slug='gift-card').pk}/change/")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Customers now walk this version")
    page.goto(f"{site}/es/resolve/gift-card/have-you-used-the-card/?have-you-used-the-card=yes")
    expect(page.locator("h1")).to_have_text("Está vacía")
