"""What is measured, and how: whole requests through all middleware, one after the other, after a warm-up."""

from __future__ import annotations

import platform
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from contact.models import ContactRequest, Delivery, DraftRequest
from helpcenter.content import import_folder
from search import worker

from . import corpus, graphs, mailservers

WARM_UP = 10
QUESTIONS = 3  # asked for each page that is read
SEND = "contact: send"
FLOW = "parcel-says-delivered"
WALKED = {"destination": "home", "address": "correct", "delivery-details": "not-solved", "neighbours": "could-not"}
TO_CONTACT = WALKED | {"delivered-when": "2026-01-02", "seller": "almendra"}
# Written out beforehand: what a hostile client spends on it is not ours.
HOSTILE = urlencode({f"p{number}": "x" * 8 for number in range(900)})


@dataclass(frozen=True)
class Line:
    """Milliseconds of equal requests, sorted."""

    name: str
    times: list[float]

    def at(self, share: float) -> float:
        return self.times[min(len(self.times) - 1, int(share * len(self.times)))]


def run(size: int, times: int) -> None:
    """The table of the pages is printed; the site is there afterwards, with its index."""
    prepared = timed(partial(prepare, size))
    indexed = timed(build_index)
    articles = addresses(size, times)
    asked = queries(QUESTIONS * times)
    category = "/en/categories/bench-{}/"
    lines = [
        measure("article page", articles),
        measure("flow step page", [(f"/en/resolve/{FLOW}/delivered-when/", WALKED)] * times),
        measure("flow step page, hostile address", [(f"/en/resolve/{FLOW}/destination/?{HOSTILE}", {})] * times),
        *(Line(name, taken) for name, taken in graphs.times().items()),
        measure("home", [("/en/", {})] * times),
        measure("category page", [(category.format(n % corpus.CATEGORIES + 1), {}) for n in range(times)]),
        measure("search", [("/en/search/", {"q": query}) for query in asked]),
        measure("suggestions", [("/en/search/suggestions/", {"q": query[:8]}) for query in asked]),
        *(send_while(state, server, times) for state, server in mailservers.STATES.items()),
    ]
    check_requests(times)
    report(size, lines, prepared, indexed)


def prepare(size: int) -> None:
    """Static files, the demo help center with its flows and topics, and that many generated articles."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    if mistakes := import_folder(settings.BASE_DIR / "fixtures" / "demo"):
        sys.exit("\n".join(map(str, mistakes)))
    corpus.make(size)


def build_index() -> None:
    """The indexes of all languages are built from nothing, as the worker does where there is none."""
    worker.compare(every=0)


def addresses(size: int, count: int) -> list[tuple[str, dict[str, str]]]:
    numbers = random.Random(corpus.SEED).choices(range(1, size + 1), k=count)
    return [(f"/en/articles/bench-{number}/", {}) for number in numbers]


def queries(count: int) -> list[str]:
    """One to three words of a title each, as somebody would type who half remembers it."""
    chance = random.Random(corpus.SEED)
    words = (title.split() for title in corpus.titles(count))
    return [" ".join(chance.sample(title, chance.randint(1, 3))) for title in words]


def measure(name: str, requests: Iterable[tuple[str, dict[str, str]]]) -> Line:
    client = visitor()
    requests = list(requests)
    for address, query in requests[:WARM_UP]:
        get(client, address, query)
    return Line(name, sorted(timed(partial(get, client, *request)) * 1000 for request in requests))


def visitor() -> Client:
    return Client(headers={"host": "localhost"})


def get(client: Client, address: str, query: dict[str, str]) -> None:
    response = client.get(address, query)
    if response.status_code != 200:
        sys.exit(f"{address} {query} answered {response.status_code}; the bench expects a page.")


def send_one(number: int) -> float:
    """Milliseconds that the last button of a contact request takes; the pages before it are not counted."""
    client = visitor()
    client.get("/en/contact/details/", {"flow": FLOW, **TO_CONTACT})
    draft = DraftRequest.objects.latest("created_at")
    typed = {f"detail-{detail.key}": "2026-01-02" for detail in draft.topic.details.all()}
    typed |= {
        "detail-order-number": "123-4567890",
        "topic": draft.topic.key,
        "message": f"It never came ({number}).",
        "email": f"ana{number}@example.org",
    }
    client.post("/en/contact/details/", typed)
    draft.refresh_from_db()
    shown = {"draft": draft.token, "shown": draft.digest}
    return timed(partial(client.post, "/en/contact/check/", shown)) * 1000


def send_while(state: str, server: Callable[[], AbstractContextManager[int]], times: int) -> Line:
    """Requests are sent one after the other while the worker beside us hands their mails to such a mail server."""
    with server() as port, mailservers.worker(port):
        return Line(f"{SEND} (mail server {state})", sorted(send_one(number) for number in range(times)))


def check_requests(times: int) -> None:
    """What was measured was sending: every request is stored with its mails."""
    expected = times * len(mailservers.STATES)
    stored, mails = ContactRequest.objects.count(), Delivery.objects.count()
    if (stored, mails) != (expected, 2 * expected):
        sys.exit(f"{expected} requests were sent, but {stored} are stored, with {mails} mails.")


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def report(size: int, lines: list[Line], prepared: float, indexed: float) -> None:
    article = lines[0].at(0.5)
    print(
        f"\n{size} articles, median {corpus.USUAL_LENGTH} words, in {corpus.CATEGORIES} categories, and the demo"
    )
    print(f"Python {platform.python_version()}, Django {version('django')}, SQLite {sqlite3.sqlite_version}\n")
    print(f"{'':36}{'p50 ms':>9}{'p95 ms':>9}{'× article':>11}{'requests':>10}")
    for line in lines:
        ratio = line.at(0.5) / article
        print(f"{line.name:36}{line.at(0.5):9.1f}{line.at(0.95):9.1f}{ratio:11.2f}{len(line.times):10}")
    up, *others = [line for line in lines if line.name.startswith(SEND)]
    for line in others:
        print(f"{line.name:36}p95 × {line.at(0.95) / up.at(0.95):.2f} of that with the mail server up")
    print(f"\n{'making the corpus':36}{prepared:9.1f} s\n{'building the index from nothing':36}{indexed:9.1f} s\n")
