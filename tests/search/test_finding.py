from django.core.management import call_command
from django.test import TestCase

from articles.models import PolicyFact
from flows.models import Flow
from search import worker
from search.engine import find
from tests.factories import STEPS, both, make_article, make_category, make_fact, make_flow, make_translation

from .steps import page, run_worker, titles


class FindingTests(TestCase):
    def test_finds_an_article_after_the_worker_ran(self):
        make_translation(title="Return a parcel")
        run_worker()
        assert titles("parcel") == ["Return a parcel"]

    def test_finds_words_of_title_summary_keywords_body_and_category(self):
        category = make_category(name={"en": "Gadgets", "es": "Aparatos"})
        make_translation(
            make_article(category=category),
            title="Alpha",
            summary="Beta",
            keywords="gamma\ndelta",
            body="## Epsilon\n\n* a **zeta**",
        )
        run_worker()
        for word in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "gadgets"):
            assert titles(word) == ["Alpha"], word

    def test_finds_each_translation_in_its_own_language_only(self):
        article = make_article()
        make_translation(article, "en", title="Return a parcel")
        make_translation(article, "es", title="Devolver un paquete")
        run_worker()
        assert titles("parcel", "en") == ["Return a parcel"]
        assert titles("paquete", "es") == ["Devolver un paquete"]
        assert find("paquete", "en") == find("parcel", "es") == []

    def test_spanish_needs_no_accents_and_no_right_number(self):
        make_translation(language="es", title="Política de devoluciones")
        run_worker()
        for question in ("devolucion", "devolución", "DEVOLUCIONES", "politica"):
            assert titles(question, "es") == ["Política de devoluciones"], question

    def test_more_of_the_words_come_first(self):
        make_translation(title="Refund", body="Refund refund refund refund.")
        make_translation(title="Something else", body="A refund for a broken speaker, and many other words here.")
        run_worker()
        assert titles("refund broken speaker") == ["Something else", "Refund"]

    def test_a_title_counts_more_than_a_body(self):
        make_translation(title="About speakers", body="Words about a warranty and so on.")
        make_translation(title="About the warranty", body="Words about speakers and so on.")
        run_worker()
        assert titles("warranty") == ["About the warranty", "About speakers"]

    def test_finds_what_a_fact_says(self):
        make_fact("return_days", 41)
        make_translation(title="Returns", body="You have {{ return_days }} days.")
        run_worker()
        assert titles("41") == ["Returns"]

    def test_a_changed_fact_changes_what_is_found(self):
        make_fact("return_days", 41)
        make_translation(title="Returns", body="You have {{ return_days }} days.")
        run_worker()
        PolicyFact.objects.get().delete()
        make_fact("return_days", 57)
        run_worker()
        assert titles("57") == ["Returns"]
        assert titles("41") == []

    def test_rebuild_index_leaves_the_same_index(self):
        make_translation(title="Return a parcel")
        make_flow("lost-parcel")
        call_command("rebuild_index", "--noinput", verbosity=0)
        assert titles("parcel") == ["Return a parcel", "Flow lost-parcel (en)"]

    def test_update_index_removes_what_is_gone(self):
        translation = make_translation(title="Return a parcel")
        run_worker()
        type(translation).objects.all().delete()
        call_command("update_index", "--remove", verbosity=0)
        assert find("parcel", "en") == []


class FlowTests(TestCase):
    def test_finds_a_flow_by_its_title_summary_and_steps(self):
        make_flow("lost", title=both("Where is it"), summary=both("Finds parcels"))
        run_worker()
        for word in ("where", "parcel", "try"):
            assert titles(word) == ["Where is it (en)"], word

    def test_finds_what_a_fact_says_in_a_flow(self):
        make_fact("return_days", 41)
        steps = STEPS | {"try": STEPS["try"] | {"body": both("You have {{ return_days }} days.")}}
        make_flow("lost", steps, title=both("Where is it"), summary=both("Takes {{ return_days }} days"))
        run_worker()
        assert titles("41") == ["Where is it (en)"]
        assert "Takes <mark>41</mark> days" in page("41")
        fact = PolicyFact.objects.get()
        fact.number = 57
        fact.save()
        worker.apply_changes()
        assert titles("57") == ["Where is it (en)"]
        assert titles("41") == []

    def test_a_flow_is_found_in_its_complete_languages_only(self):
        flow = make_flow("lost", title=both("Parcel"))
        flow.published_version.languages = " en "
        flow.published_version.save()
        run_worker()
        assert titles("parcel", "en") == ["Parcel (en)"]
        assert find("parcel", "es") == []

    def test_a_flow_is_no_longer_found_after_it_was_withdrawn(self):
        make_flow("lost", title=both("Parcel"))
        run_worker()
        Flow.objects.get().withdraw()
        run_worker()
        assert titles("parcel") == []

    def test_steps_of_a_draft_version_are_not_found(self):
        flow = make_flow("lost", title=both("Parcel"))
        flow.make_draft().steps.update(title={"en": "Zanzibar", "es": "Zanzibar"})
        run_worker()
        assert titles("zanzibar") == []
