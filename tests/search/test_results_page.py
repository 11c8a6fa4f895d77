import pytest
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import both, make_article, make_category, make_fact, make_flow, make_translation

from .steps import page, run_worker, titles


class ResultsPageTests(TestCase):
    def setUp(self):
        self.orders = make_category(slug="orders", name=both("Orders"))
        self.delivery = make_category(slug="delivery", name=both("Delivery"), parent=self.orders)
        self.devices = make_category(slug="devices", name=both("Devices"))

    def fill(self):
        make_translation(
            make_article(category=self.orders), title="Parcel one", slug="parcel-one", summary="A parcel."
        )
        make_translation(make_article(category=self.delivery), title="Parcel two")
        make_translation(make_article(category=self.devices), title="Parcel three")
        make_flow("lost", category=self.devices, title=both("Parcel flow"))
        run_worker()

    def test_shows_title_category_snippet_and_kind(self):
        self.fill()
        html = page("parcel")
        assert titles("parcel")[0] == "Parcel one"
        assert '<a href="/en/articles/parcel-one/" data-result="articles.translation.' in html
        assert '<a href="/en/resolve/lost/" data-result="flows.flow.' in html
        assert "A <mark>parcel</mark>." in html
        assert html.count('<span class="tag">Guided help</span>') == 1

    def test_says_how_many_in_heading_and_status(self):
        self.fill()
        html = " ".join(page("parcel").split())
        assert "<h1> 4 results for “parcel” </h1>" in html
        assert '<p class="meta" role="status"> 4 results, showing 1 to 4. </p>' in html

    def test_speaks_spanish_in_spanish(self):
        make_translation(language="es", title="Paquete")
        run_worker()
        assert titles("paquetes", "es") == ["Paquete"]
        assert '<html lang="es"' in page("paquetes", "es")

    def test_filters_by_category_and_what_is_below_it(self):
        self.fill()
        assert set(titles("parcel", category="orders")) == {"Parcel one", "Parcel two"}
        assert titles("parcel", category="delivery") == ["Parcel two"]
        assert set(titles("parcel", category="devices")) == {"Parcel three", "Parcel flow (en)"}

    def test_offers_categories_with_counts(self):
        self.fill()
        html = page("parcel", category="devices")
        assert '<a href="/en/search/?q=parcel">All categories (4)</a>' in html
        assert '<a href="/en/search/?q=parcel&amp;category=orders">Orders (en) (2)</a>' in html
        assert (
            '<a href="/en/search/?q=parcel&amp;category=devices" aria-current="true">Devices (en) (2)</a>' in html
        )

    def test_a_category_that_is_no_more_does_not_hide_results(self):
        self.fill()
        for slug in ("gone", "' OR 1=1", "x" * 500):
            assert len(titles("parcel", category=slug)) == 4

    def test_a_category_without_results_leads_to_the_others(self):
        self.fill()
        html = page("one", category="devices")
        assert titles("one", category="devices") == []
        assert "All categories (1)" in html
        assert "Devices (en) (0)" in html

    def test_pages_are_links(self):
        for number in range(23):
            make_translation(make_article(category=self.orders), title=f"Parcel {number}")
        run_worker()
        seen = [title for number in (1, 2, 3) for title in titles("parcel", page=number)]
        assert len(seen) == len(set(seen)) == 23
        second = page("parcel", page=2)
        assert '<a href="/en/search/?q=parcel" rel="prev">' in second
        assert '<a href="/en/search/?q=parcel&amp;page=3" rel="next">' in second
        assert '<a href="/en/search/?q=parcel&amp;page=2" aria-current="page">' in second
        assert '<ol class="results" start="11">' in second

    def test_a_page_that_does_not_exist_is_the_nearest_one(self):
        self.fill()
        for number in ("0", "99", "x", "-1", "9" * 50):
            assert len(titles("parcel", page=number)) == 4

    def test_without_a_question_it_offers_categories(self):
        for question in ("", "   ", "\x00"):
            html = page(question)
            assert "Orders (en)" in html
            assert "results for" not in html
            assert 'role="status"' not in html

    def test_an_empty_result_helps_on(self):
        self.fill()
        html = page("zebra")
        assert "What may help" in html
        assert '<a href="/en/categories/orders/">Orders (en)</a>' in html

    def test_the_question_goes_along_to_contact_by_post(self):
        html = page('zebra "quoted"')
        assert f'<form class="panel" action="{reverse("contact_from_search")}" method="post">' in html
        assert '<input type="hidden" name="search" value="zebra &quot;quoted&quot;">' in html
        assert "csrfmiddlewaretoken" not in html

    def test_is_not_indexed_and_sets_no_cookie(self):
        self.fill()
        for address in ("/en/search/", "/en/search/?q=parcel", "/en/search/?q=zebra"):
            response = Client().get(address)
            assert '<meta name="robots" content="noindex">' in response.content.decode()
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")

    def test_only_reads(self):
        assert Client().post("/en/search/").status_code == 405
        assert Client().post("/en/search/suggestions/").status_code == 405

    def test_the_question_is_escaped_everywhere(self):
        html = page('"><script>alert(1)</script>')
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html


@pytest.mark.django_db
def test_thirty_results_cost_as_many_queries_as_two():
    make_fact("days", 3)
    category = make_category()

    def add(count):
        for _number in range(count):
            text = {
                "title": "Parcel",
                "summary": "A parcel in {{ days }} days",
                "body": "[x](article:none) {{ days }}",
            }
            make_translation(make_article(category=category), **text)
            make_flow(category=category, title=both("Parcel"))
        run_worker()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = len(titles("parcel"))
        return found, len(captured)

    add(1)
    assert queries()[0] == 2
    of_two = queries()[1]
    add(29)
    found, of_many = queries()
    assert found == 10
    assert of_many <= of_two <= 8  # with the synonyms and the log
