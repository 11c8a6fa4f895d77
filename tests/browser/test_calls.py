"""A call is asked for, sent and moved in a browser; answers come while a message is written, and go again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from contact.models import ContactRequest, DraftRequest, SolvedCount
from flows.clock import site_time
from flows.models import Topic
from tests.browser.conftest import LANGUAGES, NewPage, work
from tests.browser.test_customer_journeys import fill_details
from tests.contact.smtp import Inbox

pytestmark = pytest.mark.browser
WORDS = {"en": "my parcel is late", "es": "mi paquete se retrasa"}


def begin(page: Page, site: str, language: str) -> None:
    """The details page of a parcel that is late."""
    page.goto(f"{site}/{language}/contact/")
    topic = Topic.objects.get(key="parcel-late")
    page.locator(f"label[for=topic-{topic.key}]").click()
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile("/contact/details/$"))


def choose_window(page: Page, number: int) -> str:
    radio = page.locator("[name=window]").nth(number)
    page.locator(f"label[for={radio.get_attribute('id')}]").click()
    expect(radio).to_be_checked()
    return str(radio.get_attribute("value"))


@pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_is_booked_and_moved(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    begin(page, site, language)
    fill_details(page, message="It was for a birthday.", email="ana@e.com")
    page.locator("main form button.button").click()
    expect(page).to_have_url(re.compile("/contact/check/$"))
    page.locator("[name=worded]").fill("In my own words.")
    page.locator("button[value=call]").click()
    expect(page).to_have_url(re.compile("/contact/callback/$"))
    page.locator("[name=number]").fill("12")
    first = choose_window(page, 1)
    page.locator("main form button.button").first.click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=number]")).to_have_value("12")
    expect(page.locator("[name=window]").nth(1)).to_be_checked()
    page.locator("[name=number]").fill("612 34 56 78")
    page.locator("main form button.button").first.click()
    expect(page).to_have_url(re.compile("/contact/check/$"))
    expect(page.locator("main")).to_contain_text("+34 612 34 56 78")
    expect(page.locator("[name=worded]")).to_have_value("In my own words.")
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile("/contact/requests/"))
    request = ContactRequest.objects.get()
    assert site_time(request.callback_at).isoformat() == first
    assert request.worded == "In my own words."

    page.locator("main a[href$='/callback/']").click()
    later = choose_window(page, 3)
    page.locator("main form button.button").first.click()
    expect(page).to_have_url(re.compile(r"/contact/requests/[^/]+/\?call=booked$"))
    expect(page.locator(".notice[role=status]")).to_be_focused()
    request.refresh_from_db()
    assert site_time(request.callback_at).isoformat() == later
    page.locator("main a[href$='/callback/']").click()
    page.locator("button[name=none]").click()
    expect(page).to_have_url(re.compile(r"/contact/requests/[^/]+/\?call=cancelled$"))
    expect(page.locator("main")).not_to_contain_text("+34 612 34 56 78")
    work()
    to_support = [message["Subject"] for message in inbox.messages if "support" in message["To"]]
    assert len(to_support) == 3
    assert all(request.reference in subject for subject in to_support)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_come_while_a_message_is_written(site: str, new_page: NewPage, language: str) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    begin(page, site, language)
    page.locator("[name=message]").press_sequentially(WORDS[language], delay=10)
    found = page.locator(".answers-found")
    expect(found.locator("li").first).to_be_visible()
    assert 1 <= found.locator("li").count() <= 3
    expect(page.locator("[name=message]")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=re.compile("may help|quizá"))).to_have_count(1)
    assert any(line.startswith("POST") and line.endswith("/contact/suggestions/") for line in asked)
    assert not any("parcel%20is" in line or "parcel+is" in line or "paquete" in line for line in asked)
    with page.context.expect_page() as opened:
        found.locator("li a").first.click()
    expect(opened.value.locator("h1")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value(WORDS[language])
    found.locator("[data-dismiss]").click()
    expect(found).to_have_count(0)
    expect(page.locator("[name=message]")).to_be_focused()


def test_this_solved_it_is_counted_and_nothing_is_lost(site: str, new_page: NewPage) -> None:
    page = new_page()
    begin(page, site, "en")
    page.locator("[name=message]").press_sequentially(WORDS["en"], delay=10)
    page.locator(".answers-found button[name=solved]").first.click()
    expect(page).to_have_url(re.compile("/contact/solved/$"))
    assert SolvedCount.objects.get().count == 1
    assert DraftRequest.objects.get().message == WORDS["en"]
    page.locator("main a[href$='/contact/details/']").click()
    expect(page.locator("[name=message]")).to_have_value(WORDS["en"])


def test_without_scripts_answers_stand_beside_send(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    begin(page, site, "en")
    fill_details(page, message=WORDS["en"], email="ana@e.com")
    page.locator("main form button.button").click()
    expect(page.locator(".answers-found li").first).to_be_visible()
    page.locator(".answers-found button[name=solved]").first.click()
    expect(page).to_have_url(re.compile("/contact/solved/$"))
    assert SolvedCount.objects.get().count == 1
    assert not ContactRequest.objects.exists()
