"""The desk's lists on a telephone: each row a card that says what its values are, the filters one press away."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.test_editor_page import entered
from tests.factories import make_translation

pytestmark = pytest.mark.browser


def test_rows_are_cards_and_filters_are_one_press_away(live_server, transactional_db, new_page: NewPage) -> None:
    chief = get_user_model().objects.create_superuser("chief")
    translation = make_translation()
    translation.write(translation.texts | {"body": "More."}, by=chief, note="A note")
    page = new_page(viewport={"width": 360, "height": 700}, locale="en")
    entered(page, live_server.url, chief)
    page.goto(f"{live_server.url}/admin/articles/deed/")
    row = page.locator("#result_list tbody tr").first
    expect(row.locator(".field-by_whom")).to_have_attribute("data-label", "Who")
    expect(page.locator("#result_list thead th").first).to_be_hidden()
    for cell in row.locator("td").all():
        box = cell.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
    page.get_by_role("link", name="Filter the list").click()
    expect(page.locator("#changelist-filter")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 700})
    expect(page.locator("#result_list thead th").first).to_be_visible()
    expect(page.get_by_role("link", name="Filter the list")).to_be_hidden()
