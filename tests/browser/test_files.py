"""Files on a request in a real browser: picked, pasted, dropped, wrong, removed, sent; and never run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import FilePayload, Page, expect

from contact.attachment import Attachment, path_of
from contact.models import ContactRequest, DraftRequest
from contact.storage import attachments
from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import problems
from tests.browser.test_customer_journeys import fill_details, send
from tests.contact.uploads import HTML, SVG, pdf, photo_with_place, picture, storage_in
from tests.factories import make_staff

pytestmark = pytest.mark.browser
TOPIC = "damaged-or-wrong-item"
PASTE = """async ([encoded, text]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  if (text) data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  (text ? document.querySelector("main [name=message]") : document.body).dispatchEvent(event);
}"""
DROP = """([encoded, name]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"])
    document.querySelector("main h1").dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(autouse=True)
def own_storage(tmp_path: Path) -> Iterator[None]:
    with storage_in(tmp_path):
        yield


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def begin(page: Page, site: str, language: str) -> None:
    page.goto(f"{site}/{language}/contact/")
    page.locator(f"label[for=topic-{TOPIC}]").click()
    page.locator("main form button.button").last.click()
    page.wait_for_url("**/contact/details/")


def attached(page: Page) -> list[str]:
    return [button.get_attribute("value") or "" for button in page.locator("button[name=remove]").all()]


def test_a_photo_a_screenshot_and_a_wrong_file_with_a_script(site: str, new_page: NewPage) -> None:
    page = new_page()
    begin(page, site, "es")
    fieldset = page.locator("[data-upload]")
    status = fieldset.locator("[data-status]")
    expect(page.get_by_role("button", name="Subir")).to_be_hidden()
    page.locator("main [name=message]").fill("Ha llegado roto.")

    letter = payload("carta.docm", b"PK\x03\x04xx")
    page.set_input_files("#id_files", [payload("daño.jpg", photo_with_place()), letter])
    expect(fieldset.locator(".error-message")).to_contain_text("«carta.docm»")
    expect(fieldset.locator(".attached li")).to_have_count(1)
    expect(status).to_contain_text("«carta.docm»")
    expect(page.locator("#id_files")).to_have_value("")

    page.evaluate(PASTE, [encoded(picture()), ""])
    expect(status).to_have_text("«Captura de pantalla.png» está adjunto.")
    expect(fieldset.locator(".error-message")).to_have_count(0)
    page.evaluate(PASTE, [encoded(picture(size=(9, 9))), ""])
    expect(fieldset.locator(".attached li")).to_have_count(3)
    expect(fieldset.locator(".attached")).to_contain_text("Captura de pantalla 2.png")
    page.evaluate(PASTE, [encoded(picture(size=(8, 8))), "a table"])  # into the field goes the text alone
    page.evaluate(DROP, [encoded(pdf()), "factura.pdf"])
    expect(status).to_have_text("«factura.pdf» está adjunto.")
    expect(fieldset.locator(".attached li")).to_have_count(4)

    fieldset.get_by_role("button", name=re.compile("Quitar.*factura.pdf")).click()
    expect(status).to_have_text("Has quitado «factura.pdf».")
    expect(page.locator("#id_files")).to_be_focused()
    expect(page.locator("main [name=message]")).to_have_value("Ha llegado roto.")

    page.reload()
    expect(fieldset.locator(".attached li")).to_have_count(3)
    fill_details(page, message="Ha llegado roto.", email="ana@e.com")
    page.locator("main form button.button:not([name])").last.click()
    page.wait_for_url("**/contact/check/")
    expect(page.locator("main .files li")).to_have_count(3)
    page.go_back()
    expect(fieldset.locator(".attached li")).to_have_count(3)
    request = ContactRequest.objects.get(reference=send(page))
    assert [each.name for each in request.files] == [
        "daño.jpg",
        "Captura de pantalla.png",
        "Captura de pantalla 2.png",
    ]
    expect(page.locator("main .files li a")).to_have_count(3)


def test_a_file_is_picked_uploaded_and_removed_without_a_script(site: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    begin(page, site, "en")
    page.locator("main [name=message]").fill("It came broken.")
    page.set_input_files("#id_files", [payload("damage.jpg", photo_with_place()), payload("odd.png", SVG)])
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/contact/details/#id_files")
    expect(page.locator(".error-summary")).to_contain_text("“odd.png” is of a kind that we cannot take.")
    expect(page.locator(".attached li")).to_have_count(1)
    expect(page.locator("main [name=message]")).to_have_value("It came broken.")

    page.set_input_files("#id_files", payload("bill.pdf", pdf()))
    page.locator("main form button.button:not([name])").last.click()  # Continue takes files, too
    page.wait_for_url("**/contact/details/?check=1")
    expect(page.locator(".attached li")).to_have_count(2)
    page.get_by_role("button", name=re.compile("Remove.*bill.pdf")).click()
    page.wait_for_url("**/contact/details/#id_files")
    expect(page.locator(".attached li")).to_have_count(1)
    fill_details(page, email="ana@e.com")
    assert [each.name for each in ContactRequest.objects.get(reference=send(page)).files] == ["damage.jpg"]


def test_continue_waits_for_what_is_on_its_way(site: str, new_page: NewPage) -> None:
    page = new_page()
    begin(page, site, "en")
    fill_details(page, message="It came broken.", email="ana@e.com")
    page.route("**/contact/files/", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.set_input_files("#id_files", payload("damage.jpg", photo_with_place()))
    page.locator("main form button.button:not([name])").last.click()
    page.wait_for_url("**/contact/check/")
    expect(page.locator("main .files li")).to_have_text(re.compile("damage.jpg"))


def test_what_does_not_arrive_is_said_and_the_page_stays(site: str, new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    begin(page, site, "en")
    page.route("**/contact/files/", lambda route: route.abort())
    page.set_input_files("#id_files", payload("damage.jpg", photo_with_place()))
    expect(page.locator("[data-status]")).to_have_text("“damage.jpg” has not arrived. Please choose it again.")
    page.unroute("**/contact/files/")
    page.set_input_files("#id_files", payload("damage.jpg", photo_with_place()))
    expect(page.locator("[data-status]")).to_have_text("“damage.jpg” is attached.")
    expect(page.locator(".error-message")).to_have_count(0)


def test_what_is_too_large_is_not_even_sent(site: str, new_page: NewPage) -> None:
    page = new_page()
    begin(page, site, "en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_input_files("#id_files", payload("$&film.txt", b"x" * (10 * 1024 * 1024 + 1)))
    expect(page.locator(".error-message")).to_contain_text("“$&film.txt” is larger than 10\xa0MB.")
    assert not [address for address in asked if "/contact/files/" in address]


def test_keyboard_and_axe(site: str, new_page: NewPage) -> None:
    """With files, with an error, on the check page, on the receipt, and at the desk."""
    page = new_page(may_complain=True, reduced_motion="reduce")
    begin(page, site, "es")
    page.set_input_files("#id_files", [payload("foto.jpg", photo_with_place()), payload("a.svg", SVG)])
    expect(page.locator(".error-message")).to_be_visible()
    found = problems(page)
    page.locator("button[name=remove]").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#id_files")).to_be_focused()
    fill_details(page, message="Roto.", email="ana@e.com")
    page.locator("main form button.button:not([name])").last.click()
    page.wait_for_url("**/contact/check/")
    found += problems(page)
    page.locator("main form button.button").last.click()
    page.wait_for_url("**/contact/requests/**")
    found += problems(page)
    make_staff("agent", "agent")
    page.goto(f"{site}/admin/")
    page.locator("#id_username").fill("agent")
    page.locator("#id_password").fill("password")
    page.locator("input[type=submit]").click()
    page.wait_for_url(f"{site}/admin/")
    page.goto(f"{site}/admin/contact/contactrequest/{ContactRequest.objects.get().pk}/change/")
    shown = page.locator("ul.files img")
    expect(shown).to_be_visible()
    shown.evaluate("image => image.decode()")  # rejected where it is no picture
    found += [problem for problem in problems(page) if "empty-table-header" not in problem]  # Django's own
    assert found == []


def planted(kind: str, content: bytes) -> Attachment:
    """As if a hole in our copies had let it through: it lies in the storage as it is."""
    sha256 = hashlib.sha256(content).hexdigest()
    attachments().save(path_of(sha256), ContentFile(content))
    draft = DraftRequest.objects.get()
    return Attachment.objects.create(draft=draft, name="x.html", kind=kind, size=len(content), sha256=sha256)


def test_a_stored_file_is_never_run(site: str, new_page: NewPage) -> None:
    """U2: even what should never have been stored is saved by the browser, not opened."""
    page = new_page(may_complain=True)
    begin(page, site, "en")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.context.expose_function("hit", lambda: said.append("executed"))
    for kind, content in (("text/plain", HTML), ("image/jpeg", HTML), ("image/png", SVG), ("text/html", HTML)):
        file = planted(kind, content)
        place = f"{site}/en/contact/files/{file.pk}/"
        with page.expect_download() as started:
            page.evaluate("place => { location.href = place }", place)
        assert started.value.path().read_bytes() == content
        assert "/contact/details/" in page.url
        page.evaluate(
            """place => {
              for (const [tag, name] of [["iframe", "src"], ["object", "data"], ["script", "src"], ["img", "src"]])
                document.body.append(Object.assign(document.createElement(tag), { [name]: place }));
            }""",
            place,
        )
        page.wait_for_timeout(200)
        file.delete()
    assert "executed" not in said


def test_the_control_is_run(new_page: NewPage) -> None:
    page = new_page(may_complain=True)
    said: list[str] = []
    page.context.expose_function("hit", lambda: said.append("executed"))
    page.context.route("**/control", lambda route: route.fulfill(content_type="text/html", body=HTML.decode()))
    page.goto("http://control.test/control")
    page.wait_for_timeout(200)
    assert said == ["executed"]
