"""Every topic that the demo's guides hand over to comes to a receipt, whatever goes wrong on the way."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from contact.models import ContactRequest
from flows.graph import Outcome
from flows.models import FlowCase, Topic
from tests.browser.conftest import NewPage
from tests.browser.test_customer_journeys import REFERENCE, fill_details, send
from tests.browser.test_files import PASTE, encoded, payload
from tests.contact.uploads import SVG, photo_with_place, picture, storage_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("has_scripts", [True, False], ids=["js", "no-js"]),
    pytest.mark.parametrize("language", ["en", "es"]),
]
EXPIRED = {"en": "had been open for too long", "es": "llevaba demasiado tiempo abierta"}
TEXT = "It came broken.\nEl niño cumple años."


def outcomes() -> dict[str, str]:
    """For each topic the address, below the language, of an outcome that hands over to it and is no urgent one."""
    found: dict[str, str] = {}
    for case in FlowCase.objects.filter(day=None).select_related("flow__published_version"):
        step = case.flow.published_version.graph().steps[case.reaches]
        if step.outcome == Outcome.CONTACT and not step.is_urgent and step.topic:
            place = f"/resolve/{case.flow.slug}/{case.reaches}/?{urlencode(case.responses)}"
            found.setdefault(step.topic, place)
    return found


def test_each_topic_of_a_guide_comes_to_a_receipt(
    site: str, new_page: NewPage, language: str, has_scripts: bool
) -> None:
    page = new_page(java_script_enabled=has_scripts)
    handed_over = outcomes()
    assert len(handed_over) >= 10
    for key, place in handed_over.items():
        page.context.clear_cookies()
        page.goto(f"{site}/{language}{place}")
        page.locator("main .outcome a.button").last.click()
        expect(page).to_have_url(re.compile(f"/{language}/contact/details/"))
        choose_and_fill(page)
        request = ContactRequest.objects.get(reference=send(page))
        assert (request.topic.key, request.language) == (key, language)
        with translation.override(language):
            assert str(Topic.objects.get(key=key).name) in page.locator("main").inner_text()
        assert request.trail and (request.worded or request.message)


def choose_and_fill(page: Page) -> None:
    """Something in everything that is asked for, the first choice of each list and the first remedy."""
    for choice in page.locator("main select[name^=detail-]").all():
        choice.select_option(index=1)
    for group in page.locator("main fieldset:has(input[type=radio][name^=detail-]) label").all()[:1]:
        group.click()
    fill_details(page, message=TEXT, email="ana@e.com")
    if page.locator("main .radios label").count():
        page.locator("main .radios label").first.click()
    if page.locator("#id_files").count() and page.locator("[data-upload] .attached").count() == 0:
        page.set_input_files("#id_files", payload("photo.jpg", picture()))


def test_what_goes_wrong_on_the_way_loses_nothing(
    site: str, new_page: NewPage, language: str, has_scripts: bool, tmp_path
) -> None:
    with storage_in(tmp_path):
        page = new_page(java_script_enabled=has_scripts)
        page.goto(f"{site}/{language}/contact/")
        page.locator("label[for=topic-damaged-or-wrong-item]").click()
        press_continue(page)
        expect(page).to_have_url(re.compile("/contact/details/"))
        add_a_wrong_file(page, has_scripts)
        expect(page.locator(".error-message").first).to_contain_text("wrong.png")
        expect(page.locator(".attached li")).to_have_count(2 if has_scripts else 1)
        fill_details(page, message=TEXT, email="ana@e.com")
        press_continue(page)
        expect(page).to_have_url(re.compile("/contact/check/"))
        page.go_back()
        expect(page.locator("[name=message]")).to_have_value(TEXT)

        page.locator("[name=message]").fill(f"{TEXT} Twice.")
        expire(page, "x")
        press_continue(page)
        expect(page.locator("main [role=alert]").first).to_contain_text(EXPIRED[language])
        expect(page.locator("[name=message]")).to_have_value(f"{TEXT} Twice.")
        expect(page.locator(".attached li")).to_have_count(2 if has_scripts else 1)
        press_continue(page)
        expect(page).to_have_url(re.compile("/contact/check/"))

        page.locator(".summary .actions a[href$='#id_email']").click()
        expect(page).to_have_url(re.compile("/contact/details/#id_email"))
        page.locator("[name=email]").fill("eva@e.com")
        press_continue(page)
        expect(page).to_have_url(re.compile("/contact/check/"))
        expect(page.locator(".summary")).to_contain_text("eva@e.com")

        expire(page, "y")
        page.locator("main form button.button").last.click()
        expect(page.locator("main [role=alert]").first).to_contain_text(EXPIRED[language])
        page.locator("main form button.button").last.click()
        expect(page).to_have_url(re.compile("/contact/requests/"))
        found = REFERENCE.search(page.locator("main").inner_text())
        assert found
        request = ContactRequest.objects.get(reference=found[0])
        assert (request.email, request.message) == ("eva@e.com", f"{TEXT} Twice.")
        assert len(request.files) == (2 if has_scripts else 1)


def add_a_wrong_file(page: Page, has_scripts: bool) -> None:
    """A photo that is taken, a picture that is none and is refused; with a script a pasted screenshot too."""
    if has_scripts:
        expect(page.locator("button[name=upload]")).to_be_hidden()  # the script has the page
        page.evaluate(PASTE, [encoded(picture()), ""])
        expect(page.locator(".attached li")).to_have_count(1)
    page.set_input_files("#id_files", [payload("damage.jpg", photo_with_place()), payload("wrong.png", SVG)])
    if not has_scripts:
        page.locator("button[name=upload]").click()


def expire(page: Page, other: str) -> None:
    """As after days in an open tab: the token in the form is no longer the browser's."""
    cookies = page.context.cookies()
    page.context.add_cookies(
        [cookie | {"value": other * 32} for cookie in cookies if cookie["name"] == "csrftoken"]
    )


def press_continue(page: Page) -> None:
    page.locator("main form button.button:not([name])").last.click()
