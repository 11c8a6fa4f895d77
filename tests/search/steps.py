"""What the tests of search do again and again."""

from __future__ import annotations

import threading
from html.parser import HTMLParser
from pathlib import Path

import haystack
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from search import worker


def fresh_index(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No index yet, in a folder of the test's own; workers have done nothing so far."""
    for language, alias in settings.SEARCH_ALIASES.items():
        monkeypatch.setitem(settings.HAYSTACK_CONNECTIONS[alias], "PATH", str(place / "index" / language))
    monkeypatch.setattr(haystack.connections, "thread_local", threading.local())
    worker._compared_at.clear()
    worker._rests_until.clear()
    cache.clear()  # what was logged once


def run_worker() -> None:
    """One round of the worker whose minute is over."""
    worker.apply_changes()
    worker.compare(every=0)


def folder(language: str = "en") -> Path:
    return Path(settings.HAYSTACK_CONNECTIONS[settings.SEARCH_ALIASES[language]]["PATH"])


def page(question: str, language: str = "en", **parameters: object) -> str:
    """The HTML of the results page; it is always a 200."""
    response = Client().get(f"/{language}/search/", {"q": question} | parameters)
    assert response.status_code == 200
    return response.content.decode()


def titles(question: str, language: str = "en", **parameters: object) -> list[str]:
    """The titles on the results page, in their order."""
    return _Links(page(question, language, **parameters), "result").found


def suggestions(question: str, language: str = "en") -> list[str]:
    response = Client().get(f"/{language}/search/suggestions/", {"q": question})
    assert response.status_code == 200
    return _Links(response.content.decode()).found


class _Links(HTMLParser):
    """The texts of the links; only those in headings of items with the class, if one is given."""

    def __init__(self, html: str, item_class: str = "") -> None:
        super().__init__()
        self.item_class, self.found = item_class, []
        self._in_item, self._in_heading, self._in_link, self._skips = not item_class, not item_class, False, False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "li" and self.item_class:
            self._in_item = dict(attributes).get("class") == self.item_class
        elif tag == "h2" and self.item_class:
            self._in_heading = True
        elif tag == "span":
            self._skips = True
        elif tag == "a" and self._in_item and self._in_heading:
            self._in_link = True
            self.found.append("")

    def handle_endtag(self, tag):
        if tag == "a":
            self._in_link = False
        elif tag == "h2" and self.item_class:
            self._in_heading = False
        elif tag == "span":
            self._skips = False

    def handle_data(self, data):
        if self._in_link and not self._skips:
            self.found[-1] += data.strip()
