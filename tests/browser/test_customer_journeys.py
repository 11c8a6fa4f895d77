"""From a problem to its answer or to a person: in both languages, with and without JavaScript."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from icalendar import Calendar
from playwright.sync_api import Page, expect

from contact.models import ContactRequest
from tests.browser.conftest import LANGUAGES, NewPage, work
from tests.contact.smtp import Inbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"]),
    pytest.mark.parametrize("language", LANGUAGES),
]
EXAMPLES = {
    "detail-order-number": "123-4567890",
    "detail-charge-amount": "9,99 €",
    "detail-account-email": "ana@e.com",
}
REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def choose(page: Page, step: str, option: str) -> None:
    """Choose the option on the step's page, by its label as a customer would, and continue."""
    assert f"/{step}/" in page.url
    radio = page.locator(f'input[name="{step}"][value="{option}"]')
    page.locator(f'label[for="{radio.get_attribute("id")}"]').click()
    expect(radio).to_be_checked()
    page.locator("main form button[name=continue]").click()
    page.wait_for_url(lambda address: f"/{step}/" not in address)


def give_day(page: Page, step: str, day: date) -> None:
    """Write the day on the date step's page, and continue."""
    assert f"/{step}/" in page.url
    page.locator("#day-day").fill(day.isoformat())
    page.locator("main form button[name=continue]").click()
    page.wait_for_url(lambda address: f"/{step}/" not in address)


def fill_details(page: Page, **fields: str) -> None:
    """The given fields, and something in every detail that is asked for and still empty."""
    for name, value in fields.items():
        page.locator(f'main [name="{name}"]').fill(value)
    for detail in page.locator("main [name^=detail-]").all():
        if not detail.input_value():
            kind, name = detail.get_attribute("type"), detail.get_attribute("name")
            detail.fill("2026-01-02" if kind == "date" else EXAMPLES.get(name, "PL-2207-4411-00"))


def send(page: Page) -> str:
    """Check, send, and read the reference on the receipt."""
    page.locator("main form button.button").click()
    expect(page).to_have_url(re.compile("/contact/check/$"))
    page.locator("main form button.button").last.click()
    expect(page).to_have_url(re.compile("/contact/requests/"))
    found = REFERENCE.search(page.locator("main").inner_text())
    assert found
    return found[0]


def to_support(inbox: Inbox) -> str:
    """What the mail to support says, in one line."""
    message = next(message for message in inbox.messages if "support" in message["To"])
    return " ".join(message.get_body(("plain",)).get_content().split())


