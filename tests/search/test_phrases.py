import pytest

from search import engine
from tests.factories import make_translation

from .steps import run_worker, titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _texts():
    make_translation(title="Gift card", body="You pay with a card. A gift is nice.")
    make_translation(title="Card for a gift", body="A card and a gift.", summary="Gift or card")
    make_translation(title="Payments", body="What about the **gift card** of a friend?")
    make_translation(title="Vouchers", keywords="gift card balance", body="Nothing more.")
    run_worker()


def test_quotes_keep_only_texts_that_hold_the_phrase():
    assert len(titles("gift card")) == 4
    assert sorted(titles('"gift card"')) == ["Gift card", "Payments", "Vouchers"]


@pytest.mark.parametrize("question", ['"Gift CARDS"', "“gift card”", "«gift card»", "„gift card“"])
def test_quotes_of_every_kind_and_other_forms_of_the_words_count(question):
    assert sorted(titles(question)) == ["Gift card", "Payments", "Vouchers"]


def test_words_beside_the_phrase_only_rank():
    assert titles('"gift card" friend payments')[0] == "Payments"
    assert "Card for a gift" not in titles('"gift card" friend payments')


def test_two_phrases_must_both_be_there():
    assert titles('"gift card" "of a friend"') == ["Payments"]


def test_a_phrase_that_no_text_holds_counts_as_words():
    assert "Gift card" in titles('"card gift"')
    assert titles('"zebra crossing"') == []


def test_words_that_nobody_has_written_are_not_remembered():
    engine.answer('"gift card"', "en")
    known = set(engine.backend_of("en").generation().impacts)
    assert ("card", False) in known
    engine.answer('card "zebra crossing"', "en", is_exact=True)
    assert set(engine.backend_of("en").generation().impacts) == known


def test_a_quote_that_is_not_closed_is_no_phrase():
    assert len(titles('"gift card')) == 4
