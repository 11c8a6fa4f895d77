from django.test import Client, TestCase

from search import engine
from search.analysis import MAX_TERMS, words
from tests.factories import both, make_flow, make_translation

from .steps import run_worker, suggestions


class SuggestionTests(TestCase):
    def test_completes_words_of_titles_and_keywords(self):
        make_translation(title="Return a parcel", keywords="send something back", body="Zebra.")
        run_worker()
        for question in ("ret", "retu", "parc", "RETURN PAR", "a par", "somet", "back"):
            assert suggestions(question) == ["Return a parcel"], question
        assert suggestions("zeb") == suggestions("urn") == suggestions("ret zeb") == []

    def test_a_slip_is_mended_where_nothing_begins_so(self):
        make_translation(title="Return a parcel")
        make_translation(title="Retail shops")
        run_worker()
        for question in ("retrun", "rteur", "parzel", "parcle", "eturn", "return parzel"):
            assert suggestions(question) == ["Return a parcel"], question

    def test_a_sign_that_is_no_word_spoils_no_suggestion(self):
        make_translation(title="Charger ﾟ broken", body="✧ ﾞ")
        run_worker()
        assert [found for _label, found in engine.complete("chrager", "en")] != []
        assert suggestions("chrager") == ["Charger ﾟ broken"]
        assert words("ﾟ ｶﾞ a1") == ["カ", "a1"]

    def test_asks_for_three_letters(self):
        make_translation(title="Return a parcel")
        run_worker()
        for question in ("", "r", "re", "re ", "r*", "  re"):
            assert suggestions(question) == [], question

    def test_needs_no_accents(self):
        make_translation(language="es", title="Política de devolución")
        run_worker()
        assert suggestions("devolucio", "es") == suggestions("POLÍ", "es") == ["Política de devolución"]

    def test_offers_flows_as_guided_help(self):
        make_flow("lost", title=both("Lost parcel"))
        run_worker()
        html = Client().get("/en/search/suggestions/?q=los").content.decode()
        assert '<a href="/en/resolve/lost/">Lost parcel (en) <span class="tag">Guided help</span></a>' in html

    def test_flows_come_first(self):
        make_translation(title="Parcel")
        make_flow("lost", title=both("A parcel that is lost on its way"))
        run_worker()
        assert suggestions("par") == ["A parcel that is lost on its way (en)", "Parcel"]

    def test_may_be_kept_by_anybody_for_a_minute(self):
        response = Client().get("/en/search/suggestions/?q=par")
        assert response["Cache-Control"] == "public, max-age=60"
        assert "Cookie" not in response.get("Vary", "")

    def test_offers_six_at_most_and_says_how_many(self):
        for number in range(9):
            make_translation(title=f"Parcel {number}")
        run_worker()
        assert len(suggestions("par")) == 6
        assert "6 suggestions" in Client().get("/en/search/suggestions/?q=par").content.decode()

    def test_is_a_fragment_without_layout_cookie_or_index_entry(self):
        run_worker()
        response = Client().get("/en/search/suggestions/?q=par")
        assert "<html" not in response.content.decode()
        assert not response.cookies
        assert response["X-Robots-Tag"] == "noindex"

    def test_escapes_titles(self):
        make_translation(title="Parcel <img src=x onerror=alert(1)>")
        run_worker()
        html = Client().get("/en/search/suggestions/?q=par").content.decode()
        assert "Parcel &lt;img src=x" in html

    def test_costs_the_same_for_one_and_for_six(self):
        make_translation(title="Parcel")
        run_worker()
        with self.assertNumQueries(1):
            suggestions("par")
        for _number in range(5):
            make_translation(title="Parcel")
        run_worker()
        with self.assertNumQueries(1):
            suggestions("par")

    def test_a_long_question_is_cut(self):
        make_translation(title=" ".join(f"word{number}" for number in range(MAX_TERMS)))
        run_worker()
        assert len(suggestions(" ".join(f"word{number}" for number in range(100)))) == 1
