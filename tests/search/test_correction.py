"""Misspelt words are mended by what the index knows, and the page says so."""

import pytest
from django.test import TestCase

from search import results
from search.spelling import Vocabulary
from tests.factories import make_translation

from .steps import page, run_worker, titles


class CorrectionTests(TestCase):
    def setUp(self):
        make_translation(title="Return a parcel", body="Where the label for the parcel is.")
        make_translation(title="Ask for a refund")
        make_translation(language="es", title="Devolución de un paquete")

    def test_a_slip_finds_what_was_meant_and_says_so(self):
        run_worker()
        for question in ("parcle", "parzel", "pparcel", "parce1", "retrun a parcel", "reutrn parcell"):
            if "1" not in question:  # words with digits are codes, not slips
                assert titles(question) == ["Return a parcel"], question
        html = " ".join(page("my parcle").split())
        assert "Results for <strong>my parcel</strong>." in html
        assert '<a href="/en/search/?q=my+parcle&amp;exact=1">Search instead for “my parcle”</a>' in html
        assert "<h1> 1 result for “my parcel” </h1>" in html

    def test_mends_a_part_of_a_word_with_a_hyphen_or_the_whole(self):
        make_translation(title="Change your email")
        run_worker()
        assert results.search("parcle-label", "en").question == "parcel-label"
        assert titles("e-mial") == titles("E‑mial") == ["Change your email"]
        assert "Results for <strong>email</strong>." in page("e-mial")

    def test_instead_takes_the_words_as_they_are(self):
        run_worker()
        assert titles("parcle", exact=1) == []
        assert titles("parcle refund", exact=1) == ["Ask for a refund"]
        assert "Search instead" not in page("parcle refund", exact=1)

    def test_mends_with_accents_in_spanish(self):
        run_worker()
        assert "Resultados de <strong>devolución</strong>" in page("devolusion", "es")
        assert titles("devolusion", "es") == ["Devolución de un paquete"]

    def test_known_and_short_words_are_left_alone(self):
        run_worker()
        for question in ("parcels", "returning", "fro", "lable refund"):
            assert ("Search instead" in page(question)) == (question == "lable refund")

    def test_a_word_of_hidden_texts_only_is_never_told(self):
        hidden = make_translation(title="Zeppelins")
        run_worker()
        type(hidden).objects.filter(pk=hidden.pk).update(published_at=None)  # the index is stale now
        assert "eppelins" not in page("zepelins").replace("zepelins", "")
        assert not results.search("zepelins", "en").is_corrected

    def test_the_control_sees_it_while_it_is_published(self):
        make_translation(title="Zeppelins")
        run_worker()
        assert results.search("zepelins", "en").question == "zeppelins"


KNOWN = {"parcel": 5, "refund": 9, "delivered": 4, "delivery": 7, "account": 3, "warranty": 2, "charger": 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pacel", "parcel"),
        ("parecl", "parcel"),
        ("refunnd", "refund"),
        ("refand", "refund"),
        ("delivary", "delivery"),
        ("acount", "account"),
        ("warrantty", "warranty"),
        ("delviered", "delivered"),
    ],
)
def test_mends_one_edit(typed, meant):
    assert Vocabulary(KNOWN).candidates(typed)[0].spelled == meant


@pytest.mark.parametrize("typed", ["", "par", "12345", "parce1", "zzzzzzzz", "xyzzy"])
def test_mends_no_short_words_numbers_or_strangers(typed):
    assert Vocabulary(KNOWN).candidates(typed) == []
