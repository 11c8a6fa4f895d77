"""Changes are recorded, applied by the worker, and caught by the comparison where no signal tells."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Category, Translation
from search import worker
from search.engine import backend_of, backends, find
from search.models import IndexChange
from tests.factories import both, make_article, make_category, make_fact, make_flow, make_translation

from .steps import folder, run_worker, titles


class RecordingTests(TestCase):
    def recorded(self, deed):
        IndexChange.objects.all().delete()
        deed()
        return {change.label for change in IndexChange.objects.all()}

    def test_a_save_of_anything_that_search_shows_leaves_a_row(self):
        translation, fact, flow = make_translation(), make_fact("days", 3), make_flow()
        for label, instance in {
            "articles.translation": translation,
            "articles.article": translation.article,
            "articles.category": translation.article.category,
            "articles.policyfact": fact,
            "flows.flow": flow,
        }.items():
            assert self.recorded(instance.save) == {label}
        assert self.recorded(flow.published_version.save) == {"flows.flow"}

    def test_a_delete_leaves_a_row_for_all_that_goes_with_it(self):
        translation = make_translation()
        assert self.recorded(translation.article.delete) == {"articles.translation", "articles.article"}

    def test_a_rolled_back_save_leaves_none(self):
        def save_in_vain():
            with transaction.atomic():
                make_translation()
                transaction.set_rollback(True)

        assert self.recorded(save_in_vain) == set()


class ApplyTests(TestCase):
    """The comparison is not due here: the changes alone must do."""

    def setUp(self):
        self.translation = make_translation(title="Parcel", body="In {{ days }} days.", summary="")
        run_worker()

    def applied(self):
        worker.apply_changes()
        return self

    def test_a_new_article_is_found(self):
        make_translation(title="Parcel again")
        assert len(self.applied().hits("parcel")) == 2

    def test_a_changed_article_is_found_by_its_new_words_only(self):
        self.translation.title = "Package"
        self.translation.save()
        self.applied()
        assert self.hits("package")
        assert not self.hits("parcel")

    def test_a_withdrawn_article_leaves_the_index(self):
        self.translation.published_at = None
        self.translation.save()
        assert not self.applied().hits("parcel")

    def test_a_deleted_article_leaves_the_index(self):
        Article.objects.all().delete()
        assert not self.applied().hits("parcel")

    def test_a_renamed_category_changes_its_articles_and_flows(self):
        category = Category.objects.get()
        make_flow("lost", category=category)
        category.name = both("Shipments")
        category.save()
        assert len(self.applied().hits("shipments")) == 2

    def test_a_refiled_article_is_found_by_its_new_category(self):
        article = self.translation.article
        article.category = make_category(name=both("Shipments"))
        article.save()
        assert self.applied().hits("shipments")

    def test_a_changed_fact_changes_the_texts_that_use_it(self):
        make_fact("days", 41)
        assert self.applied().hits("41")

    def test_a_published_flow_is_found_and_a_withdrawn_one_is_not(self):
        flow = make_flow("lost", title=both("Zebra"))
        assert self.applied().hits("zebra")
        flow.withdraw()
        assert not self.applied().hits("zebra")

    def test_each_index_remembers_what_it_has_seen(self):
        make_translation()
        self.applied()
        assert {backend.folder.applied for backend in backends()} == {IndexChange.objects.newest()}

    def test_applying_twice_changes_nothing(self):
        make_translation(title="Parcel again")
        self.applied()
        before = {path.name for path in folder().iterdir()}
        self.applied()
        assert {path.name for path in folder().iterdir()} == before

    def test_nothing_due_costs_one_query(self):
        with self.assertNumQueries(1):
            worker.apply_changes()
        with self.assertNumQueries(0):
            worker.compare()

    def test_rows_older_than_a_week_go(self):
        make_translation()
        IndexChange.objects.update(changed_at=timezone.now() - timedelta(days=8))
        make_translation()
        self.applied()
        assert 0 < IndexChange.objects.count() <= 3
        assert not IndexChange.objects.old().exists()

    def hits(self, question):
        return find(question, "en")


class CompareTests(TestCase):
    """No row tells of these."""

    def compare(self):
        IndexChange.objects.all().delete()
        worker.compare(every=0)

    def test_a_moment_that_arrives_is_caught(self):
        translation = make_translation(title="Parcel", published_at=timezone.now() + timedelta(hours=1))
        run_worker()
        assert not find("parcel", "en")
        Translation.objects.filter(pk=translation.pk).update(published_at=timezone.now() - timedelta(seconds=1))
        self.compare()
        assert find("parcel", "en")
        Translation.objects.filter(pk=translation.pk).update(withdrawn_at=timezone.now())
        self.compare()
        assert not find("parcel", "en")

    def test_bulk_updates_are_caught(self):
        category = make_category()
        make_translation(make_article(category=category), title="Parcel", body="{{ days }}")
        make_flow("lost", category=category)
        fact = make_fact("days", 3)
        run_worker()
        Category.objects.update(name=both("Shipments"))
        type(fact).objects.update(number=57)
        self.compare()
        assert len(find("shipments", "en")) >= 2
        assert find("57", "en")

    def test_an_unchanged_index_is_not_written(self):
        make_translation()
        make_flow()
        run_worker()
        before = {path.name for path in folder().iterdir()}
        self.compare()
        assert {path.name for path in folder().iterdir()} == before

    def test_it_costs_the_same_for_two_and_for_twenty_articles(self):
        make_fact("days", 3)
        category = make_category()
        for _number in range(2):
            make_translation(make_article(category=category), body="{{ days }}")
        run_worker()
        with CaptureQueriesContext(connection) as of_two:
            worker.compare(every=0)
        for _number in range(18):
            make_translation(make_article(category=category), body="{{ days }}")
        run_worker()
        with CaptureQueriesContext(connection) as of_twenty:
            worker.compare(every=0)
        assert len(of_two) == len(of_twenty)

    def test_preparing_a_text_without_facts_asks_the_database_nothing(self):
        make_fact("days", 41)
        make_flow("lost")
        for number in range(3):
            make_translation(title=f"Parcel {number}")
        backend = backend_of("en")
        for index in backend.indexes():
            found = list(index.index_queryset(using="default"))
            with self.assertNumQueries(0):
                assert len(list(backend.documents(index, found))) == len(found) > 0

    def test_it_is_due_now_and_then(self):
        worker.compare()
        make_translation(title="Parcel")
        worker.compare()
        assert not find("parcel", "en")

    def test_a_restored_backup_does_not_hide_later_changes(self):
        make_translation(title="Parcel")
        run_worker()
        for backend in backends():
            backend.folder.remember(10**6)
        self.compare()
        make_translation(title="Package")
        worker.apply_changes()
        assert find("package", "en")


class TwoWorkersTests(TransactionTestCase):
    def test_an_index_that_another_worker_writes_is_left_alone(self):
        make_translation(title="Parcel")
        run_worker()
        make_translation(title="Package")
        with backends()[0].folder.locked():
            thread = threading.Thread(target=self.work)
            thread.start()
            thread.join(20)
            assert not thread.is_alive()
            assert not find("package", "en")
        run_worker()
        assert titles("package") == ["Package"]

    def test_many_workers_at_once_leave_one_good_index(self):
        for number in range(10):
            make_translation(title=f"Parcel {number}")
        threads = [threading.Thread(target=self.work) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert self.errors == []
        run_worker()
        assert len(find("parcel", "en")) == 10
        assert all(backend.folder.is_sound for backend in backends())

    def setUp(self):
        self.errors = []

    def work(self):
        try:
            run_worker()
        except Exception as error:
            self.errors.append(error)
        finally:
            connection.close()


@pytest.mark.django_db
def test_a_save_never_needs_the_index(tmp_path):
    (tmp_path / "index").write_text("a file where the folder should be")
    make_translation()
    make_flow()
