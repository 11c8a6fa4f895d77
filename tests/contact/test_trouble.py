"""S2: the database does not do its part.  Nobody waits long, and what was typed stays on the page.

How long, and what the others see meanwhile: test_held_lock.py.
"""

import time
from contextlib import contextmanager
from unittest.mock import patch

from django.db import OperationalError, connection
from django.test import Client, TransactionTestCase

from contact import trouble
from contact.models import ContactRequest, DraftRequest
from tests.contact.customer import choose_topic, fill_in, hidden, typed
from tests.contact.locks import held_write_lock, only_sqlite
from tests.contact.uploads import file, upload
from tests.factories import make_article, make_flow, make_topic, make_translation

TEXT = "First line\nsecond “line”"


@contextmanager
def occupied(places):
    places.acquire()
    try:
        yield
    finally:
        places.release()


class Prepared(TransactionTestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        make_translation(make_article(key="late"), title="My parcel is late", slug="late")
        make_flow("lost")
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic, message=TEXT)
        self.check = hidden(self.client.get("/en/contact/check/"))

    def assert_come_back(self, page, *texts):
        assert (page.status_code, page["Cache-Control"]) == (503, "no-store")
        assert 0 < int(page["Retry-After"]) <= 60
        for text in texts:
            self.assertContains(page, text, status_code=503)


class HeldLockTests(Prepared):
    def setUp(self):
        super().setUp()
        waits = patch.multiple(trouble, PATIENCE=0.3)
        waits.start()
        self.addCleanup(waits.stop)

    def test_the_lock_is_really_held(self):
        with held_write_lock(), trouble.patience(0.3), self.assertRaisesMessage(OperationalError, "lock"):
            DraftRequest.objects.update(message="written")

    def test_pages_are_read_as_ever(self):
        began = time.monotonic()
        with held_write_lock():
            for address in ("/en/", "/en/articles/late/", "/es/resolve/lost/start/", "/en/contact/details/"):
                assert self.client.get(address).status_code == 200, address
        assert time.monotonic() - began < 9  # a page that waited for the lock would take ten

    def test_details_stay_on_the_page_and_go_on_afterwards(self):
        fields = typed(self.topic, message="Typed just now", email="ana@e.com", draft=self.check["draft"])
        with held_write_lock():
            page = self.client.post("/en/contact/details/", fields)
            self.assert_come_back(page, "Typed just now", 'value="ana@e.com"', "press “Continue” again")
        assert self.client.post("/en/contact/details/", fields)["Location"] == "/en/contact/check/"

    def test_a_request_is_not_sent_and_is_afterwards(self):
        with held_write_lock():
            page = self.client.post("/en/contact/check/", self.check)
            self.assert_come_back(page, "First line<br>second", "press “Send request” again")
        assert not ContactRequest.objects.exists()
        assert self.client.post("/en/contact/check/", hidden(page)).status_code == 302
        assert ContactRequest.objects.get().message == TEXT

    def test_the_log_says_why_and_not_in_which_draft(self):
        token = self.check["draft"]
        with held_write_lock(), self.assertLogs("contact.trouble") as caught:
            fill_in(self.client, self.topic, message="A secret")
        [said] = caught.output
        assert "lock" in said
        assert token[:8] not in said  # PostgreSQL quotes the statement's beginning, which holds the token

    def test_files_that_could_not_be_taken_are_named_and_those_before_are_there(self):
        again = "“late.txt” has not arrived. Please choose it again."
        upload(self.client, file("kept.txt", b"kept"))
        with held_write_lock():
            page = fill_in(self.client, self.topic, message="Typed", files=file("late.txt", b"late"))
            self.assert_come_back(page, again, "kept.txt", "Typed")
            page = upload(self.client, file("late.txt", b"late"))
            self.assert_come_back(page, again, "kept.txt")
        assert [each.name for each in DraftRequest.objects.get().files] == ["kept.txt"]

    def test_a_chosen_topic_is_sent_again_by_one_button(self):
        with held_write_lock():
            page = Client().post("/es/contact/", {"topic": self.topic.key})
        self.assert_come_back(page, f'<input type="hidden" name="topic" value="{self.topic.key}">')

    def test_a_hand_off_asks_to_come_back(self):
        with held_write_lock():
            self.assert_come_back(Client().get("/en/contact/details/?flow=lost&start=no"))

    def test_the_script_is_told_soon(self):
        began = time.monotonic()
        with held_write_lock():
            page = self.client.post("/en/contact/save/", typed(self.topic, message="Later"))
            self.assert_come_back(page)
            assert time.monotonic() - began < 9  # a page that waited for the lock would take ten
        assert self.client.post("/en/contact/save/", typed(self.topic, message="Later")).status_code == 204

    def test_the_others_wait_as_long_as_ever_afterwards(self):
        self.client.post("/en/contact/check/", self.check)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
            assert cursor.fetchone() == ((10_000,) if connection.vendor == "sqlite" else ("0",))


class PatienceTests(Prepared):
    def test_a_third_who_would_wait_is_told_at_once(self):
        with held_write_lock(), occupied(trouble.PLACES), occupied(trouble.PLACES):
            began = time.monotonic()
            self.assert_come_back(self.client.post("/en/contact/check/", self.check), "First line<br>second")
            assert time.monotonic() - began < 3
        assert trouble.PLACES.acquire(blocking=False)
        trouble.PLACES.release()


@only_sqlite
class ReadOnlyTests(Prepared):
    def setUp(self):
        super().setUp()
        self.pragma("query_only = 1")
        self.addCleanup(self.pragma, "query_only = 0")

    def pragma(self, words):
        connection.cursor().execute(f"PRAGMA {words}")

    def test_a_database_that_cannot_be_written_is_read_and_asks_to_come_back(self):
        assert self.client.get("/en/articles/late/").status_code == 200
        page = fill_in(self.client, self.topic, message="Typed")
        self.assert_come_back(page, "Typed")
        self.assert_come_back(self.client.post("/en/contact/check/", self.check), "First line<br>")

    def test_a_full_disk_is_the_same(self):
        self.pragma("query_only = 0")
        connection.cursor().execute("VACUUM")  # or free pages of earlier tests would be used first
        pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
        self.pragma(f"max_page_count = {pages}")
        self.addCleanup(self.pragma, "max_page_count = 1073741823")
        self.assert_come_back(fill_in(self.client, self.topic, message="long " * 20_000), "long long")


class AwayTests(Prepared):
    """Nothing at all can be asked of the database."""

    def away(self):
        return patch.object(connection, "cursor", side_effect=OperationalError("the server is away"))

    def test_what_was_typed_is_on_the_page_with_a_button_that_sends_it_again(self):
        fields = typed(self.topic, message=TEXT, email="ana@e.com")
        with self.away():
            page = self.client.post("/en/contact/details/", fields | {"files": file("a.txt", b"a")})
        self.assert_come_back(page, "“a.txt” has not arrived. Please choose it again.")
        self.assert_come_back(page, "First line<br>second", "ana@e.com", "Your message")
        for name in fields:
            self.assertContains(page, f'<input type="hidden" name="{name}"', status_code=503)
        assert self.client.post("/en/contact/details/", fields).status_code == 302

    def test_reading_pages_say_so_too(self):
        with self.away():
            for address in ("/en/", "/es/articles/late/", "/en/contact/"):
                self.assert_come_back(Client().get(address))
