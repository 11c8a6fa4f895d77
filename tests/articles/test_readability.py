"""How hard a text is to read, by the formula of its language."""

from __future__ import annotations

from django.test import SimpleTestCase

from articles.checks import ease_in_words
from articles.readability import Band, ease, english_syllables, long_sentences, sentences, spanish_syllables

EASY = {
    "en": "Look in the box. The card is under the lid. Take it out and keep it. "
    "You need it to get your cash back. ",
    "es": "Mira en la caja. La hoja va bajo la tapa. Saca la hoja y no la tires. "
    "Te hará falta si algo no va bien. ",
}
HARD = {
    "en": "Notwithstanding aforementioned considerations, reimbursement authorisation necessitates "
    "verification of documentary evidence accompanying administrative applications, "
    "irrespective of jurisdictional peculiarities. ",
    "es": "Sin perjuicio de las consideraciones anteriormente mencionadas, la autorización del "
    "reembolso requiere la verificación de la documentación acreditativa correspondiente al "
    "procedimiento administrativo solicitado. ",
}


class EaseTests(SimpleTestCase):
    def test_easy_words_in_short_sentences_are_easy_and_officialese_is_hard(self):
        for language in ("en", "es"):
            easy, hard = ease(EASY[language] * 6, language), ease(HARD[language] * 6, language)
            assert easy and easy.score > 80 and not easy.is_hard
            assert hard and hard.band == Band.VERY_HARD and hard.is_hard

    def test_the_english_formula_is_the_known_one(self):
        """Flesch's own: 206.835 - 1.015 × 10 words to a sentence - 84.6 × 1 syllable to a word."""
        found = ease("The cat sat on the mat and had its milk. " * 12, "en")
        assert found and found.score == 100
        found = ease("The rabbit sat silent under tables waiting for lazy dogs. " * 12, "en")
        assert found and abs(found.score - (206.835 - 1.015 * 10 - 84.6 * 1.6)) <= 1

    def test_the_spanish_formula_is_the_known_one(self):
        """Szigriszt-Pazos: 206.835 - 62.3 × 18 syllables to 10 words - 10 words to a sentence."""
        found = ease("Mira tu caja para sacar esa hoja nueva que pesa. " * 12, "es")
        assert found and abs(found.score - (206.835 - 62.3 * 18 / 10 - 10)) <= 1

    def test_of_few_words_nothing_is_said(self):
        assert ease("word " * 99, "en") is None
        assert ease("word " * 100, "en") is not None

    def test_a_language_without_a_formula_has_no_number(self):
        assert ease("word " * 200, "fi") is None

    def test_the_number_is_said_in_words(self):
        found = ease(HARD["en"] * 6, "en")
        assert found and "very hard, as in a contract; 17 words to a sentence" in ease_in_words(found)


class SyllableTests(SimpleTestCase):
    def test_counts_english_ones(self):
        for word, count in {
            "make": 1,
            "table": 2,
            "files": 1,
            "packages": 3,
            "delivered": 3,
            "area": 3,
            "people": 2,
            "number": 2,
            "the": 1,
        }.items():
            with self.subTest(word):
                assert english_syllables(word) == count

    def test_counts_spanish_ones(self):
        for word, count in {
            "país": 2,
            "aéreo": 4,
            "ciudad": 2,
            "guitarra": 3,
            "pingüino": 3,
            "ley": 1,
            "leyes": 2,
            "prohíbe": 3,
            "día": 2,
            "que": 1,
        }.items():
            with self.subTest(word):
                assert spanish_syllables(word) == count


class SentenceTests(SimpleTestCase):
    def test_abbreviations_and_numbers_end_none(self):
        text = "See e.g. Returns, at 1.5 kg. Then call Mr. Smith, p. ej. Mañana. Bye!"
        assert [found.words for found in sentences(text)] == [
            "See e.g. Returns, at 1.5 kg.",
            "Then call Mr. Smith, p. ej. Mañana.",
            "Bye!",
        ]

    def test_a_list_item_and_a_paragraph_end_one(self):
        assert [found.line for found in sentences("One\ntwo\n\n1. Three\n2. Four\n\n## No\n\nFive")] == [
            1,
            4,
            5,
            9,
        ]

    def test_spanish_may_have_longer_ones(self):
        text = "palabra " * 38 + "fin."
        assert (len(long_sentences(text, "en")), len(long_sentences(text, "es"))) == (1, 0)
