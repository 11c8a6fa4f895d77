"""The desk in a browser: a brand that is set and seen, and many texts published at once without a script."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from articles.models import Article, Translation
from tests.browser.conftest import NewPage
from tests.factories import make_article, make_staff, make_translation

pytestmark = pytest.mark.browser


@pytest.fixture
def enter(site: str, new_page: NewPage):
    """Opens the desk as an editor."""
    call_command("migrate", verbosity=0)  # makes the groups again, which the test before may have emptied

    def log_in(**options: object) -> Page:
        make_staff("editor", "ana")
        page = new_page(locale="en-GB", **options)
        page.goto(f"{site}/admin/")
        page.get_by_label("Username").fill("ana")
        page.get_by_label("Password").fill("password")
        with page.expect_navigation():
            page.get_by_role("button", name="Log in").click()
        return page

    return log_in


def test_a_brand_is_shown_while_it_is_chosen_and_seen_once_it_is_saved(
    site: str, enter, new_page: NewPage
) -> None:
    reader = new_page(color_scheme="dark")
    reader.goto(f"{site}/en/")
    button = reader.get_by_role("button", name="Search").first
    expect(button).to_have_css("background-color", "rgb(126, 211, 189)")
    page = enter()
    page.get_by_role("link", name="Brand").first.click()
    page.get_by_label("Name", exact=True).fill("Nuez")
    page.get_by_label("Accent colour").fill("#FFCC00")
    expect(page.locator(".brand-sample.dark .sample-button")).to_have_css("background-color", "rgb(255, 204, 0)")
    expect(page.locator("#contrast")).to_contain_text("On a light page: words on buttons 13.8 to 1")
    page.get_by_label("Telephone").fill("+34 600 100 200")
    page.get_by_label("Spanish", exact=True).last.uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Readers see it now.")).to_be_visible()
    reader.goto(f"{site}/es/")
    expect(reader).to_have_url(f"{site}/en/")
    expect(reader.get_by_role("banner")).to_contain_text("Nuez help center")
    expect(button).to_have_css("background-color", "rgb(255, 204, 0)")
    expect(button).to_have_css("color", "rgb(0, 0, 0)")
    expect(reader.get_by_role("link", name="+34 600 100 200")).to_be_visible()
    expect(reader.get_by_role("link", name="Español")).to_have_count(0)


def test_many_texts_are_found_and_published_without_a_script(site: str, enter) -> None:
    category = Article.objects.first().category
    for number in range(3):
        make_translation(make_article(category=category), published=False, title=f"Gift wrapping {number}")
    page = enter(java_script_enabled=False)
    page.goto(f"{site}/admin/articles/article/?state=draft")
    page.locator("#searchbar").fill("GIFT wräpping")
    with page.expect_navigation():
        page.get_by_role("button", name="Search").click()
    boxes = page.locator("#result_list tbody input[type=checkbox]")
    expect(boxes).to_have_count(3)
    for number in (0, 1):
        boxes.nth(number).check()
    page.locator("select[name=action]").select_option(label="Publish")
    with page.expect_navigation():
        page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="What will happen (2)")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Publish 2 texts").click()
    expect(page.get_by_text("2 texts are published.")).to_be_visible()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    assert Translation.objects.published().filter(title__startswith="Gift").count() == 2
