"""The HTML of the mails in a browser: narrow and wide, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from contact.models import Delivery
from tests.browser.conftest import NewPage
from tests.contact.customer import a_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "resultTypes": ["violations"]}


@pytest.mark.parametrize("width", [360, 700])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fit_and_can_be_read(new_page: NewPage, width: int, scheme: str) -> None:
    a_request(message=f"It is not here.\n\n{'x' * 300}", tried="I rang next door")
    page = new_page(viewport={"width": width, "height": 600}, color_scheme=scheme)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    for mail in Delivery.objects.all():
        page.set_content(mail.html)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("document.querySelector('.mail').getBoundingClientRect().width") <= 600
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == {"light": "rgb(253, 251, 247)", "dark": "rgb(23, 20, 17)"}[scheme]
        assert Axe().run(page, options=RULES).response["violations"] == []
    assert requested == []
