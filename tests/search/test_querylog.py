"""What people look for is kept without anything personal, and counted after a month."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase
from django.utils import timezone

from articles.personal import looks, masked
from search import querylog
from search.models import LoggedSearch, SearchCount
from tests.contact.locks import held_write_lock
from tests.factories import make_translation

from .steps import page, run_worker

PERSONAL = {
    "ana.lopez@example.org has no parcel": "[e-mail] has no parcel",
    "refund for ana@exämple.org?": "refund for [e-mail]",
    "call me +34 612 34 56 78 today": "call me [number] today",
    "call (020) 7946-0018": "call ([number]",
    "card 4111 1111 1111 1111": "card [number]",
    "card 4111-1111-1111-1111 declined": "card [number] declined",
    "order 123-4567890-1234567": "order [number]",
    "order 404123": "order [number]",
    "reference 7K3M-92XD": "reference [code]",
    "reference KXMD-PQRT": "reference [code]",
    "reference 7kxm-qrtd": "reference [code]",
    "serial g0b1x9c7d2": "serial [code]",
    "iban es9121000418450200051332": "iban [code]",
    "ٱتصل ٠١٢٣٤٥٦٧": "ٱتصل [number]",
}
HARMLESS = [
    "where is my refund",
    "mp3 player",
    "iphone 15",
    "30 days",
    "wi-fi 2.4 ghz",
    "1, 2 or 3",
    "4k",
    "send-back my blue-tooth",
]


@pytest.mark.parametrize(("question", "kept"), PERSONAL.items())
def test_masks_what_looks_personal(question, kept):
    assert masked(question).rstrip("?") == kept
    assert list(looks(question))


@pytest.mark.parametrize("question", HARMLESS)
def test_keeps_what_does_not(question):
    assert masked(question) == question
    assert not list(looks(question))


class LogTests(TestCase):
    def setUp(self):
        make_translation(title="Return a parcel")
        run_worker()

    def test_a_search_leaves_a_row_without_a_visitor(self):
        Client(REMOTE_ADDR="198.51.100.7").get("/en/search/?q=Return+parcle", headers={"User-Agent": "canary"})
        row = LoggedSearch.objects.get()
        assert (row.asked, row.language, row.result_count) == ("return parcle", "en", 1)
        assert row.is_answered and row.is_corrected and not row.opened
        said = " ".join(str(value) for value in LoggedSearch.objects.values().get().values())
        assert "198.51" not in said and "canary" not in said

    def test_masks_before_it_writes(self):
        for question in PERSONAL:
            page(question)
        stored = " ".join(LoggedSearch.objects.values_list("asked", flat=True))
        for canary in ("ana", "612", "4111", "404123", "92xd", "g0b1", "es91", "7946", "4567890"):
            assert canary not in stored, canary

    def test_further_pages_categories_and_fetches_ahead_do_not_count(self):
        page("parcel", page=2)
        page("parcel", category="orders")
        page("parcel", all=1)
        Client().get("/en/search/?q=parcel", headers={"Sec-Purpose": "prefetch"})
        Client().head("/en/search/?q=parcel")
        page("")
        assert not LoggedSearch.objects.exists()

    def test_an_opened_result_is_counted_once(self):
        token = page("parcel").split('data-search="')[1].split('"')[0]
        for result in ("articles.translation.1", "articles.translation.2"):
            answer = Client().post("/en/search/opened/", {"search": token, "result": result})
            assert answer.status_code == 204
        assert LoggedSearch.objects.get().opened == "articles.translation.1"

    def test_tokens_and_results_of_others_change_nothing(self):
        token = page("parcel").split('data-search="')[1].split('"')[0]
        tries = [("", "articles.translation.1"), ("1", "articles.translation.1"), (token + "x", "flows.flow.1")]
        tries += [(token, "<script>"), (token, ""), (token, "a" * 500 + ".b.1")]
        for search, result in tries:
            assert Client().post("/en/search/opened/", {"search": search, "result": result}).status_code == 204
        foreign = {"Sec-Fetch-Site": "cross-site"}
        Client().post("/en/search/opened/", {"search": token, "result": "flows.flow.1"}, headers=foreign)
        assert LoggedSearch.objects.get().opened == ""

    def test_after_a_month_only_counts_are_kept(self):
        for question in ("parcel", "parcle", "zebra"):
            page(question)
        LoggedSearch.objects.filter(asked="parcel").update(opened="flows.flow.1")
        page("young")
        asked_at = timezone.now() - timedelta(days=31)
        LoggedSearch.objects.exclude(asked="young").update(asked_at=asked_at)
        cache.clear()
        querylog.forget_old()
        assert [row.asked for row in LoggedSearch.objects.all()] == ["young"]
        counts = SearchCount.objects.get()
        assert counts.day == timezone.localdate(asked_at)
        assert (counts.searches, counts.unanswered, counts.corrected, counts.opened) == (3, 1, 1, 1)

    def test_counting_twice_adds_up(self):
        for _round in range(2):
            page("parcel")
            LoggedSearch.objects.update(asked_at=timezone.now() - timedelta(days=31))
            cache.clear()
            querylog.forget_old()
        assert SearchCount.objects.get().searches == 2


class BusyTests(TransactionTestCase):
    def test_a_locked_database_costs_the_reader_no_page(self):
        make_translation(title="Return a parcel")
        run_worker()
        if connection.vendor != "sqlite":
            self.skipTest("PostgreSQL inserts without waiting for other rows")
        with held_write_lock():
            assert "1 result" in page("parcel")
        assert not LoggedSearch.objects.exists()
