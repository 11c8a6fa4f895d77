"""The index may be stale; what is shown never is."""

from datetime import timedelta

import pytest
from django.test import Client, TestCase
from django.utils import timezone

from articles.models import Translation
from flows.models import Flow
from search.engine import find
from tests.factories import both, make_article, make_category, make_flow, make_translation

from .steps import page, run_worker, suggestions, titles

BOTH = ("en", "es")


def draft():
    Translation.objects.update(published_at=None)


def schedule():
    Translation.objects.update(published_at=timezone.now() + timedelta(hours=1))


def withdraw():
    now = timezone.now()
    Translation.objects.update(published_at=now - timedelta(days=2), withdrawn_at=now - timedelta(seconds=1))


def delete():
    Translation.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("hide", [draft, schedule, withdraw, delete])
@pytest.mark.parametrize("language", BOTH)
def test_what_was_hidden_after_indexing_is_never_shown(hide, language):
    make_translation(language=language, title="Canario", keywords="canario", body="Canario.", summary="Canario.")
    run_worker()
    assert titles("canario", language) == suggestions("canario", language) == ["Canario"]
    hide()
    assert find("canario", language), "the control: the index must be stale, or this test shows nothing"
    html = page("canario", language)
    assert titles("canario", language) == suggestions("canario", language) == []
    assert ">Canario" not in html
    assert "<mark>" not in html


class CanaryTests(TestCase):
    """Never indexed, never counted: what was hidden when the worker ran."""

    def setUp(self):
        now = timezone.now()
        self.category = make_category(slug="parcels")
        hidden = {
            "draft": {"published": False},
            "scheduled": {"published_at": now + timedelta(hours=1)},
            "withdrawn": {"published_at": now - timedelta(days=2), "withdrawn_at": now - timedelta(days=1)},
        }
        for language in BOTH:
            make_translation(make_article(category=self.category), language, title="Parcel seen")
            for name, moments in hidden.items():
                make_translation(
                    make_article(category=self.category),
                    language,
                    title=f"Parcel canary{name}",
                    keywords=f"canary{name}",
                    body=f"Canary{name}",
                    **moments,
                )
        make_flow("canaryflow", title=both("Parcel canaryflow"), published=False)
        run_worker()

    def test_no_canary_in_results_or_suggestions(self):
        for language in BOTH:
            for name in ("draft", "scheduled", "withdrawn", "flow"):
                assert titles(f"canary{name}", language) == suggestions(f"canary{name}", language) == []
                assert f"canary{name}" not in page("parcel", language)
            assert suggestions("parcel", language) == ["Parcel seen"]

    def test_no_canary_in_totals_and_counts(self):
        for language in BOTH:
            context = Client().get(f"/{language}/search/?q=parcel").context
            assert context["page"].paginator.count == 1
            assert [place.count for place in context["found"].places] == [1]

    def test_no_canary_in_the_index_itself(self):
        for language in BOTH:
            assert len(find("parcel", language)) == 1


class StaleCountTests(TestCase):
    def test_totals_pages_and_category_counts_leave_out_what_was_hidden(self):
        category = make_category(slug="parcels")
        for number in range(12):
            make_translation(make_article(category=category), title=f"Parcel {number}")
        run_worker()
        hidden = Translation.objects.order_by("pk")[:3]
        Translation.objects.filter(pk__in=[each.pk for each in hidden]).update(published_at=None)
        context = Client().get("/en/search/?q=parcel").context
        assert context["page"].paginator.count == 9
        assert context["page"].paginator.num_pages == 1
        assert [place.count for place in context["found"].places] == [9]

    def test_a_withdrawn_flow_is_not_shown(self):
        make_flow("lost", title=both("Parcel"))
        run_worker()
        Flow.objects.update(published_version=None)
        assert find("parcel", "en")
        assert titles("parcel") == suggestions("parcel") == []

    def test_a_snippet_shows_the_text_of_now(self):
        make_translation(title="Parcel", summary="Parcel: the old secret.")
        run_worker()
        Translation.objects.update(summary="Parcel: the new words.")
        html = page("parcel")
        assert "old secret" not in html
        assert "the new words" in html
