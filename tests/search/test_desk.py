"""The editors' desk for search: what people look for, and its repairs; search cases and what holds of them."""

import pytest
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from search.models import LoggedSearch, SearchCase, Synonym
from tests.factories import both, make_article, make_flow, make_staff, make_translation

from .steps import page, run_worker, titles

# The admin's own templates print variables that are not always there.
pytestmark = pytest.mark.ignore_template_errors

REPORT = "/admin/search/loggedsearch/"


class ReportTests(TestCase):
    def setUp(self):
        self.parcel = make_translation(title="Return a parcel")
        run_worker()
        for question in ("zebra", "Zebra", "ZEBRA", "parcel", "parcel", "return"):
            page(question)
        LoggedSearch.objects.filter(asked="return").update(opened=f"articles.translation.{self.parcel.pk}")
        self.client.force_login(make_staff("editor"))

    def asked(self, **chosen):
        return [row["asked"] for row in self.client.get(REPORT, chosen).context["rows"]]

    def test_shows_first_what_found_no_answer_however_it_was_capitalised(self):
        (row,) = self.client.get(REPORT).context["rows"]
        assert (row["asked"], row["times"]) == ("zebra", 3)

    def test_shows_what_nobody_opened_and_what_is_frequent(self):
        assert self.asked(show="unopened") == ["parcel"]
        assert self.asked(show="frequent") == ["zebra", "parcel", "return"]

    def test_shows_one_language(self):
        page("cebra", "es")
        assert self.asked(language="es") == ["cebra"]
        assert self.asked(language="en") == ["zebra"]

    def test_what_cannot_be_chosen_counts_as_not_chosen(self):
        for chosen in ({"show": "x"}, {"language": "xx"}, {"days": "9999999999"}, {"page": "x"}, {"days": "-1"}):
            assert self.asked(**chosen) == ["zebra"], chosen

    def test_a_question_is_text_and_nothing_else(self):
        page("<script>alert(1)</script> zebra")
        assert "<script>alert" not in self.client.get(REPORT).content.decode()

    def test_a_synonym_starts_with_the_question(self):
        address = self.client.get(REPORT).context["rows"][0]["synonym_url"]
        self.assertContains(self.client.get(address), ">\nzebra</textarea>")

    def test_a_keyword_is_added_to_the_text_and_found(self):
        address = self.client.get(REPORT).context["rows"][0]["keyword_url"]
        assert self.client.get(address).context["form"]["keyword"].value() == "zebra"
        given = {"language": "en", "keyword": "  striped  horse ", "translation": self.parcel.pk}
        response = self.client.post(address, given, follow=True)
        self.assertContains(response, "“striped horse” is a keyword of")
        run_worker()
        assert titles("striped horse") == ["Return a parcel"]

    def test_a_keyword_waits_with_an_unapplied_revision(self):
        self.parcel.write(self.parcel.texts | {"title": "Not yet"}, by=None, note="")
        given = {"language": "en", "keyword": "striped horse", "translation": self.parcel.pk}
        response = self.client.post(reverse("admin:search_loggedsearch_keyword"), given, follow=True)
        self.assertContains(response, "it counts when that is published")
        self.parcel.refresh_from_db()
        assert (self.parcel.title, self.parcel.keywords) == ("Return a parcel", "")
        assert (self.parcel.waiting.title, self.parcel.waiting.keywords) == ("Not yet", "striped horse")

    @override_settings(REVIEW="required")
    def test_a_keyword_waits_for_its_review_where_one_is_required(self):
        given = {"language": "en", "keyword": "striped horse", "translation": self.parcel.pk}
        self.client.post(reverse("admin:search_loggedsearch_keyword"), given)
        self.parcel.refresh_from_db()
        assert self.parcel.keywords == "" and self.parcel.waiting.keywords == "striped horse"

    def test_a_keyword_is_not_added_twice(self):
        for keyword in ("striped horse", "Striped Horse"):
            given = {"language": "en", "keyword": keyword, "translation": self.parcel.pk}
            self.client.post(reverse("admin:search_loggedsearch_keyword"), given)
        self.parcel.refresh_from_db()
        assert self.parcel.keywords == "striped horse"

    def test_a_keyword_without_a_text_is_asked_for_and_kept(self):
        given = {"language": "en", "keyword": "striped horse", "translation": "999"}
        response = self.client.post(reverse("admin:search_loggedsearch_keyword"), given)
        self.assertContains(response, 'value="striped horse"')
        assert response.context["form"].errors["translation"]

    def offered(self, **given):
        address = reverse("admin:search_loggedsearch_keyword")
        return [
            text.title for text in self.client.get(address, {"language": "en"} | given).context["form"].offered
        ]

    def test_the_nearest_texts_are_offered(self):
        for number in range(9):
            make_translation(title=f"Socks {number}", body="Wool.")
        run_worker()
        assert self.offered(keyword="send my parcel back") == ["Return a parcel"]
        assert len(self.offered(keyword="socks")) == 8
        assert self.offered(keyword="zebra") == []

    def test_what_no_database_takes_is_words_all_the_same(self):
        assert self.offered(keyword="par\0cel") == ["Return a parcel"]
        given = {"language": "en", "keyword": "\0", "find": "\0", "translation": "9" * 30}
        for more in ({}, {"look": "1"}):
            page = self.client.post(reverse("admin:search_loggedsearch_keyword"), given | more)
            assert page.status_code == 200

    def test_another_text_is_found_by_its_words_a_draft_too(self):
        make_translation(title="Strollers", published=False)
        make_translation(title="Cochecitos", language="es")
        assert self.offered(keyword="zebra", find="stroller") == ["Strollers"]
        assert self.offered(keyword="zebra", find="cochecitos") == []

    def test_looking_for_another_text_keeps_what_was_typed_and_chosen(self):
        make_translation(title="Strollers")
        given = {
            "language": "en",
            "keyword": "zébra",
            "translation": self.parcel.pk,
            "find": "stroller",
            "look": "1",
        }
        answer = self.client.post(reverse("admin:search_loggedsearch_keyword"), given)
        self.assertContains(answer, 'value="zébra"')
        assert [text.title for text in answer.context["form"].offered] == ["Return a parcel", "Strollers"]
        self.assertContains(answer, f'value="{self.parcel.pk}" id="text-{self.parcel.pk}" checked')

    def test_offering_costs_the_same_however_many_texts_there_are(self):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                self.offered(keyword="parcel")
            return len(captured)

        few = cost()
        for number in range(5):
            make_translation(title=f"Parcel {number}")
        run_worker()
        assert cost() == few

    def test_the_list_costs_the_same_however_long_it_is(self):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                self.client.get(REPORT)
            return len(captured)

        before = cost()
        for number in range(30):
            page(f"zebra{chr(97 + number % 26)}{chr(97 + number // 26)}x")
        assert cost() == before


