"""Texts that answer nearly the same, found by the search when one is about to be published."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.checklist import Check
from articles.findings import Text
from articles.inspecting import inspect
from articles.models import Translation
from search.duplicates import near
from tests.factories import make_article, make_translation
from tests.search.steps import fresh_index, run_worker

BODY = (
    "Open Orders and choose the order. Press Return and say why. Print the label and stick it on the largest "
    "side of the parcel. Take it to any post office before the last day; keep the receipt until the refund has "
    "arrived."
)
OTHER = (
    "The warranty begins with the delivery and lasts for years. It covers faults of the device, but neither "
    "drops nor water. Write to us with its serial number, and a technician will look at the battery and the "
    "screen."
)

THIRD = (
    "Shops take back shoes and clothes that were never worn, with their box and the receipt. Say at the counter "
    "whether you want your money or a voucher. Opened food, earrings and films stay with you, whatever the parcel "
    "cost, and so does an item on order."
)


def asked(title: str, body: str = "Something else altogether.", key: str = "", language: str = "en") -> list[str]:
    return [found.words for found in near(Text(key=key, language=language, title=title, body=body))]


@pytest.fixture
def there(db, tmp_path, monkeypatch) -> Translation:
    fresh_index(tmp_path, monkeypatch)
    make_translation(make_article(key="warranty"), title="What does the warranty cover?", body=OTHER)
    found = make_translation(make_article(key="return"), title="How do I return an item?", body=BODY)
    run_worker()
    return found


def test_names_one_that_asks_the_same_in_other_words(there: Translation) -> None:
    (words,) = asked("Returning items: how?")
    assert words == (
        "A text that answers nearly the same: “How do I return an item?” (article:return). Would one be enough?"
    )


def test_names_one_that_says_the_same_under_another_question(there: Translation) -> None:
    body = BODY.replace("Print the label", "Then print the label").replace("before the last day", "in time")
    assert len(asked("Sending an item back", body)) == 1


@pytest.mark.parametrize(
    ("title", "body"),
    [("Which items can I return to a shop?", THIRD), ("How do I cancel an order?", ""), ("Item", ""), ("", "")],
)
def test_names_none_that_only_shares_words(there: Translation, title: str, body: str) -> None:
    assert asked(title, body) == []


def test_a_text_is_not_its_own_duplicate_and_a_hidden_one_is_nobodys(there: Translation) -> None:
    assert asked(there.title, there.body, key="return") == []
    assert len(asked(there.title, there.body)) == 1
    Translation.objects.filter(pk=there.pk).update(withdrawn_at=timezone.now())
    assert asked(there.title, there.body) == []


def test_without_an_index_nothing_is_said(db, tmp_path, monkeypatch) -> None:
    fresh_index(tmp_path, monkeypatch)
    make_translation(title="How do I return an item?", body=BODY)
    assert asked("How do I return an item?", BODY) == []


def test_the_whole_check_asks_the_database_a_few_times(there: Translation, settings: Any) -> None:
    """With all that a text can hold, and the search asked too."""
    settings.CHECK_LINKS = True
    body = "[a](article:warranty#s-x) [b](article:no) [c](flow:x) ![d](image:y) <https://e.example/> {{ days }}"
    text = Text(key="new", language="en", title="Returning items: how?", body=body)
    with CaptureQueriesContext(connection) as queries:
        (report,) = inspect([text])
    assert Check.DUPLICATES in {found.check for found in report.advising}
    assert len(queries) <= 12
