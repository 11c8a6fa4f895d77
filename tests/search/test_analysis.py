import pytest
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import MAX_TERMS, MAX_WORD, meant_words, question_words, term, terms, words


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("es", "devolución devolucion devoluciones DEVOLUCIÓN"),
        ("es", "contraseña contrasena contraseñas"),
        ("es", "vídeo video videos"),
        ("es", "altavoz altavoces"),
        ("es", "garantía garantias"),
        ("en", "refund refunds refunded refunding"),
        ("en", "battery batteries Battery"),
        ("de", "Rückgabe rückgabe"),
        ("eu", "itzulketa Itzulketa"),  # no stemmer
    ],
)
def test_forms_of_a_word_are_one_term(language, forms):
    assert len(set(terms(forms, language))) == 1


def test_different_words_are_different_terms():
    assert len(set(terms("refund return parcel battery", "en"))) == 4


class QuestionTests(SimpleTestCase):
    def test_filler_words_are_left_out(self):
        assert meant_words("where is my parcel", "en") == ["parcel"]

    def test_filler_words_are_kept_when_there_is_nothing_else(self):
        assert meant_words("where is my", "en") == ["where", "is", "my"]

    def test_a_question_is_bounded(self):
        assert len(question_words(" ".join(f"w{number}" for number in range(1000)))) == MAX_TERMS
        assert question_words("a" * 100_000) == ["a" * MAX_WORD]

    @given(st.text(max_size=300), st.sampled_from(["en", "es", "fr", "ru", "ar", "eu"]))
    def test_any_text_comes_down_to_terms(self, text, language):
        self.check(text, language)

    @given(st.text(alphabet="aeiouáéíóúñcszlrntdmgqu", max_size=60))
    def test_any_spanish_word_has_a_term(self, text):
        self.check(text, "es")

    def test_a_word_that_its_stemmer_stumbles_over_is_its_own_stem(self):
        assert [term(word, "es") for word in ("ague", "egué", "ogue")] == ["ague", "egue", "ogue"]

    def check(self, text, language):
        for word in words(text):
            assert term(word, language)
            assert " " not in term(word, language)
