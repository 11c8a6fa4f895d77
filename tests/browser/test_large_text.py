"""With letters of twice the size, as people set them on a telephone, no page is wider than the screen."""

from __future__ import annotations

import pytest

from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import ADDRESSES, ARTICLE, FOREIGN, MISSPELT, PICTURED, WALKED

pytestmark = pytest.mark.browser
TWICE = "html { font-size: 200% !important }"
TOO_WIDE = """[...document.querySelectorAll("main *, header *, footer *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && one.getClientRects().length
        && !one.closest(".visually-hidden, table, pre"))
    .map(one => `${one.tagName} ${one.className}`).slice(0, 3)"""


def test_nothing_is_cut_off_at_twice_the_size(site: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
    given = {"article": ARTICLE["es"], "other": ARTICLE["en"], "walked": WALKED, "pictured": PICTURED["es"]}
    given |= {"misspelt": MISSPELT["es"], "foreign": FOREIGN["es"]}
    addresses = [one.format(**given) for one in ADDRESSES]
    walked = f"/contact/details/?flow=parcel-says-delivered&{WALKED}&seller=almendra"
    found = {}
    for address in [*addresses, walked]:
        page.goto(f"{site}/es{address}")
        page.add_style_tag(content=TWICE)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            found[address] = (width, page.evaluate(TOO_WIDE))
    assert found == {}
