"""From a first word to readers, by several people: reviewed, scheduled, changed while live, compared, restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article, Revision, Translation
from flows.models import Flow, FlowVersion
from tests.browser.conftest import NewPage, work
from tests.factories import make_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def enter(site: str, new_page: NewPage):
    """Opens the desk as somebody of a group, in a browser of their own."""
    call_command("migrate", verbosity=0)  # makes the groups again, which the test before may have emptied

    def log_in(group: str, name: str, **options: object) -> Page:
        make_staff(group, name)
        page = new_page(locale="en-GB", **options)
        page.goto(f"{site}/admin/")
        fill_login(page, name)
        return page

    return log_in


def fill_login(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/**")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def let_it_be_time() -> None:
    """The moment of everything that is scheduled is over, and the worker has its turn."""
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.scheduled().update(apply_at=past)
    FlowVersion.objects.scheduled().update(apply_at=past)
    Translation.objects.filter(published_at__gt=timezone.now()).update(published_at=past)
    work()


def text_url(site: str, key: str, language: str = "en") -> str:
    return site + Translation.objects.get(article__key=key, language=language).work_url


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
def test_a_text_goes_to_readers_is_changed_compared_and_restored(site: str, enter, has_scripts: bool) -> None:
    ben = enter("author", "ben", java_script_enabled=has_scripts)
    ana = enter("editor", "ana", java_script_enabled=has_scripts)
    ben.goto(f"{site}/admin/articles/article/add/")
    ben.locator("#id_key").fill("gift-wrapping")
    ben.locator("#id_category").select_option(label="Orders and delivery")
    english = ben.locator(".translation").first
    english.get_by_label("Title").fill("Can you wrap a gift?")
    english.locator("textarea.markdown").fill("Yes, most goods.")
    expect(english.get_by_role("button", name="Save and publish this language")).to_have_count(0)
    english.get_by_role("button", name="Save and ask for a review").click()

    # Ana finds it on the first page of her desk, asks for more, and approves the second try.
    ana.goto(f"{site}/admin/")
    ana.get_by_role("link", name="Can you wrap a gift?").click()
    expect(ana.locator(".next")).to_contain_text("ana: read it")
    ana.get_by_label("What you want to say; needed to ask for changes").fill("Which goods not?")
    press(ana, "Ask for changes")
    ben.goto(f"{site}/admin/")
    ben.get_by_role("link", name="Can you wrap a gift?").click()
    expect(ben.locator(".said-by .words").last).to_have_text("Which goods not?")
    ben.get_by_role("link", name="Write", exact=True).click()
    english.locator("textarea.markdown").fill("Yes, all but furniture.")
    english.get_by_role("button", name="Save and ask for a review").click()
    ana.goto(text_url(site, "gift-wrapping"))
    expect(ana.get_by_role("button", name="Restore number 1")).to_be_visible()
    press(ana, "Approve")
    press(ana, "Publish at this moment")
    expect(ana.locator(".next")).to_contain_text("Readers see it from")
    address = f"{site}/en/articles/can-you-wrap-a-gift/"
    assert ana.request.get(address).status == 404
    let_it_be_time()
    ana.goto(address)
    expect(ana.locator(".article")).to_contain_text("all but furniture")

    # It is live now: a change waits, is compared word by word, published by the worker, and taken back.
    ben.goto(f"{site}/admin/articles/article/{Article.objects.get(key='gift-wrapping').pk}/change/")
    english.locator("textarea.markdown").fill("Yes, all but furniture and plants.")
    english.get_by_label("Note").fill("Plants wilt")
    press(ben, "Save")
    expect(ben.locator(".messagelist")).to_contain_text("Readers do not see it yet")
    ana.goto(address)
    expect(ana.locator(".article")).not_to_contain_text("plants")
    ana.goto(text_url(site, "gift-wrapping"))
    expect(ana.locator(".difference ins").first).to_contain_text("plants")
    press(ana, "Publish at this moment")
    let_it_be_time()
    ana.goto(address)
    expect(ana.locator(".article")).to_contain_text("plants")
    ana.goto(text_url(site, "gift-wrapping"))
    press(ana, "Compare")
    expect(ana.locator(".difference ins").first).to_contain_text("plants")
    ana.get_by_role("link", name="Back", exact=True).click()
    press(ana, "Restore number 2")
    press(ana, "Publish now")
    ana.goto(address)
    expect(ana.locator(".article")).not_to_contain_text("plants")
    ana.goto(text_url(site, "gift-wrapping"))
    for said in (
        "ben created",
        "ben asked for a review",
        "ana asked for changes",
        "ana approved",
        "ana published",
    ):
        expect(ana.locator(".trail")).to_contain_text(said)


def test_a_flow_goes_the_same_way(site: str, enter) -> None:
    flow = Flow.objects.get(slug="parcel-says-delivered")
    start = f"{site}/en/resolve/parcel-says-delivered/destination/"
    ben, ana = enter("author", "ben"), enter("editor", "ana")
    ben.goto(site + flow.work_url)
    press(ben, "Edit the steps")
    title = ben.locator("section.step").first.get_by_role("textbox", name="title (English)")
    before = title.input_value()
    title.fill("Where did we send it?")
    press(ben, "Save and ask for a review")
    expect(ben.locator(".next")).to_contain_text("ana: read it")
    expect(ben.locator(".difference ins").first).to_be_visible()
    press(ben, "Make a link")
    ben.goto(site + ben.locator("input.address").input_value().partition(":8000")[2])
    ben.get_by_role("link", name="Start the guide").click()
    expect(ben.locator("h1")).to_have_text("Where did we send it?")
    secret = ben.url

    ana.goto(site + flow.work_url)
    press(ana, "Approve")
    press(ana, "Publish at this moment")
    ana.goto(start)
    expect(ana.locator("h1")).to_have_text(before)
    let_it_be_time()
    ana.goto(start)
    expect(ana.locator("h1")).to_have_text("Where did we send it?")
    assert ana.request.get(secret).status == 404
    ana.goto(site + flow.work_url)
    press(ana, "Compare")
    expect(ana.locator(".difference ins").first).to_be_visible()
    ana.get_by_role("link", name="Back", exact=True).click()
    press(ana, "Restore number 1")
    press(ana, "Publish now")
    ana.goto(start)
    expect(ana.locator("h1")).to_have_text(before)


def test_a_translation_is_made_outdated_and_brought_up_to_date(site: str, enter) -> None:
    article = Article.objects.get(key="how-to-return")
    spanish = f"{site}/es/articles/{article.translations.get(language='es').slug}/"
    ana, luz = enter("editor", "ana"), enter("translator-es", "luz")
    ana.goto(f"{site}/admin/articles/article/{article.pk}/change/")
    english = ana.locator(".translation[lang=en]").first
    english.locator("textarea.markdown").fill("Bring it back to any shop, at any time.")
    english.get_by_label("Major: other languages are marked as outdated").check()
    english.get_by_role("button", name="Save and publish this language").click()
    luz.goto(spanish)
    expect(luz.locator(".outdated")).to_be_visible()

    luz.goto(f"{site}/admin/articles/article/coverage/")
    luz.get_by_role("listitem").filter(has_text="outdated").get_by_role("link").click()
    expect(luz.locator(".difference ins").first).to_contain_text("Bring")
    luz.locator("#id_body").fill("Devuélvelo en cualquier tienda, cuando quieras.")
    expect(luz.get_by_label("It now says what the source says")).to_be_checked()
    press(luz, "Save")
    press(luz, "Ask for a review")
    ana.goto(text_url(site, "how-to-return", "es"))
    press(ana, "Approve")
    press(ana, "Publish now")
    luz.goto(spanish)
    expect(luz.locator(".article")).to_contain_text("cualquier tienda")
    expect(luz.locator(".outdated")).to_have_count(0)


def test_two_browsers_save_the_same_text(site: str, enter) -> None:
    address = f"{site}/admin/articles/article/{Article.objects.get(key='how-to-return').pk}/change/"
    ana, eva = enter("editor", "ana"), enter("editor", "eva")
    ana.goto(address)
    eva.goto(address)
    expect(eva.locator(".others")).to_contain_text("ana")
    hers, mine = (page.locator(".translation[lang=en]").first.locator("textarea.markdown") for page in (ana, eva))
    hers.fill("Ana's words.")
    press(ana, "Save")
    mine.fill("Eva's words.")
    press(eva, "Save")
    expect(eva.locator("#conflicts-title")).to_be_visible()
    expect(eva.locator(".difference del").first).to_contain_text("Ana")
    expect(mine).to_have_value("Eva's words.")
    press(eva, "Save")
    bodies = Revision.objects.filter(translation__article__key="how-to-return", translation__language="en")
    assert list(bodies.values_list("body", flat=True))[:2] == ["Eva's words.", "Ana's words."]


def closed_tab(page: Page) -> Page:
    """The tab is gone as in a crash; another one of the same browser."""
    context: BrowserContext = page.context
    page.close()
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    return opened


def test_what_was_typed_is_there_after_a_crash(site: str, enter) -> None:
    address = f"{site}/admin/articles/article/{Article.objects.get(key='how-to-return').pk}/change/"
    ana = enter("editor", "ana")
    ana.goto(address)
    ana.locator(".translation[lang=en]").first.locator("textarea.markdown").fill("Typed with care.")
    expect(ana.locator(".said")).to_contain_text("Kept at", timeout=10_000)
    again = closed_tab(ana)
    again.goto(address)
    again.get_by_role("link", name="Put it back").click()
    text = again.locator(".translation[lang=en]").first.locator("textarea.markdown")
    expect(text).to_have_value("Typed with care.")
    press(again, "Save")
    again.goto(address)
    expect(text).to_have_value("Typed with care.")
    expect(again.locator(".writing .box")).to_have_count(0)
    # A first save is none that never was, either, although the empty form looks as before.
    again.goto(f"{site}/admin/articles/article/add/")
    again.locator("#id_key").fill("another")
    again.locator("#id_category").select_option(index=1)
    press(again, "Save")
    again.goto(f"{site}/admin/articles/article/add/")
    expect(again.locator("#id_key")).to_have_value("")
    expect(again.locator(".writing .box")).to_have_count(0)


def test_only_its_button_throws_away_what_was_typed(site: str, enter) -> None:
    address = f"{site}/admin/articles/article/{Article.objects.get(key='how-to-return').pk}/change/"
    ana = enter("editor", "ana")
    ana.goto(address)
    text = ana.locator(".translation[lang=en]").first.locator("textarea.markdown")
    before = text.input_value()
    text.fill("Typed with care.")
    expect(ana.locator(".said")).to_contain_text("Kept at", timeout=10_000)
    ana.goto(address)
    with ana.expect_response("**/articles/article/preview/"):  # Enter presses the first button: the preview
        ana.locator("#id_translations-0-title").press("Enter")
    ana.goto(address)
    expect(ana.get_by_role("link", name="Put it back")).to_be_visible()
    text.fill("Typed once more.")
    with ana.expect_navigation():
        press(ana, "Throw it away")
    ana.goto(address)
    expect(text).to_have_value(before)
    expect(ana.locator(".writing .box")).to_have_count(0)


def test_what_was_typed_is_there_although_the_server_never_heard_of_it(site: str, enter) -> None:
    address = f"{site}/admin/articles/article/{Article.objects.get(key='how-to-return').pk}/change/"
    ana = enter("editor", "ana", may_complain=True)
    ana.goto(address)
    ana.context.set_offline(True)
    ana.locator(".translation[lang=en]").first.locator("textarea.markdown").fill("Typed on a train.")
    expect(ana.locator(".said")).to_contain_text("cannot be reached", timeout=10_000)
    again = closed_tab(ana)
    again.context.set_offline(False)
    again.goto(address)
    press(again, "Put it back")
    text = again.locator(".translation[lang=en]").first.locator("textarea.markdown")
    expect(text).to_have_value("Typed on a train.")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
def test_a_lost_login_costs_nothing(site: str, enter, has_scripts: bool) -> None:
    address = f"{site}/admin/articles/article/{Article.objects.get(key='how-to-return').pk}/change/"
    ana = enter("editor", "ana", java_script_enabled=has_scripts, may_complain=True)
    ana.goto(address)
    text = ana.locator(".translation[lang=en]").first.locator("textarea.markdown")
    text.fill("Typed with care.")
    ana.context.clear_cookies(name="sessionid")
    if has_scripts:
        expect(ana.locator(".said")).to_contain_text("logged out", timeout=10_000)
    press(ana, "Save")
    expect(ana.get_by_text("What you typed is kept")).to_be_visible()
    fill_login(ana, "ana")
    expect(text).to_have_value("Typed with care.")
    press(ana, "Save")
    newest = Revision.objects.filter(translation__article__key="how-to-return", translation__language="en").first()
    assert newest.body == "Typed with care."


def test_by_keyboard_alone(site: str, enter) -> None:
    """Written, put up for review, read and approved without a mouse, the focus always to be seen."""
    translation = Translation.objects.get(article__key="how-to-return", language="en")
    ben, ana = enter("author", "ben"), enter("editor", "ana")
    ben.goto(f"{site}/admin/articles/article/{translation.article_id}/change/")
    tab_to(ben, "#id_translations-0-body")
    ben.keyboard.press("Control+End")
    ben.keyboard.type("\n\nOne line more.")
    tab_to(ben, "button[name=_submit]")
    ben.keyboard.press("Enter")
    expect(ben.locator(".messagelist")).to_contain_text("ana: read it")
    ana.goto(site + translation.work_url)
    tab_to(ana, "#review-words")
    ana.keyboard.type("Well put.")
    tab_to(ana, "button[value=approve]")
    ana.keyboard.press("Enter")
    expect(ana.locator(".messagelist")).to_contain_text("Approved")
    tab_to(ana, "button[value=publish]")
    ana.keyboard.press("Enter")
    expect(ana.locator(".messagelist")).to_contain_text("Readers now see it")


def tab_to(page: Page, selector: str) -> None:
    """Tab until the element has the focus; each stop on the way can be seen."""
    for _stop in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "() => { const it = document.activeElement; const s = getComputedStyle(it); const b = s.borderColor;"
            " return it === document.body || it.tagName === 'IFRAME' || s.outlineStyle !== 'none'"
            " || s.boxShadow !== 'none' || ['INPUT', 'TEXTAREA', 'SELECT', 'A', 'SUMMARY'].includes(it.tagName)"
            " || it.matches(':focus-visible') }"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"The keyboard does not come to {selector}.")
