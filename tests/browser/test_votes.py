"""A reader says No and why; an editor makes a task of it; its owner does it.  With a script and without, in both
languages."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Route, expect

from articles.models import Article, Task, Vote
from tests.browser.conftest import NewPage
from tests.factories import make_article, make_staff, make_translation

pytestmark = pytest.mark.browser
WORDS = {
    "en": {
        "missing": "Something is missing",
        "send": "Send",
        "thanks": "The people who write this answer read it",
    },
    "es": {
        "missing": "Falta algo",
        "send": "Enviar",
        "thanks": "Lo leen las personas que escriben esta respuesta",
    },
}


@pytest.fixture
def site(transactional_db, live_server) -> str:
    """One article in two languages: the demo takes longer to load than all of this."""
    call_command("migrate", verbosity=0)  # makes the groups again, which the test before may have emptied
    article = make_article(key="how-to-return", owner=make_staff("author", "ben"))
    make_translation(article, slug="how-to-return", title="How do I return an item?")
    make_translation(article, "es", slug="como-devolver", title="¿Cómo devuelvo un artículo?")
    return str(live_server.url)


def vote_no(page: Page, address: str, words: dict[str, str], said: str) -> None:
    """No, then a reason."""
    page.goto(address)
    section = page.locator("[data-vote]")
    section.get_by_role("button", name="No", exact=True).click()
    section.locator("label", has_text=words["missing"]).click()
    section.locator("textarea").fill(said)
    section.get_by_role("button", name=words["send"], exact=True).click()
    expect(section).to_contain_text(words["thanks"])
    expect(page.locator(".contact-us a.button")).to_have_attribute("href", f"{contact_of(address)}how-to-return")


def contact_of(address: str) -> str:
    return f"/{'es' if '/es/' in address else 'en'}/contact/?article="


def enter(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{site}/admin/")


def test_a_no_becomes_a_task_that_is_done(site: str, new_page: NewPage) -> None:
    make_staff("editor", "ana")
    article = Article.objects.get()
    for language, has_scripts in (("en", True), ("es", False), ("es", True), ("en", False)):
        reader = new_page(java_script_enabled=has_scripts, viewport={"width": 360, "height": 740})
        address = article.translations.get(language=language).get_absolute_url()
        vote_no(reader, f"{site}{address}", WORDS[language], f"In {language}, with a script: {has_scripts}")
        assert reader.url.endswith(address) == has_scripts
        assert reader.context.cookies() == []
    assert Vote.objects.filter(is_helpful=False, reason="missing").count() == 4

    ana = new_page(locale="en-GB")
    enter(ana, site, "ana")
    ana.goto(f"{site}/admin/articles/article/votes/?least=1")
    expect(ana.locator("#content")).to_contain_text("In en, with a script: True")
    ana.get_by_role("link", name="How do I return an item?").click()
    ana.get_by_role("button", name="Make a task for the owner").first.click()
    expect(ana.locator(".messagelist")).to_contain_text("The task is made, for: ben.")

    ben = new_page(locale="en-GB")
    enter(ben, site, "ben")
    expect(ben.locator(".sections")).to_contain_text("Readers miss something: add it.")
    ben.get_by_role("button", name="Done").click()
    expect(ben.locator(".messagelist")).to_contain_text("Done: Readers miss something: add it.")
    assert Task.objects.get().done_by == article.owner


def test_the_script_moves_the_focus_turns_a_vote_and_counts_a_double_press_once(
    site: str, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(site + Article.objects.get().source.get_absolute_url())
    section = page.locator("[data-vote]")
    section.get_by_role("button", name="Yes", exact=True).dblclick()
    expect(section.get_by_role("heading", name="Thank you")).to_be_focused()
    expect(section).to_contain_text("You said that it helped.")
    section.get_by_role("button", name="Say that it did not").click()
    expect(section).to_contain_text("You said that it did not help.")
    section.locator("textarea").evaluate("box => box.removeAttribute('maxlength')")
    section.locator("textarea").fill("y" * 501)
    section.get_by_role("button", name="Send", exact=True).click()
    expect(section.locator(".error-summary")).to_be_focused()
    assert list(Vote.objects.values_list("is_helpful", "words")) == [(False, "")]


def abort_scripts(route: Route) -> None:
    if route.request.resource_type == "fetch":
        route.abort()
    else:
        route.continue_()


def test_without_an_answer_the_browser_says_what_is_the_matter(site: str, new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    page.goto(site + Article.objects.get().source.get_absolute_url())
    page.route("**/vote/", abort_scripts)
    page.locator("[data-vote]").get_by_role("button", name="No", exact=True).click()
    page.wait_for_url("**/vote/?vote=*")
    expect(page.locator("[data-vote]")).to_contain_text("You said that it did not help.")
    assert Vote.objects.get().is_helpful is False


def test_whoever_stops_the_loading_can_press_again(site: str, new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    page.goto(site + Article.objects.get().source.get_absolute_url())
    page.route("**/vote/", lambda route: route.abort("aborted"))
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        page.locator("[data-vote]").get_by_role("button", name="No", exact=True).click()
    page.unroute("**/vote/")
    page.locator("[data-vote]").get_by_role("button", name="Yes", exact=True).click()
    expect(page.locator("[data-vote]")).to_contain_text("You said that it helped.")
    assert Vote.objects.get().is_helpful is True
