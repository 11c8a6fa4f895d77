"""Takes the pictures of the README from the demo help center: `make screenshots`.

Lives outside tests/, so that `make test` leaves it alone; opens pages with the browser tests' own fixtures.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.browser.conftest import NewPage, browser, new_page, site, snapshots  # noqa: F401 – pytest finds fixtures by name
from tests.browser.test_accessibility import prepare_desk
from tests.browser.test_editor_page import entered

IMAGES = Path(__file__).parent / "images"
WIDTH = 1280
WALK = {
    "destination": "home",
    "address": "correct",
    "delivery-details": "not-solved",
    "neighbours": "could-not",
    "delivered-when": "2026-09-14",
    "seller": "almendra",
}
TYPED = {
    "detail-order-number": "123-4567890",
    "detail-delivered-date": "2026-09-14",
    "message": "The tracking says it was delivered on Monday, but nobody rang and nothing is at the door.",
    "name": "Ana Prado",
    "email": "ana@example.org",
}


@pytest.fixture
def page(new_page: NewPage) -> Page:  # noqa: F811
    return new_page(
        viewport={"width": WIDTH, "height": 900}, color_scheme="light", reduced_motion="reduce", locale="en"
    )


def test_home(site: str, page: Page) -> None:  # noqa: F811
    page.goto(f"{site}/en/")
    keep(page, "home", until="main section:has(a[href*='/resolve/'])")


def test_flow(site: str, page: Page) -> None:  # noqa: F811
    answered = [f"{step}={option}" for step, option in list(WALK.items())[:-1]]
    page.goto(f"{site}/en/resolve/parcel-says-delivered/seller/?{'&'.join(answered)}")
    expect(page.locator("main legend h1")).to_be_visible()
    keep(page, "flow")


def test_check(site: str, page: Page) -> None:  # noqa: F811
    answered = "&".join(f"{step}={option}" for step, option in WALK.items())
    page.goto(f"{site}/en/contact/details/?flow=parcel-says-delivered&{answered}")
    for name, value in TYPED.items():
        page.locator(f'main [name="{name}"]').fill(value)
    page.locator("main .radios label").first.click()
    page.locator("main form button.button").click()
    expect(page).to_have_url(re.compile("/contact/check/$"))
    keep(page, "check", until="[name=worded]")


def test_editor(site: str, page: Page) -> None:  # noqa: F811
    entered(page, site, get_user_model().objects.create_superuser("ana"))
    page.goto(f"{site}/admin/articles/article/{Article.objects.get(key='track-parcel').pk}/change/")
    expect(page.frame_locator("iframe").first.locator("h1")).to_be_visible()
    page.locator(".translation h2").first.evaluate("heading => heading.scrollIntoView()")
    keep(page, "editor", until=".translation .field-keywords >> nth=0", start=".translation >> nth=0")


def test_desk(site: str, page: Page) -> None:  # noqa: F811
    """The first page, the checks of a text, the votes on it, the brand: with something in each."""
    call_command("migrate", verbosity=0)  # the groups, which a test before may have emptied
    ana = get_user_model().objects.create_superuser("ana")
    rows = prepare_desk()
    entered(page, site, ana)
    page.goto(f"{site}/admin/")
    keep(page, "desk", until=".work.desk", start=".work.desk")
    page.goto(f"{site}/admin/articles/article/text/{rows['text']}/")
    keep(page, "checks", until=".checks", start=".checks")
    page.goto(f"{site}/admin/articles/article/text/{rows['text']}/votes/")
    keep(page, "votes", until="#content-main", start="#content-main")
    page.goto(f"{site}/admin/articles/policyfact/{rows['fact']}/change/")
    keep(page, "fact", until=".used", start="#content-main")


def keep(page: Page, name: str, until: str = "main", start: str = "html") -> None:
    """The page from the top of one part to the end of another, in few colours, so that the file stays small."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    top = page.locator(start).evaluate("part => Math.floor(part.getBoundingClientRect().top + scrollY)")
    bottom = page.locator(until).evaluate("part => Math.ceil(part.getBoundingClientRect().bottom + scrollY)")
    left = page.locator(start).evaluate("part => Math.floor(part.getBoundingClientRect().left)")
    whole = {"x": left, "y": top, "width": WIDTH - left, "height": bottom - top + 24}
    with Image.open(io.BytesIO(page.screenshot(full_page=True, clip=whole))) as picture:
        reduced = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    IMAGES.mkdir(exist_ok=True)
    reduced.save(IMAGES / f"{name}.png", optimize=True)
