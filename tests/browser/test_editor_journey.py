"""An editor's ten minutes: log in, write, preview, publish, find it by search."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

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


def test_draws_a_flow_meets_its_problems_and_publishes_it(site: str, new_page: NewPage) -> None:
    call_command("migrate", verbosity=0)
    make_staff("editor", "ana")
    page = new_page(locale="en-GB", viewport={"width": 1280, "height": 1000})
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

    for number, (slug, kind, english, spanish) in enumerate(
        [
            ("used", "question", "Have you used it?", "¿La has usado?"),
            ("done", "outcome", "It is empty", "Está vacía"),
        ]
    ):
        page.get_by_role("button", name="Add another Step").click()
        step = page.locator(f"#steps-{number}")
        step.locator(f"#id_steps-{number}-position").fill(str(number))
        step.locator(f"#id_steps-{number}-slug").fill(slug)
        step.locator(f"#id_steps-{number}-kind").select_option(kind)
        step.locator(f"#id_steps-{number}-title_0").fill(english)
        step.locator(f"#id_steps-{number}-title_1").fill(spanish)
    page.locator("#id_steps-1-outcome").select_option("solved")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("“used”: This step has no options")
    assert page.request.get(f"{site}/en/resolve/gift-card/").status == 404

    page.locator("#steps-0 a.inlinechangelink").click()
    page.get_by_role("button", name="Add another Option").click()
    page.locator("#id_options-0-key").fill("yes")
    page.locator("#id_options-0-label_0").fill("Yes")
    page.locator("#id_options-0-label_1").fill("Sí")
    page.locator("#id_options-0-leads_to").select_option(index=2)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".messagelist")).to_contain_text("Customers now walk this version")
    page.goto(f"{site}/es/resolve/gift-card/used/?used=yes")
    expect(page.locator("h1")).to_have_text("Está vacía")