class RoleTests(TestCase):
    def test_who_may_see_and_repair(self):
        keyword = reverse("admin:search_loggedsearch_keyword")
        may = {"editor": (200, 200, 200), "author": (200, 403, 403), "agent": (403, 403, 403)}
        for group, (report, synonym, add) in may.items():
            self.client.force_login(make_staff(group))
            assert self.client.get(REPORT).status_code == report, group
            assert self.client.get(reverse("admin:search_synonym_add")).status_code == synonym, group
            assert self.client.get(keyword).status_code == add, group
            assert self.client.post(keyword, {"keyword": "x"}).status_code == add, group

    def test_the_public_sees_nothing(self):
        assert self.client.get(REPORT).status_code == 302
        assert self.client.get(reverse("admin:search_loggedsearch_keyword")).status_code == 302


class SearchCaseTests(TestCase):
    def setUp(self):
        self.client.force_login(make_staff("editor"))
        self.article = make_article(key="returns")
        make_translation(self.article, title="Return a parcel")
        self.flow = make_flow("lost", title=both("Lost luggage"))
        run_worker()

    def test_the_list_costs_no_more_for_more_cases(self):
        address, counted = reverse("admin:search_searchcase_changelist"), []
        for number in (2, 10):
            for one in range(number):
                SearchCase.objects.get_or_create(
                    language="en", question=f"return a parcel {one}", defaults={"article": self.article}
                )
            with CaptureQueriesContext(connection) as queries:
                self.assertContains(self.client.get(address), "✓", count=number)
            counted.append(len(queries))
        assert counted[1] == counted[0] <= 12

    def states(self):
        html = self.client.get(reverse("admin:search_searchcase_changelist")).content.decode()
        return [part.split("<")[0] for part in html.split('class="field-state">')[1:]]

    def test_the_list_says_which_hold(self):
        SearchCase.objects.create(language="en", question="a parcel", article=self.article)
        SearchCase.objects.create(language="en", question="luggage", flow=self.flow)
        SearchCase.objects.create(language="en", question="zebra", flow=self.flow)
        assert self.states() == ["✓ number 1", "✓ number 1", "✗ not among the results"]

    def test_one_beyond_the_first_five_does_not_hold(self):
        for number in range(6):
            make_translation(title=f"Luggage {number}", keywords="luggage")
        run_worker()
        SearchCase.objects.create(language="en", question="luggage", flow=self.flow)
        assert self.states() == ["✗ only as number 7"]

    def test_expects_exactly_one(self):
        given = {"language": "en", "question": "parcel", "article": "", "flow": ""}
        response = self.client.post(reverse("admin:search_searchcase_add"), given)
        self.assertContains(response, "Choose either an article or a flow.")

    def test_words_that_are_no_synonym_are_said_and_kept(self):
        given = {"language": "en", "words": "parcel"}
        response = self.client.post(reverse("admin:search_synonym_add"), given)
        self.assertContains(response, "Write at least two lines")
        self.assertContains(response, "parcel</textarea>")
        assert not Synonym.objects.exists()
