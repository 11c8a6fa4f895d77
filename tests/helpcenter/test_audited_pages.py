"""The pages of `make audit`, as far as Python alone can tell: what they weigh at the first view, packed and
without pictures, and whether what names another part of the page finds it."""

from __future__ import annotations

import gzip
import re
from math import inf
from pathlib import Path

import pytest
from django.test import Client, TestCase

from benchmarks import auditdesk, auditpages
from benchmarks.audit import MOST, MOST_OF_ALL, missed
from benchmarks.node import Finding, Report
from tests.search.steps import fresh_index, run_worker
from tests.snapshot import import_demo

pytestmark = pytest.mark.any_database

LINKED = {
    "stylesheet": re.compile(r'<link rel="stylesheet" href="([^"]+)"'),
    "script": re.compile(r'<script src="([^"]+)"'),
}

NAMED = re.compile(r'\s(?:for|form|list|aria-(?:labelledby|describedby|controls|owns))="([^"]*)"')
ID = re.compile(r'\sid="([^"]*)"')


def dangling(html: str) -> set[str]:
    """Names of parts that are not on the page, or that two parts have."""
    ids = ID.findall(html)
    twice = {name for name in ids if ids.count(name) > 1}
    return {name for names in NAMED.findall(html) for name in names.split() or [""]} - set(ids) | twice


def packed(content: bytes) -> float:
    """In kilobytes."""
    return len(gzip.compress(content, 6)) / 1000


def weigh(client: Client, address: str) -> dict[str, float]:
    """By kind, the kilobytes of the page and of what it links to."""
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    html = page.content.decode()
    weights = {"document": packed(page.content)}
    for kind, link in LINKED.items():
        weights[kind] = sum(packed(client.get(file).getvalue()) for file in link.findall(html))
    return weights


def too_heavy(weights: dict[str, float]) -> list[str]:
    over = [f"{kind} {weights[kind]:.1f} kB" for kind, most in MOST.items() if weights[kind] > most]
    return over + ([f"{total:.1f} kB"] if (total := sum(weights.values())) > MOST_OF_ALL else [])


@pytest.fixture(autouse=True)
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh_index(tmp_path, monkeypatch)


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        import_demo()

    def test_every_kind_of_page_keeps_to_the_budget(self) -> None:
        run_worker()
        pages = [page for language in ("en", "es") for page in auditpages.measured(language).items()]
        for name, (address, _is_indexable) in pages:
            with self.subTest(name, address=address):
                weights = weigh(Client(), address)
                assert weights["stylesheet"] > 1 and weights["script"] > 0  # they were found
                assert too_heavy(weights) == []

    def test_the_audit_comes_to_every_kind_of_page(self) -> None:
        """`make audit` itself would not notice that it looks at another page than it says."""
        pages = dict(auditpages.customer_pages("en"))
        assert {name: found for name, page in pages.items() if (found := dangling(page))} == {}
        for name in ("400", "403", "404", "413", "500", "503"):
            assert 'id="error-search"' in pages[name], name
        for name, said in (
            ("/en/contact/details/, nothing filled in (200)", "There is a problem"),
            ("/en/contact/details/, filled in (200)", "Check your request"),
            ("/en/contact/callback/, with a wrong number (200)", "There is a problem"),
            ("/en/contact/check/, sent (200)", "We have your request"),
            ("/en/contact/check/, sent again (200)", "What you sent again"),
            ("request.html of the record", "What was sent"),
        ):
            assert said in pages[name], name
        assert all("<h1" in page for name, page in pages.items() if "suggestions" not in name)
        mails = dict(auditpages.mails())
        assert len(mails) >= 4 and all("<html" in mail for mail in mails.values())

    def test_what_the_desk_names_is_there(self) -> None:
        pages = dict(auditdesk.desk_pages(["en"]))
        assert {name: found for name, page in pages.items() if (found := dangling(page))} == {}
        assert [name for name, page in pages.items() if 'id="content"' not in page] == []


def test_the_checks_would_notice() -> None:
    assert dangling('<p id="a" aria-describedby="b c"><label for=""><i id="c"><i id="a">') == {"", "a", "b"}
    assert too_heavy({"document": 15, "stylesheet": 12, "script": 21}) == []
    assert too_heavy({"document": 15.1, "stylesheet": 12.1, "script": 33}) == [
        *("document 15.1 kB", "stylesheet 12.1 kB", "script 33.0 kB", "60.2 kB")
    ]


def test_the_audit_says_what_a_page_misses() -> None:
    points = {"performance": 100, "accessibility": 100}
    weights = {"document": 3.0, "stylesheet": 7.0, "script": 2.0}
    assert missed(Report(points, weights, 0, [])) == []
    poor = Report(points | {"accessibility": 96}, weights | {"script": 21.5}, 0.01, ["color-contrast"])
    assert missed(poor) == ["accessibility 96", "script 21.5 kB", "CLS 0.010", "color-contrast"]
    assert missed(Report({"performance": 0}, {"document": 0, "stylesheet": 0, "script": 0}, inf, [])) != []


def test_only_elements_that_are_djangos_own_are_excused() -> None:
    excused = Finding("wcag/h71", "no legend", "#article_form > div:nth-child(6) > fieldset:nth-child(1)")
    ours = Finding("wcag/h71", "no legend", "#content-main > form > fieldset")
    other = Finding("no-dup-id", "twice", "#article_form > div:nth-child(6) > fieldset:nth-child(1)")
    assert [found.is_of_django for found in (excused, ours, other)] == [True, False, False]
