"""The pages that `benchmarks.audit` looks at, as the site sends them: every kind, in every language.

The addresses are those of the browser tests that axe runs on, so that a page added there is audited too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from articles.brand import Brand, forget
from articles.models import ServiceNotice, Translation
from contact import callback, notifications
from contact.models import ContactRequest, Delivery, DraftRequest
from tests.browser.test_accessibility import ADDRESSES, ARTICLE, FOREIGN, MISSPELT, PICTURED, WALKED
from tests.contact.customer import hidden
from tests.factories import both

Page = tuple[str, str]  # where it is, and its HTML
FLOW = "parcel-says-delivered"
DETAILS = f"/contact/details/?flow={FLOW}&{WALKED}&seller=almendra"
FRAGMENTS = ("/search/suggestions/?q=parcel", "/search/suggestions/?q=zzzzzz")
MORE = ("/search/?q=a&page=2", "/search/?q=parcel&category=orders-and-delivery", "/contact/", "/contact/solved/")


def customer_pages(language: str) -> Iterator[Page]:
    """Every kind of page that a customer comes to, with its errors; requests are sent on the way."""
    given = {"article": ARTICLE[language], "other": ARTICLE["en"], "walked": WALKED}
    given |= {"misspelt": MISSPELT[language], "foreign": FOREIGN[language], "pictured": PICTURED[language]}
    client = Client()
    for address in (*ADDRESSES, *MORE, *FRAGMENTS):
        yield got(client, f"/{language}{address}".format(**given))
    yield from _voted(client, f"/{language}/articles/{given['article']}/")
    yield from _handed_off(language)
    yield from _errors(language)


def all_pages() -> Iterator[Page]:
    """Those of a customer in every language, and every text that is published."""
    for language, _name in settings.LANGUAGES:
        yield from customer_pages(language)
        yield from _decked_out(language)
    client = Client()
    for translation in Translation.objects.published():
        yield got(client, translation.get_absolute_url())


def _decked_out(language: str) -> Iterator[Page]:
    """With a brand that gives everything, and with two service notices; without them afterwards."""
    links = [{"label": dict.fromkeys(("en", "es"), "Shop"), "address": "https://shop.example/"}]
    reached = {"phone": "+34 910 00 00 00", "postal_address": "A street\nA town", "support_email": "a@b.example"}
    Brand(accent="#0a5a4a", footer_links=links, **reached).save()
    notices = [ServiceNotice.objects.create(message=both(f"Notice {number}")) for number in (1, 2)]
    address, page = got(Client(), f"/{language}/")
    yield f"{address}, with a brand and notices", page
    for row in (*notices, *Brand.objects.all()):
        row.delete()
    forget()


def measured(language: str) -> dict[str, tuple[str, bool]]:
    """By its name, the address of each page that Lighthouse sees, and whether search engines may."""
    step = "destination=home&address=correct&delivery-details=not-solved"
    request = send_request(Client(), language).get_absolute_url()
    pages = {
        "home": ("/", True),
        "category": ("/categories/orders-and-delivery/", True),
        "article": (f"/articles/{ARTICLE[language]}/", True),
        "article, picture": (f"/articles/{PICTURED[language]}/", True),
        "search": ("/search/?q=" + {"en": "parcel", "es": "paquete"}[language], False),
        "flow start": (f"/resolve/{FLOW}/", True),
        "flow question": (f"/resolve/{FLOW}/destination/", False),
        "flow, try": (f"/resolve/{FLOW}/neighbours/?{step}", False),
        "contact": ("/contact/", False),
        "details": (DETAILS, False),
        "request": (request.removeprefix(f"/{language}"), False),
    }
    return {name: (f"/{language}{address}", is_seen) for name, (address, is_seen) in pages.items()}


def mails() -> Iterator[Page]:
    """The HTML of every mail that waits in the outbox, or is about to."""
    notifications.hand_over()
    for delivery in Delivery.objects.exclude(html=""):
        yield f"mail {delivery.pk}: {delivery.subject}", delivery.html


def send_request(client: Client, language: str) -> ContactRequest:
    """Sent through the pages, as a customer would who comes from a flow."""
    for _page in _begun(client, language):
        pass
    _sent(client, language, "sent")
    return ContactRequest.objects.latest("created_at")


def got(client: Client, address: str) -> Page:
    return address, client.get(address, follow=True).content.decode()


def posted(client: Client, address: str, data: dict[str, Any], named: str) -> Page:
    response = client.post(address, data, follow=True)
    return f"{address}, {named} ({response.status_code})", response.content.decode()


def _voted(client: Client, article: str) -> Iterator[Page]:
    """After No; the script of the article puts a part of this page into it."""
    no = {"revision": client.get(article).context["revision_number"], "helpful": "no"}
    yield posted(client, f"{article}vote/", no, "No")


def _begun(client: Client, language: str) -> Iterator[Page]:
    """From the details, as a flow hands them off, to the check page."""
    details = f"/{language}/contact/details/"
    yield got(client, f"/{language}{DETAILS}")
    draft = DraftRequest.objects.latest("created_at")
    written = {"draft": draft.token, "message": "My parcel is lost, refund it"}
    yield posted(client, f"/{language}/contact/suggestions/", written, "written")
    yield posted(client, details, {"topic": draft.topic.key}, "nothing filled in")
    yield posted(client, details, _typed(draft, "It never came. My password is hunter2."), "filled in")


def _typed(draft: DraftRequest, message: str) -> dict[str, str]:
    asked = {f"detail-{detail.key}": "2026-01-02" for detail in draft.topic.details.all()}
    asked["detail-order-number"] = "123-4567890"
    return asked | {"topic": draft.topic.key, "message": message, "email": "ana@example.org", "name": "Ana"}


def _sent(client: Client, language: str, named: str) -> Page:
    check = f"/{language}/contact/check/"
    return posted(client, check, hidden(client.get(check)), named)


def _handed_off(language: str) -> Iterator[Page]:
    """Sent, with a call that is asked for and then moved; sent again with changes, and then once more anew."""
    client, call = Client(), f"/{language}/contact/callback/"
    yield from _begun(client, language)
    yield posted(client, call, {"number": "12"}, "with a wrong number")
    first, second = (start.isoformat() for start, _end in callback.windows()[:2])
    asked = {"number": "612 34 56 78", "window": first, "language": language}
    yield posted(client, call, asked, "asked for")
    yield _sent(client, language, "sent")
    draft, request = DraftRequest.objects.latest("created_at"), ContactRequest.objects.latest("created_at")
    sent = request.get_absolute_url()
    yield got(client, f"{sent}callback/")
    yield posted(client, f"{sent}callback/", asked | {"window": second}, "moved")
    yield posted(client, f"/{language}/contact/details/", _typed(draft, "And again."), "changed after sending")
    yield _sent(client, language, "sent again")
    yield from _states(client, request)
    with zipfile.ZipFile(io.BytesIO(client.get(f"{sent}record.zip").content)) as record:
        for name in record.namelist():
            if name.endswith(".html"):
                yield f"{name} of the record", record.read(name).decode()
    yield from _begun(client, language)  # the one before is shown beside it


def _states(client: Client, request: ContactRequest) -> Iterator[Page]:
    """The page of a request whose answer is late, and of one that has been answered."""
    rows, before = ContactRequest.objects.filter(pk=request.pk), timezone.now() - timedelta(days=9)
    for name, fields in (("late", {"promise": before.date()}), ("answered", {"answered_at": before})):
        rows.update(**fields)
        address, page = got(client, request.get_absolute_url())
        yield f"{address}, {name}", page


def _errors(language: str) -> Iterator[Page]:
    """Each by what really brings it about."""
    home, details = f"/{language}/", f"/{language}/contact/details/"
    calm = Client(raise_request_exception=False)
    article = f"/{language}/articles/{ARTICLE[language]}/"
    yield "400", calm.post(f"{article}vote/", {"helpful": "perhaps"}).content.decode()
    strict = Client(enforce_csrf_checks=True)
    yield "403", strict.post(f"/{language}/contact/discard/").content.decode()
    for page in ("", "details/", "check/"):
        yield f"403 {page}", strict.post(f"/{language}/contact/{page}").content.decode()
    yield "404", calm.get(f"/{language}/nothing-here/").content.decode()
    too_much = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    yield "413", calm.post(details, {"message": too_much}).content.decode()
    for name, error in (("500", RuntimeError), ("503", OperationalError)):
        with connection.execute_wrapper(_failing(error)):
            yield name, calm.get(home).content.decode()


def _failing(error: type[Exception]) -> Any:
    def fail(*_arguments: object) -> None:
        raise error("by the audit")

    return fail