def test_a_lost_parcel_from_the_home_page_to_a_mail_with_everything(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    page.locator("main a[href$='/resolve/parcel-says-delivered/']").click()
    page.locator("main a.button").click()
    choose(page, "destination", "home")
    choose(page, "address", "correct")
    choose(page, "delivery-details", "not-solved")
    choose(page, "neighbours", "could-not")
    give_day(page, "delivered-when", date(2026, 1, 2))
    choose(page, "seller", "almendra")
    asked = page.locator(".answers dt").all_inner_texts()
    page.locator("main .outcome a.button").click()

    expect(page).to_have_url(re.compile("/contact/details/"))
    for question in asked:
        assert (
            question in page.locator("main").inner_html() or question in page.locator("[name=tried]").input_value()
        )
    fill_details(
        page,
        **{
            "detail-order-number": "123-4567890",
            "message": "El niño cumple años. It never came.",
            "email": "ana@e.com",
        },
    )
    page.locator("main .radios label").first.click()
    reference = send(page)
    work()

    request = ContactRequest.objects.get(reference=reference)
    assert request.language == language
    assert sorted(inbox.recipients) == ["ana@e.com", "support@localhost"]
    to_support = next(message for message in inbox.messages if "support" in message["To"])
    assert reference in to_support["Subject"]
    assert to_support["Reply-To"] and "ana@e.com" in to_support["Reply-To"]
    body = to_support.get_body(("plain",)).get_content()
    for carried in ("123-4567890", "El niño cumple años. It never came.", *asked):
        assert " ".join(carried.split()) in " ".join(body.split())


def test_a_mystery_charge_found_by_search_and_solved_in_the_flow(
    site: str, new_page: NewPage, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    words = {"en": "charge I do not recognise", "es": "cargo que no reconozco"}[language]
    page.locator("main input[name=q]").fill(words)
    page.locator("main input[name=q]").press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    page.locator("main .results a[href*='/resolve/unrecognised-charge/']").click()
    page.locator("main a.button").click()
    choose(page, "account-safe", "only-the-charge")
    choose(page, "pending", "final")
    choose(page, "bank-text", "plus")
    choose(page, "subscription", "fits")
    choose(page, "subscription-wish", "stop")
    choose(page, "stop-it", "solved")
    expect(page.locator("main .outcome.solved h1")).to_be_visible()
    assert page.context.cookies() == []


def test_an_e_reader_back_and_forth_with_a_changed_answer_then_contact(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    page.locator("main input[name=q]").fill(
        {"en": "my pliego does not work", "es": "mi pliego no funciona"}[language]
    )
    page.locator("main input[name=q]").press("Enter")
    page.locator("main .results a[href*='/resolve/ereader-problem/']").click()
    page.locator("main a.button").click()
    choose(page, "symptom", "frozen")
    page.locator(".back a").click()
    choose(page, "symptom", "dark")
    choose(page, "charge", "not-solved")
    page.go_back()
    choose(page, "charge", "could-not")
    page.locator(".answers .actions a").first.click()
    choose(page, "symptom", "frozen")
    choose(page, "restart", "not-solved")
    choose(page, "after-restart", "nothing")
    choose(page, "age", "in-warranty")
    answers = page.locator(".answers dd:not(.actions)").all_inner_texts()
    page.locator("main .outcome a.button").click()
    expect(page).to_have_url(re.compile("/contact/details/"))
    fill_details(page, message="It stays dark.", email="luis@e.com")
    reference = send(page)
    request = ContactRequest.objects.get(reference=reference)
    assert all(answer in request.trail for answer in answers)
    assert "PL-2207-4411" in str(request.details)
    work()
    said = to_support(inbox)
    assert all(" ".join(carried.split()) in said for carried in (*answers, "PL-2207-4411", "It stays dark."))


def test_a_lost_birthday_parcel_too_early_then_due(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    page.locator("main a[href$='/resolve/parcel-says-delivered/']").click()
    page.locator("main a.button").click()
    choose(page, "destination", "home")
    choose(page, "address", "correct")
    choose(page, "delivery-details", "not-solved")
    choose(page, "neighbours", "not-solved")

    page.locator("main form button[name=continue]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("label[for=day-today]").click()
    page.locator("main form button[name=continue]").click()
    expect(page).to_have_url(re.compile(r"/read-waiting/.*delivered-when=\d{4}-\d\d-\d\d$"))
    expect(page.locator(".wait strong")).to_have_text(re.compile(r"\d{1,2}.*\d\d:\d\d"))
    with page.expect_download() as started:
        page.locator(".wait a").click()
    event = Calendar.from_ical(started.value.path().read_bytes()).walk("VEVENT")[0]
    back = str(event["URL"]).removeprefix(settings.SITE_URL)
    assert page.url == site + back

    # The calendar rings: what was today then is weeks ago now.
    today = re.search(r"delivered-when=(.{10})", back)
    assert today
    page.goto(site + back.replace(today[1], "2026-01-02"))
    expect(page).to_have_url(re.compile("/seller/"))
    choose(page, "seller", "almendra")
    lateness = page.locator(".answers dd:not(.actions)").nth(4).inner_text()
    assert "2026 (" in lateness
    page.locator("main .outcome a.button").click()
    expect(page.locator("[name=detail-delivered-date]")).to_have_value("2026-01-02")
    assert lateness in page.locator("[name=tried]").input_value()
    fill_details(page, message="It was for her birthday.", email="ana@e.com")
    assert lateness in ContactRequest.objects.get(reference=send(page)).trail
    work()
    said = to_support(inbox)
    assert "It was for her birthday." in said and " ".join(lateness.split()) in said


def test_a_birthday_parcel_that_cannot_wait_is_handed_over_anyway(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/resolve/parcel-says-delivered/")
    page.locator("main a.button").click()
    choose(page, "destination", "other-place")
    choose(page, "ask-there", "not-solved")
    page.locator("label[for=day-yesterday]").click()
    page.locator("main form button[name=continue]").click()
    expect(page).to_have_url(re.compile("/read-waiting/"))
    page.locator("main .outcome a.button[href*='/contact/details/']").click()
    expect(page).to_have_url(re.compile("/contact/details/"))
    fill_details(page, message="The party is tomorrow.", email="ana@e.com")
    assert ContactRequest.objects.get(reference=send(page)).topic.key == "parcel-not-received"


def test_somebody_in_my_account_reaches_a_person_without_further_questions(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/resolve/someone-in-my-account/")
    page.locator("main a.button").click()
    choose(page, "can-you-sign-in", "locked-out")
    expect(page.locator("main .outcome.urgent ol li")).to_have_count(4)
    page.locator("main .outcome a.button").click()
    expect(page).to_have_url(re.compile(r"/contact/\?urgent=someone-in-my-account&"))
    expect(page.locator("main input[type=radio]")).to_have_count(0)
    page.locator("main .channels a.button").first.click()
    expect(page).to_have_url(re.compile("/contact/details/"))
    fill_details(page, message="My password no longer works.", email="eva@e.com")
    request = ContactRequest.objects.get(reference=send(page))
    assert request.topic.key == "account-safety"
    assert request.flow_title


def test_a_confusing_return_to_another_seller_from_search_to_a_mail(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    words = {"en": "problem with another seller", "es": "problema con otro vendedor"}[language]
    page.locator("main input[name=q]").fill(words)
    page.locator("main input[name=q]").press("Enter")
    page.locator("main .results a[href*='/resolve/return-to-another-seller/']").click()
    page.locator("main a.button").click()
    choose(page, "sold-by", "another")
    choose(page, "problem", "changed-my-mind")
    choose(page, "in-time", "not-sure")
    choose(page, "ask-for-return", "not-solved")
    choose(page, "written", "written")
    give_day(page, "written-when", date(2026, 1, 2))
    choose(page, "guarantee-time", "within")
    page.locator("main .outcome a.button").click()
    expect(page.locator("[name=detail-seller-contacted-date]")).to_have_value("2026-01-02")
    fill_details(page, message="They send me from one form to the next.", email="leo@e.com")
    remedy = {"en": "Take it up with the seller", "es": "Mediar con el vendedor"}[language]
    page.locator("main .radios label", has_text=remedy).click()
    reference = send(page)
    work()
    to_support = next(message for message in inbox.messages if "support" in message["To"])
    said = " ".join(to_support.get_body(("plain",)).get_content().split())
    for carried in (remedy, "They send me from one form to the next."):
        assert carried in said
    assert reference in to_support["Subject"]


def test_a_mystery_charge_is_a_subscription_and_asked_back(
    site: str, new_page: NewPage, inbox: Inbox, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    page.goto(f"{site}/{language}/")
    page.locator("main a[href$='/resolve/unrecognised-charge/']").click()
    page.locator("main a.button").click()
    choose(page, "account-safe", "only-the-charge")
    choose(page, "pending", "not-sure")
    choose(page, "bank-text", "plus")
    choose(page, "subscription", "fits")
    choose(page, "subscription-wish", "stop-and-refund")
    page.locator("main .outcome a.button").click()
    fill_details(page, message="The trial was an accident.", email="mia@e.com")
    request = ContactRequest.objects.get(reference=send(page))
    assert request.topic.key == "unrecognised-charge"
    assert "9,99 €" in str(request.details)
    work()
    assert "9,99 €" in to_support(inbox) and "The trial was an accident." in to_support(inbox)
