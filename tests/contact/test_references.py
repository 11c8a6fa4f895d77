import re

from django.test import SimpleTestCase, TestCase

from contact import reference
from contact.models import ContactRequest
from tests.contact.customer import a_request


class ReferenceTests(SimpleTestCase):
    def test_has_two_groups_of_letters_that_cannot_be_misread_or_make_a_word(self):
        drawn = [reference.draw() for _ in range(2000)]
        assert all(re.fullmatch(r"[2-9B-DF-HJKMNP-TV-XZ]{4}-[2-9B-DF-HJKMNP-TV-XZ]{4}", one) for one in drawn)
        assert not set("01OILAEUY") & set("".join(drawn))

    def test_uses_the_whole_alphabet(self):
        assert set("".join(reference.draw() for _ in range(2000))) == {*reference.ALPHABET, "-"}

    def test_is_understood_however_it_is_typed(self):
        for text in ("7k3m92xd", " 7K3M 92XD", "7K3M-92XD"):
            assert reference.as_written(text) == "7K3M-92XD"

    def test_leaves_other_words_alone(self):
        assert reference.as_written("ana@example.org") == "ana@example.org"


class CollisionTests(TestCase):
    def test_draws_again_where_a_reference_is_taken(self):
        taken = a_request()
        draws = iter([taken.reference, taken.reference, "2345-6789"])
        other = ContactRequest.objects.get(pk=taken.pk)
        other.pk = "00000000-0000-4000-8000-000000000000"
        ContactRequest.objects.store(other, draw=lambda: next(draws))
        assert set(ContactRequest.objects.values_list("reference", flat=True)) == {taken.reference, "2345-6789"}
