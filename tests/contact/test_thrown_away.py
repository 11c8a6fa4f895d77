"""A draft that is deleted in another tab while its file arrives: a plain answer at whatever moment it happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TestCase

from contact.attachment import Attachment
from contact.models import DraftRequest
from tests.contact.customer import choose_topic, the_draft, typed
from tests.contact.uploads import OwnStorage, file
from tests.factories import make_topic

FILES, DETAILS = "/en/contact/files/", "/en/contact/details/"
TEXT = b"It will not start.\n"


@contextmanager
def thrown_away_before(words: str) -> Iterator[None]:
    """The draft is deleted right before the first query that begins with these words."""
    is_done = False

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal is_done
        if not is_done and sql.startswith(words):
            is_done = True
            DraftRequest.objects.all().delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    assert is_done


CHECKED = 'SELECT "contact_attachment"."size"'
KEPT = "SAVEPOINT"  # the file is on the disk, and only its row is missing


class ThrownAwayTests(OwnStorage, TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        self.shown = self.client.get(DETAILS).context

    def fields(self, **more: str) -> dict[str, Any]:
        held = {"draft": self.shown["draft"].token, "started": self.shown["started"]}
        return typed(self.topic, **more) | held | {"files": [file("log.txt", TEXT)]}

    def test_the_script_is_told_to_choose_the_file_again_and_then_it_is_taken(self):
        for moment in ('UPDATE "contact_draftrequest"', CHECKED, KEPT):
            with thrown_away_before(moment):
                page = self.client.post(FILES, self.fields())
            self.assertContains(page, "“log.txt” has not arrived. Please choose it again.")
            assert not DraftRequest.objects.exists() and not Attachment.objects.exists()
            self.assertContains(self.client.post(FILES, self.fields()), "log.txt")
            assert [one.name for one in the_draft().files] == ["log.txt"]
            assert the_draft().token == self.shown["draft"].token

    def test_without_a_script_all_that_was_typed_is_on_the_page_and_goes_on(self):
        for moment in (CHECKED, KEPT):
            with thrown_away_before(moment):
                page = self.client.post(DETAILS, self.fields(message="Where is it?", email="ana@e.com"))
            assert page.status_code == 409
            for words in ("deleted in another tab", "Where is it?", 'value="ana@e.com"', "choose it again"):
                self.assertContains(page, words, status_code=409)
            assert not DraftRequest.objects.exists()
            assert self.client.post(DETAILS, self.fields(message="Where is it?")).status_code == 302
            assert (the_draft().message, len(the_draft().files)) == ("Where is it?", 1)

    def test_a_file_that_is_refused_has_its_reason_and_no_draft(self):
        fields = self.fields() | {"files": [file("empty.txt", b"")]}
        with thrown_away_before('UPDATE "contact_draftrequest" SET "changed_at" = '):
            self.client.post(FILES, fields)
        assert not DraftRequest.objects.exists()

    def test_what_the_script_keeps_meanwhile_does_not_bring_it_back(self):
        for fields in (typed(self.topic, message="Where is it?"), {"worded": "In my own way."}):
            with thrown_away_before('UPDATE "contact_draftrequest"'):
                page = self.client.post("/en/contact/save/", {"draft": self.shown["draft"].token} | fields)
            assert page.status_code == 204
            assert not DraftRequest.objects.exists()
            choose_topic(self.client, self.topic)
            self.shown = self.client.get(DETAILS).context
