"""When nothing matches well the page says so, and helps on."""

import pytest
from django.test import TestCase

from search import engine
from tests.factories import both, make_article, make_category, make_translation

from .steps import page, run_worker, titles

TEXTS = (
    ("How to return a parcel", "Print the label and hand the parcel to the carrier within the days given."),
    ("Where is my refund", "The refund is with your bank a few days after the carrier brings the parcel back."),
    ("My speaker does not answer", "Restart the speaker and look whether the network light is on."),
    ("Change my address", "Open your account and choose the address you want for the next order."),
    ("Cancel an order", "Open the order and cancel it before it leaves."),
    ("Pay with another card", "Open your account and add a card for the next payment."),
)


class HonestPageTests(TestCase):
    def setUp(self):
        self.orders = make_category(slug="orders", name=both("Orders"))
        self.devices = make_category(slug="devices", name=both("Devices"))
        for title, body in TEXTS * 3:
            place = self.devices if "speaker" in title else self.orders
            make_translation(make_article(category=place), title=title, body=body)
        make_translation(language="es", title="Garantía de las bicicletas", body="Dos años para cada bicicleta.")
        run_worker()

    def test_a_question_that_nothing_answers_is_told_so(self):
        html = page("what is the capital city of australia and who is the carrier there")
        assert "<h1>No good answer for “what is the capital" in html
        assert titles("what is the capital city of australia and who is the carrier there") == []

    def test_offers_the_nearest_categories_and_contact_with_the_words(self):
        html = page("speaker of the australian parliament elections")
        assert html.index("You may find it here") < html.index('<a href="/en/categories/devices/">')
        assert '<input type="hidden" name="search" value="speaker of the australian parliament elections">' in html

    def test_weak_results_are_one_click_away(self):
        question = "speaker of the australian parliament elections"
        assert '<a href="/en/search/?q=speaker+of+the+australian+parliament+elections&amp;all=1">' in page(
            question
        )
        assert "My speaker does not answer" in titles(question, all=1)

    def test_without_any_hit_all_categories_are_offered(self):
        html = page("zebra")
        assert "No good answer for “zebra”" in html
        assert "You may find it here" not in html
        assert '<a href="/en/categories/orders/">Orders (en)</a>' in html
        assert "Show texts that share" not in html

    def test_shows_what_another_language_says(self):
        html = page("bicicletas")
        assert "But there is something in another language: Spanish" in html
        assert 'lang="es" hreflang="es">Garantía de las bicicletas</a></h2>' in html
        assert '<mark lang="es">' not in html and "Dos años para cada <mark>bicicleta</mark>" in html

    def test_one_strange_word_beside_a_telling_one_is_no_reason_to_give_up(self):
        assert titles("refund gizmo")[0] == "Where is my refund"

    def test_a_greeting_is_not_mended_into_something_else(self):
        make_translation(title="Every hollo counts")
        run_worker()
        assert "Search instead" not in page("hello")

    def test_says_it_in_spanish(self):
        html = page("zebra", "es")
        assert "No hemos encontrado una buena respuesta a «zebra»" in html

    def test_answers_are_shown_as_ever(self):
        for question in ("return a parcel", "refund", "how do i cancel my order please", "speaker"):
            assert "No good answer" not in page(question), question


@pytest.mark.django_db
def test_in_a_help_center_of_a_few_texts_every_hit_is_shown():
    make_translation(title="Return a parcel")
    run_worker()
    assert titles("zebra parcel elephant") == ["Return a parcel"]


class ShareATextTests(TestCase):
    """What a question shares with a text counts by how much of the question it is."""

    def setUp(self):
        for title, body in TEXTS * 3:
            make_translation(title=title, body=body)
        run_worker()

    def test_one_word_of_many_is_no_answer_however_often_a_text_says_it(self):
        make_translation(title="Music in the car", body="The car plays music. " * 20, keywords="car\nin the car")
        run_worker()
        assert "No good answer" in page("please wash and vacuum the car before saturday")
        assert "No good answer" not in page("music in the car")

    def test_words_that_only_begin_a_question_share_nothing(self):
        make_translation(title="What is the best way to reach you", body="Write to us.")
        run_worker()
        assert "No good answer" in page("tell me what is the best way to the airport of lisbon")

    def test_a_word_mended_in_its_first_letter_weighs_less(self):
        make_translation(title="Where is the label", body="The label says where. Parts of it.")
        run_worker()
        inner, first = engine.answer("amusement lable", "en"), engine.answer("amusement babel", "en")
        assert inner.corrected == first.corrected == "amusement label"
        assert first.scores[0] < inner.scores[0]
