"""What a real browser says of where it comes from is enough to count it, and no more than once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from flows.models import FlowCount
from tests.browser.conftest import NewPage

pytestmark = pytest.mark.browser


def counts() -> list[tuple[str, str, str, int]]:
    rows = FlowCount.objects.exclude(count=0).order_by("pk")
    return list(rows.values_list("what", "step", "option", "count"))


def test_a_walk_is_counted_once_with_reloads_back_and_change(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{site}/en/resolve/parcel-says-delivered/")
    page.get_by_role("link", name="Start the guide").click()
    page.get_by_text("To work or to someone else", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Ask the people at that address")
    page.reload()
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Continue").click()  # the same answer again
    page.get_by_role("link", name="Change").click()
    page.get_by_text("To my home", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("Is the address on the order right?")
    page.get_by_role("link", name="Contact us anyway").click()
    expect(page).to_have_url(f"{site}/en/contact/")
    assert counts() == [
        ("start", "destination", "", 1),
        ("answer", "destination", "home", 1),
        ("hand-off", "address", "", 1),
    ]
    page.goto(f"{site}/en/resolve/parcel-says-delivered/?start=1")  # typed, or from a letter
    expect(page.locator("h1")).to_have_text("Where was the parcel meant to go?")
    assert len(counts()) == 3 and counts()[0][3] == 1
