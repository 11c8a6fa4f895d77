"""P1 in a real browser: what was typed is in no address, cookie, referrer or log, whatever goes wrong.

The other pages and errors: tests/contact/test_privacy.py and tests/helpcenter/test_logs.py.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, Request, Route, expect

from contact import sending
from contact.models import ContactRequest, Delivery
from contact.outbox import deliver_due
from helpcenter.logs import PrivateFormatter
from tests.browser.conftest import NewPage
from tests.browser.test_accessibility import WALKED
from tests.contact.customer import a_request
from tests.contact.smtp import Inbox, mail_server

pytestmark = pytest.mark.browser

CANARY, SEARCHED = "kanarienvogel", "papageientaucher"
FLOW = f"/en/contact/details/?flow=parcel-says-delivered&{WALKED}&seller=almendra"


class Elsewhere(ThreadingHTTPServer):
    """Another site, which notes all that a browser tells it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.heard: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_address[1]}/"


class Listener(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        if self.path == "/":  # not its icon, which the browser asks for on its own account
            self.server.heard.append(str(self.headers))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def follow_a_link_to(page: Page, address: str) -> None:
    """As somebody does who finds one on the page."""
    page.evaluate("address => { location.href = address; }", address)
    page.wait_for_url(address)
    page.go_back()


def fill_in(page: Page) -> None:
    for field in page.locator("main form[data-save]").locator("input:not([type=hidden]), textarea").all():
        name = field.get_attribute("name")
        if field.get_attribute("type") not in ("radio", "date", "file") and name not in ("email", "subject"):
            field.fill(f"{CANARY} {name}")
    content = {"name": f"{CANARY}.txt", "mimeType": "text/plain", "buffer": CANARY.encode()}
    page.set_input_files("#id_files", content)
    expect(page.locator(".attached li")).to_have_count(1)
    page.locator("main [name=email]").fill(f"{CANARY}@")


def search(page: Page, site: str, elsewhere: Elsewhere) -> None:
    page.goto(f"{site}/en/")
    page.locator("main input[name=q]").fill(SEARCHED)
    page.locator("main input[name=q]").press("Enter")
    page.wait_for_url("**/search/**")
    follow_a_link_to(page, elsewhere.address)


def journey(page: Page, site: str, elsewhere: Elsewhere) -> None:
    """Search, an error in the form, a 500 while sending, and the receipt, each left for another site and back."""
    search(page, site, elsewhere)
    page.goto(f"{site}{FLOW}")
    fill_in(page)
    page.locator("main form button.button").click()
    expect(page.locator(".error-summary")).to_be_visible()
    with page.expect_response("**/contact/save/"):
        page.locator("main [name=email]").fill(f"{CANARY}@example.org")
    page.locator("main form button.button").click()
    page.wait_for_url("**/contact/check/")
    with patch.object(sending, "send", side_effect=ValueError(CANARY)):
        page.locator("main form button.button").last.click()
        expect(page.locator("main h1")).not_to_have_text("Check your request")
    follow_a_link_to(page, elsewhere.address)
    page.goto(f"{site}/en/contact/check/")
    page.locator("main form button.button").last.click()
    page.wait_for_url("**/contact/requests/**")
    follow_a_link_to(page, elsewhere.address)
    page.get_by_role("link", name="Back to the help center").click()


def secret_of(sent: ContactRequest) -> str:
    return sent.get_absolute_url().rstrip("/").rpartition("/")[2]


def test_nothing_typed_is_in_an_address_a_cookie_a_referrer_or_a_log(
    site: str, new_page: NewPage, elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    page = new_page(may_complain=True)
    requests: list[Request] = []
    page.context.on("request", lambda request: requests.append(request))
    journey(page, site, elsewhere)
    with mail_server(Inbox(lambda address: f"550 {address} is unknown")):
        deliver_due()
        deliver_due()
    sent = ContactRequest.objects.get()
    assert CANARY in sent.message and CANARY in sent.email
    assert {delivery.state.value for delivery in Delivery.objects.all()} == {"failed"}
    for request in requests:
        headers = request.all_headers()
        told = [request.url, headers.get("referer", ""), headers.get("cookie", "")]
        assert not any(CANARY in text for text in told), told
        assert SEARCHED not in headers.get("cookie", "")
    assert any("referer" in request.all_headers() for request in requests)
    assert len(elsewhere.heard) == 3
    for heard in elsewhere.heard:
        assert "referer" not in heard.lower()
    logged = [PrivateFormatter().format(record) for record in caplog.records if record.name != "mail.log"]
    assert any("ValueError" in line for line in logged)
    assert not [line for line in logged if CANARY in line or SEARCHED in line or secret_of(sent) in line]


def tell_all(route: Route) -> None:
    """The site's own answer with another policy."""
    answer = route.fetch(max_redirects=0)
    route.fulfill(response=answer, headers=answer.headers | {"referrer-policy": "unsafe-url"})


def test_with_another_policy_the_other_site_would_hear_of_it(
    site: str, new_page: NewPage, elsewhere: Elsewhere
) -> None:
    page = new_page(may_complain=True)
    page.context.route(f"{site}/**", tell_all)
    search(page, site, elsewhere)
    sent = a_request()
    page.goto(f"{site}{sent.get_absolute_url()}")
    follow_a_link_to(page, elsewhere.address)
    heard = "".join(elsewhere.heard)
    assert f"?q={SEARCHED}" in heard
    assert secret_of(sent) in heard
