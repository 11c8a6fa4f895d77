"""Nothing that an editor's text can hold runs in a reader's browser, with our policy or without it."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page

from articles.markdown import render
from articles.models import Article, Category, Translation
from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import pages
from tests.hostile import HOSTILE_MARKDOWN

pytestmark = pytest.mark.browser
BATCH = 12
# Whatever is clicked, the page stays, or the count would be lost.
PREPARE = """
    window.hits = 0;
    window.hit = () => { window.hits += 1; };
    addEventListener('submit', event => event.preventDefault(), true);
    addEventListener('click', event => {
      const link = event.target.closest('a');
      if (link && !link.href.startsWith('javascript:')) event.preventDefault();
    }, true);
"""
POKE = """() => {
    for (const element of document.querySelectorAll('main *'))
        for (const name of ['mouseover', 'focus', 'toggle', 'click'])
            element.dispatchEvent(new MouseEvent(name, {bubbles: true, cancelable: true}));
}"""
WATCH = "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.blockedURI));"


def hits(page: Page) -> int:
    """How often something ran, after everything a reader might do was done."""
    page.wait_for_timeout(100)
    page.evaluate(POKE)
    page.wait_for_timeout(50)
    return int(page.evaluate("window.hits"))


def opened(page: Page, address: str, html: str) -> Page:
    """The page at an address of ours that answers with this HTML, as if no door had been there."""
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(address)
    page.unroute(address)
    return page


@pytest.fixture
def hostile_articles(transactional_db) -> list[str]:
    category = Category.objects.create(
        slug="x", name={"en": "<img src=x onerror=hit()>"}, description={"en": '"><script>hit()</script>'}
    )
    addresses = []
    for number in range(0, len(HOSTILE_MARKDOWN), BATCH):
        body = "\n\n".join(HOSTILE_MARKDOWN[number : number + BATCH])
        article = Article.objects.create(key=f"x{number}", category=category, is_featured=True)
        nasty = HOSTILE_MARKDOWN[number][:140]
        translation = Translation.objects.create(
            article=article,
            language="en",
            slug=f"x{number}",
            title=nasty,
            summary=nasty,
            body=body,
            keywords=nasty,
            published_at=timezone.now(),
        )
        addresses.append(translation.get_absolute_url())
    return [*addresses, "/en/", "/en/categories/x/", "/en/search/?q=hit+script+onerror"]


@pytest.mark.parametrize("has_policy", [False, True], ids=["csp-off", "csp-on"])
def test_nothing_runs(live_server, hostile_articles, new_page: NewPage, has_policy: bool) -> None:
    page = new_page(bypass_csp=not has_policy)
    page.add_init_script(PREPARE)
    for address in hostile_articles:
        page.goto(live_server.url + address)
        assert page.locator("main").count() == 1
        assert hits(page) == 0, address


def test_each_text_alone_runs_nothing(live_server, new_page: NewPage) -> None:
    """One text may hide another; here each has the page for itself."""
    page = new_page(bypass_csp=True)
    page.add_init_script(PREPARE)
    for text in HOSTILE_MARKDOWN:
        html = render(text, settings.LANGUAGE_CODE).html
        assert hits(opened(page, f"{live_server.url}/rendered", f"<main>{html}</main>")) == 0, text


def test_the_same_texts_without_the_door_do_run(live_server, new_page: NewPage) -> None:
    page = new_page(bypass_csp=True, may_complain=True)
    page.add_init_script(PREPARE)
    ran = [
        hits(opened(page, f"{live_server.url}/raw", f"<main>{text}</main>")) > 0
        for text in HOSTILE_MARKDOWN
        if "http-equiv" not in text
    ]
    assert sum(ran) >= 25


def test_ordinary_pages_break_no_rule_of_the_policy(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(WATCH)
    foreign: list[str] = []
    page.on("request", lambda request: request.url.startswith(site) or foreign.append(request.url))
    seen = 0
    for language in ("en", "es"):
        for each in pages(page, site, language):
            assert each.evaluate("window.violations") == [], each.url
            seen += 1
    addresses = [found.get_absolute_url() for found in Translation.objects.all()[: max(0, 50 - seen)]]
    for address in addresses:
        page.goto(site + address)
        assert page.evaluate("window.violations") == [], address
    assert seen + len(addresses) >= 50
    assert foreign == []


def test_a_broken_rule_would_be_noticed(site: str, new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    page.add_init_script(WATCH)
    page.goto(f"{site}/en/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"1\">')")
    # Asked for from outside: what Playwright polls with inside the page, the policy forbids.
    found = (page.evaluate("violations.length") or page.wait_for_timeout(100) for _time in range(50))
    assert any(found)
