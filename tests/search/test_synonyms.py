"""Words that editors say mean the same."""

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase

from search.models import Synonym
from tests.factories import make_translation

from .steps import page, run_worker, titles


class SynonymTests(TestCase):
    def setUp(self):
        make_translation(title="Cancel an order")
        make_translation(title="Where is my parcel")
        make_translation(title="Money back for a parcel")
        run_worker()

    def test_a_synonym_works_at_once(self):
        assert titles("package") == []
        Synonym.objects.create(language="en", words="parcel\npackage")
        assert titles("package") == titles("packages") == titles("parcel")

    def test_phrases_stand_for_words_and_words_for_phrases(self):
        Synonym.objects.create(language="en", words="refund\nmoney back\nreimbursement")
        assert titles("refund")[0] == titles("my reimbursement")[0] == "Money back for a parcel"

    def test_a_word_with_a_synonym_is_no_slip(self):
        Synonym.objects.create(language="en", words="cancle\ncancel")
        assert titles("cancle") == ["Cancel an order"]
        assert "Search instead" not in page("cancle")

    def test_is_of_its_language_only(self):
        Synonym.objects.create(language="es", words="parcel\npackage")
        assert titles("package") == []

    def test_the_word_itself_counts_more_than_what_stands_for_it(self):
        make_translation(title="Where is my package")
        Synonym.objects.create(language="en", words="parcel\npackage")
        run_worker()
        assert titles("where is my package")[0] == "Where is my package"
        assert titles("where is my parcel")[0] == "Where is my parcel"

    def test_nonsense_in_the_table_breaks_no_search(self):
        for words in ("", "\n\n", "!!!\n???", "x" * 3000, "parcel\nparcel", "(\n)"):
            Synonym.objects.create(language="en", words=words)
        assert "Where is my parcel" in titles("parcel")


@pytest.mark.parametrize(
    "words", ["", "parcel", "parcel\n \nparcel", "!!!\nparcel", "x" * 61 + "\nparcel", "a\n" * 3]
)
def test_what_makes_no_synonym_is_said(words):
    with pytest.raises(ValidationError) as caught:
        Synonym(language="en", words=words).clean()
    assert caught.value.message_dict["words"][0].endswith(".")


def test_is_stored_without_blanks_and_doubles():
    synonym = Synonym(language="en", words=" parcel \r\n\r\npackage\nparcel")
    synonym.clean()
    assert synonym.words == "parcel\npackage"
