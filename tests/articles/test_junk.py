"""What anybody can write into an address or a hand-made form is answered in words: nothing is stumbled over."""

from __future__ import annotations

import json

import pytest
from django.test import SimpleTestCase, TestCase

from articles.models import Unsaved
from articles.numbers import whole
from articles.writing import LONGEST
from tests.articles.desk import person, write
from tests.factories import make_translation

DESK = "/admin/articles/article/"
# No number; one that no database holds; one that Python reads as one; one of which Python refuses to read so much.
NUMBERS = ("", "x", "²", "-1", "9" * 25, "٩" * 25, "9223372036854775808", "000000001" + "9" * 5_000, "0000000015")


class NumberTests(SimpleTestCase):
    def test_only_what_can_name_a_row_is_a_number(self):
        assert [whole(written) for written in ("7", "0000000015")] == [7, 15]
        assert [whole(written) for written in NUMBERS[:-1]] == [None] * (len(NUMBERS) - 1)


class DeskTests(TestCase):
    def setUp(self) -> None:
        self.translation = make_translation()
        editor = person()
        write(self.translation, editor)
        self.client.force_login(editor)

    def test_the_list_leaves_out_a_filter_that_names_nobody(self):
        for name in ("category", "owner"):
            for number in NUMBERS[:-1]:
                with self.subTest(name, number=number[:30]):
                    answer = self.client.get(DESK, {name: number[:1_000]})
                    assert answer.status_code == 200
                    assert self.translation.title in answer.content.decode()

    def test_two_revisions_are_compared_whatever_was_asked_for(self):
        for number in NUMBERS:
            with self.subTest(number[:30]):
                answer = self.client.get(f"{self.translation.work_url}compare/", {"from": number, "to": number})
                assert answer.status_code == 200

    def test_a_link_that_there_is_not_is_not_asked_for(self):
        for number in NUMBERS:
            with self.subTest(number[:30]):
                assert self.client.post(f"{DESK}links/", {"link": number}).status_code == 302

    def test_a_translation_is_saved_whatever_it_says_it_was_made_from(self):
        page = f"{DESK}{self.translation.article_id}/translate/es/"
        for number in NUMBERS:
            with self.subTest(number[:30]):
                given = {"title": "Uno", "body": f"Dos {number[:9]}.", "slug": "uno", "made_from": number}
                given |= {"is_in_step": "on", "note": "", "summary": "", "keywords": ""}
                assert self.client.post(page, given).status_code == 302


class KeptTests(TestCase):
    """Words that a hand-made form lets the desk keep are shown again without a stumble."""

    def setUp(self) -> None:
        self.translation, editor = make_translation(), person()
        write(self.translation, editor)
        self.client.force_login(editor)

    def keep(self, place: str, typed: str) -> Unsaved | None:
        answer = self.client.post(f"{DESK}kept/", {"place": place, "typed": typed})
        assert answer.status_code == 302
        return Unsaved.objects.filter(place=place).first()

    def test_halves_of_letters_and_nul_are_left_out(self):
        for place in ("/admin/articles/brand/", self.translation.work_url):
            kept = self.keep(
                place, r'{"name": ["Nut\ud800\u0000s"], "words": ["Nut\ud800\u0000s"], "\ud800": ["x"]}'
            )
            assert kept is not None and kept.fields["name"] == ["Nuts"]
            answer = self.client.get(f"{place}?recover=1")
            assert (answer.status_code, "Nuts" in answer.content.decode()) == (200, True)

    def test_a_field_without_a_value_or_far_too_much_is_not_kept(self):
        for typed in ('{"words": []}', json.dumps({"words": ["x" * (LONGEST + 1)]}), "[", "{}", '{"words": [1]}'):
            assert self.keep(self.translation.work_url, typed) is None
        assert self.client.get(f"{self.translation.work_url}?recover=1").status_code == 200


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "http://testserver:a", "//", "http://evil"])
def test_a_vote_from_a_page_that_is_none_is_refused(client, db, origin):
    translation = make_translation(slug="parcel")
    given = {"helpful": "yes", "revision": translation.revisions.get().number}
    assert client.post("/en/articles/parcel/vote/", given, headers={"origin": origin}).status_code == 403
    here = {"origin": "http://testserver"}
    assert client.post("/en/articles/parcel/vote/", given, headers=here).status_code == 302
