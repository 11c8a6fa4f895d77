"""The pages of the desk that `benchmarks.audit` looks at: those that axe runs on, and what follows on a press."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from tests.browser.test_accessibility import DESK, TEXT, fill_desk

from .auditpages import Page, got, posted


def desk_pages(languages: Iterable[str]) -> Iterator[Page]:
    """In each of the languages; the desk has something of everything afterwards."""
    ana = get_user_model().objects.create_superuser("ana")
    rows = fill_desk(ana)
    for language in languages:
        client = Client(headers={"accept-language": language})
        for name, page in (got(client, "/admin/"), *_pages(client, ana, rows)):
            yield f"{language} {name}", page


def _pages(client: Client, ana: Any, rows: dict[str, Any]) -> Iterator[Page]:
    client.force_login(ana)
    for address in DESK:
        yield got(client, address.format(**rows))
    text = TEXT.format(**rows)
    newest = client.get(text).context["newest"]
    pressed = {"number": newest.number, "seen": newest.digest}
    yield posted(client, text, pressed | {"act": "send-back"}, "sent back without a word")
    yield posted(client, text, pressed | {"act": "withdraw"}, "withdraw")
    yield posted(client, "/admin/articles/brand/", {"accent": "red", "save": "1"}, "in red")
    chosen = {"action": "withdraw_many", "_selected_action": str(rows["article"])}
    yield posted(client, "/admin/articles/article/", chosen, "withdraw several")
    yield posted(client, "/admin/articles/article/add/", {}, "nothing filled in")
