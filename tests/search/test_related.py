"""Related answers: rows of the worker, read by the article page."""

from django.test import Client, TestCase

from search.models import RelatedTranslation
from tests.factories import make_article, make_flow, make_translation

from .steps import run_worker


class RelatedTests(TestCase):
    def setUp(self):
        self.refund = make_translation(title="Where is my refund", slug="refund", keywords="money back")
        self.late = make_translation(title="The refund is late", slug="late", keywords="money back")
        self.speaker = make_translation(title="The speaker is silent", slug="speaker")

    def page(self, slug="refund"):
        return Client().get(f"/en/articles/{slug}/").content.decode()

    def others(self, translation):
        return [row.other for row in RelatedTranslation.objects.filter(translation=translation)]

    def test_the_nearest_text_is_related(self):
        run_worker()
        assert self.others(self.refund) == [self.late]
        assert '<li><a href="/en/articles/late/">The refund is late</a></li>' in self.page()

    def test_without_any_there_is_no_heading(self):
        run_worker()
        assert "Related answers" not in self.page("speaker")

    def test_a_new_text_is_related_both_ways(self):
        run_worker()
        new = make_translation(title="Refund to another card", slug="card", keywords="money back")
        run_worker()
        assert new in self.others(self.refund) and self.refund in self.others(new)

    def test_a_hidden_text_is_not_shown_though_the_row_is_there(self):
        run_worker()
        type(self.late).objects.filter(pk=self.late.pk).update(published_at=None)
        assert self.others(self.refund) == [self.late]
        assert "The refund is late" not in self.page()

    def test_a_withdrawn_text_leaves_the_rows(self):
        run_worker()
        self.late.published_at = None
        self.late.save()
        run_worker()
        assert self.others(self.refund) == []

    def test_languages_and_flows_stay_apart(self):
        make_translation(make_article(), "es", title="Refund", slug="refund-es")
        make_flow("refund-flow")
        run_worker()
        assert {other.language for other in self.others(self.refund)} == {"en"}

    def test_an_unchanged_content_writes_no_row(self):
        run_worker()
        before = list(RelatedTranslation.objects.values_list("pk", flat=True))
        run_worker()
        assert list(RelatedTranslation.objects.values_list("pk", flat=True)) == before
