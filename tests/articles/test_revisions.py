"""A live text is edited without readers seeing it, published now or at a moment, withdrawn, and restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Deed, OldSlug, Revision, Translation
from articles.publishing import publish_due
from articles.review import Act
from articles.stages import NotAllowed, Stage
from tests.articles.desk import do, person, write
from tests.articles.forms import Opened
from tests.factories import make_article, make_translation


class WritingTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")

    def test_a_new_text_is_revision_1(self):
        translation = make_translation(body="Before.")
        revision = translation.revisions.get()
        assert (revision.number, revision.body, revision.is_applied) == (1, "Before.", True)

    def test_a_text_that_nobody_sees_is_changed_at_once(self):
        translation = make_translation(published=False)
        revision = write(translation, self.ana)
        translation.refresh_from_db()
        assert (translation.body, translation.applied) == ("After.", revision)
        assert [one.stage for one in translation.revisions.all()] == [Stage.WRITING, Stage.REPLACED]

    def test_a_live_text_stays_as_it_is_until_somebody_publishes(self):
        translation = make_translation(body="Before.", slug="parcel")
        revision = write(translation, self.ana)
        self.assertContains(self.client.get("/en/articles/parcel/"), "Before.")
        do(Act.PUBLISH, revision, self.ana)
        self.assertContains(self.client.get("/en/articles/parcel/"), "After.")

    def test_a_scheduled_text_stays_as_its_editor_saw_it(self):
        translation = make_translation(published_at=timezone.now() + timedelta(days=1), body="Before.")
        write(translation, self.ana)
        translation.refresh_from_db()
        assert translation.body == "Before."

    def test_revisions_are_append_only(self):
        revision = make_translation().revisions.get()
        revision.body = "Rewritten."
        with pytest.raises(TypeError):
            revision.save()
        with pytest.raises(TypeError):
            Revision.objects.all().delete()

    def test_they_go_with_their_article(self):
        make_translation().article.delete()
        assert not Revision.objects.exists()

    def test_restoring_is_a_new_revision(self):
        translation = make_translation(body="Before.")
        do(Act.PUBLISH, write(translation, self.ana), self.ana)
        do(Act.RESTORE, translation.revisions.get(number=1), self.ana)
        newest = Translation.objects.get().waiting
        assert (newest.number, newest.body, newest.author) == (3, "Before.", self.ana)

    def test_one_whose_address_another_text_has_by_now_is_not_restored(self):
        draft = make_translation(slug="parcel", published=False)
        Translation.objects.get().write(draft.texts | {"slug": "parcel-late"}, by=self.ana)
        make_translation(slug="parcel", title="My parcel")
        with pytest.raises(NotAllowed, match="address of “My parcel”"):
            do(Act.RESTORE, draft.revisions.get(number=1), self.ana)
        assert draft.revisions.count() == 2

    def test_a_discarded_one_is_no_longer_the_newest_and_stays_in_the_history(self):
        translation = make_translation()
        revision = write(translation, self.ana)
        do(Act.DISCARD, revision, self.ana)
        revision.refresh_from_db()
        assert revision.stage == Stage.DISCARDED
        assert Translation.objects.get().newest.number == 1
        assert write(translation, self.ana).number == 3

    def test_a_changed_slug_redirects_once_it_is_published(self):
        translation = make_translation(slug="old")
        revision = write(translation, self.ana)
        texts = revision.texts | {"slug": "new"}
        renamed = Translation.objects.get().write(texts, by=self.ana)
        assert self.client.get("/en/articles/old/").status_code == 200
        do(Act.PUBLISH, renamed, self.ana)
        self.assertRedirects(self.client.get("/en/articles/old/"), "/en/articles/new/", status_code=301)

    def test_a_slug_that_another_text_has_taken_is_a_sentence(self):
        translation = make_translation()
        revision = Translation.objects.get().write(translation.texts | {"slug": "taken"}, by=self.ana)
        make_translation(slug="taken", title="The other")
        with pytest.raises(NotAllowed, match="The other"):
            do(Act.PUBLISH, revision, self.ana)
        assert Translation.objects.get(pk=translation.pk).applied.number == 1

    def test_a_category_page_and_an_article_page_cost_no_more_for_it(self):
        translation = make_translation(slug="parcel")
        pages = ["/en/articles/parcel/", translation.article.category.get_absolute_url()]
        before = [self.queries(page) for page in pages]
        for number in range(5):
            write(translation, self.ana, f"Number {number}")
        assert [self.queries(page) for page in pages] == before

    def queries(self, page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert self.client.get(page).status_code == 200
        return len(captured)


class MomentTests(TestCase):
    """Moments that come by themselves; the worker may have been off."""

    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.translation = make_translation(body="Before.")

    def let_come(self, revision: Revision) -> None:
        Revision.objects.filter(pk=revision.pk).update(apply_at=timezone.now() - timedelta(hours=3))

    def body(self) -> str:
        return Translation.objects.get(pk=self.translation.pk).body

    def test_the_worker_publishes_what_is_due_and_says_when_the_next_one_is(self):
        revision = write(self.translation, self.ana)
        do(Act.SCHEDULE, revision, self.ana, at=timezone.now() + timedelta(minutes=5))
        assert 200 < publish_due() <= 300
        assert self.body() == "Before."
        self.let_come(revision)
        call_command("worker", "--once")
        assert self.body() == "After."
        assert publish_due() is None

    def test_after_it_was_off_the_last_one_wins(self):
        for number in range(3):
            revision = write(self.translation, self.ana, f"Number {number}")
            do(Act.SCHEDULE, revision, self.ana, at=timezone.now() + timedelta(minutes=number + 1))
        Revision.objects.scheduled().update(apply_at=timezone.now() - timedelta(hours=1))
        publish_due()
        assert self.body() == "Number 2"

    def test_publishing_a_newer_one_ends_what_was_planned_before(self):
        older = write(self.translation, self.ana, "Older.")
        do(Act.SCHEDULE, older, self.ana, at=timezone.now() + timedelta(days=1))
        do(Act.PUBLISH, write(self.translation, self.ana, "Newer."), self.ana)
        self.let_come(older) if Revision.objects.scheduled().exists() else None
        publish_due()
        assert self.body() == "Newer."

    def test_what_is_planned_is_said_beside_a_newer_one(self):
        planned = write(self.translation, self.ana, "Planned.")
        do(Act.SCHEDULE, planned, self.ana, at=timezone.now() + timedelta(days=1))
        self.client.force_login(self.ana)
        said = f"Number {planned.number} is still planned"
        self.assertNotContains(self.client.get(self.translation.work_url), said)
        newer = write(self.translation, self.ana, "Newer.")
        self.assertContains(self.client.get(self.translation.work_url), said)
        do(Act.PUBLISH, newer, self.ana)
        self.assertNotContains(self.client.get(self.translation.work_url), said)

    def test_one_that_cannot_be_published_holds_up_no_other_and_its_editor_is_told(self):
        blocked = Translation.objects.get().write(self.translation.texts | {"slug": "taken"}, by=self.ana)
        do(Act.SCHEDULE, blocked, self.ana, at=timezone.now() + timedelta(days=1))
        make_translation(slug="taken")
        other = make_translation(body="Before.")
        revision = write(other, self.ana)
        do(Act.SCHEDULE, revision, self.ana, at=timezone.now() + timedelta(days=1))
        self.let_come(blocked)
        self.let_come(revision)
        publish_due()
        other.refresh_from_db()
        assert other.body == "After."
        deed = Deed.objects.get(what="not-published")
        assert [told.recipient for told in deed.notifications.all()] == [self.ana]
        assert not Revision.objects.scheduled().exists()

    def test_a_moment_that_is_over_is_refused(self):
        revision = write(self.translation, self.ana)
        with pytest.raises(NotAllowed, match="moment to come"):
            do(Act.SCHEDULE, revision, self.ana, at=timezone.now() - timedelta(seconds=1))

    def test_taken_back_it_waits_again(self):
        revision = write(self.translation, self.ana)
        do(Act.SCHEDULE, revision, self.ana, at=timezone.now() + timedelta(days=1))
        do(Act.UNSCHEDULE, revision, self.ana)
        revision.refresh_from_db()
        assert revision.stage == Stage.WRITING

    def test_a_first_publication_is_a_moment_that_needs_no_worker(self):
        draft = make_translation(published=False, slug="later")
        do(Act.SCHEDULE, draft.newest, self.ana, at=timezone.now() + timedelta(minutes=1))
        assert self.client.get("/en/articles/later/").status_code == 404
        Translation.objects.filter(pk=draft.pk).update(published_at=timezone.now())
        assert self.client.get("/en/articles/later/").status_code == 200

    def test_withdrawn_now_at_a_moment_and_kept_after_all(self):
        newest = self.translation.newest
        do(Act.WITHDRAW, newest, self.ana, at=timezone.now() + timedelta(days=1))
        assert Translation.objects.get().is_published
        do(Act.KEEP, newest, self.ana)
        assert Translation.objects.get().withdrawn_at is None
        do(Act.WITHDRAW, newest, self.ana)
        assert not Translation.objects.published().exists()
        with pytest.raises(NotAllowed):
            do(Act.WITHDRAW, newest, self.ana)

    def test_what_was_planned_does_not_bring_back_what_was_withdrawn(self):
        planned = write(self.translation, self.ana)
        do(Act.SCHEDULE, planned, self.ana, at=timezone.now() + timedelta(days=2))
        do(Act.WITHDRAW, planned, self.ana)
        assert not Revision.objects.scheduled().exists()
        do(Act.PUBLISH, planned, self.ana)
        later = write(self.translation, self.ana, "Later.")
        do(Act.SCHEDULE, later, self.ana, at=timezone.now() + timedelta(days=2))
        do(Act.WITHDRAW, later, self.ana, at=timezone.now() + timedelta(days=1))
        Translation.objects.update(withdrawn_at=timezone.now())
        self.let_come(later)
        publish_due()
        assert not Translation.objects.published().exists()
        assert "withdrawn since" in Deed.objects.get(what="not-published").words

    def test_a_withdrawn_text_is_published_again(self):
        do(Act.WITHDRAW, self.translation.newest, self.ana)
        revision = write(self.translation, self.ana)
        do(Act.PUBLISH, revision, self.ana)
        assert Translation.objects.published().get().body == "After."


class UnchangedTests(TestCase):
    def test_saving_as_a_browser_does_writes_nothing_of_what_was_left_alone(self):
        """A browser ends lines in two characters, and a form cuts off the end that a file has."""
        article = make_article()
        for language, end in (("en", "\n"), ("es", "\r\n")):
            lines = dict.fromkeys(("summary", "body", "keywords"), f"One.{end}Two.{end}")
            make_translation(article, language, **lines)
        self.client.force_login(person("editor", "ana"))
        opened = Opened(self.client, f"/admin/articles/article/{article.pk}/change/")
        typed = {name: value.replace("\r\n", "\n").replace("\n", "\r\n") for name, value in opened.values.items()}
        assert opened.save(**typed | {"position": "7"}).status_code == 302
        assert Revision.objects.count() == 2
        opened = Opened(self.client, opened.address)
        assert opened.save(**typed | {"translations-0-keywords": "One.\r\nThree."}).status_code == 302
        assert Revision.objects.count() == 3
        assert Revision.objects.get(number=2).keywords == "One.\nThree."


class PlannedWithdrawalTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.draft = make_translation(published=False)
        self.begins, self.ends = (timezone.now() + timedelta(days=days) for days in (3, 26))
        do(Act.SCHEDULE, self.draft.newest, self.ana, at=self.begins)
        do(Act.WITHDRAW, self.newest, self.ana, at=self.ends)

    @property
    def newest(self) -> Revision:
        return Translation.objects.get().newest

    def test_stays_when_the_text_is_published_before_its_moment(self):
        do(Act.PUBLISH, self.newest, self.ana)
        assert Translation.objects.get().is_published
        assert Translation.objects.get().withdrawn_at == self.ends

    def test_goes_with_the_schedule_that_is_taken_back(self):
        do(Act.UNSCHEDULE, self.newest, self.ana)
        do(Act.PUBLISH, self.newest, self.ana)
        assert Translation.objects.get().withdrawn_at is None

    def test_goes_when_the_text_is_published_after_it(self):
        do(Act.WITHDRAW, self.newest, self.ana)
        do(Act.SCHEDULE, self.newest, self.ana, at=self.ends + timedelta(days=1))
        assert Translation.objects.get().withdrawn_at is None


class HistoryTests(TestCase):
    def test_its_pages_read_no_text_of_all_the_revisions(self):
        translation = make_translation()
        ana = person("editor", "ana")
        for number in range(4):
            write(translation, ana, f"Text {number}.")
        self.client.force_login(ana)
        for page, shown in (("", "Restore number 3"), ("compare/?from=2&to=5", "Text <del>0</del>")):
            with self.subTest(page), CaptureQueriesContext(connection) as asked:
                self.assertContains(self.client.get(translation.work_url + page), shown)
                texts = [query["sql"] for query in asked if '"articles_revision"."body"' in query["sql"]]
                assert texts and all("LIMIT" in sql for sql in texts)


class OldSlugTests(TestCase):
    def test_a_draft_that_had_the_name_of_an_old_address_does_not_take_it_over(self):
        renamed = make_translation(slug="parcel")
        renamed.slug = "where-is-my-parcel"
        renamed.save()
        draft = make_translation(slug="parcel", published=False)
        draft.slug = "parcel-late"
        draft.save()
        self.assertRedirects(self.client.get("/en/articles/parcel/"), renamed.get_absolute_url(), 301)

    def test_what_readers_see_does(self):
        renamed = make_translation(slug="parcel")
        renamed.slug = "where-is-my-parcel"
        renamed.save()
        newer = make_translation(slug="parcel")
        newer.slug = "parcel-late"
        newer.save()
        self.assertRedirects(self.client.get("/en/articles/parcel/"), newer.get_absolute_url(), 301)

    def test_it_cannot_lead_to_itself_to_another_language_or_hide_a_text(self):
        article = make_article()
        english = make_translation(article, "en", slug="a")
        spanish = make_translation(article, "es", slug="b")
        for slug, target in (("a", english), ("x", spanish)):
            with pytest.raises(Exception, match="itself|same language"):
                OldSlug(language="en", slug=slug, translation=target).full_clean()
        make_translation(slug="taken")
        with pytest.raises(Exception, match="address of another text"):
            OldSlug(language="en", slug="taken", translation=english).full_clean()

    def test_an_editor_adds_one_and_readers_are_led_there(self):
        translation = make_translation(slug="now")
        self.client.force_login(person())
        row = {"language": "en", "slug": "in-an-old-mail", "translation": translation.pk}
        self.client.post("/admin/articles/oldslug/add/", row)
        self.assertRedirects(self.client.get("/en/articles/in-an-old-mail/"), "/en/articles/now/", status_code=301)

    def test_many_changes_are_one_redirect_each(self):
        ana = person()
        translation = make_translation(slug="s0")
        for number in range(1, 6):
            revision = Translation.objects.get().write(translation.texts | {"slug": f"s{number}"}, by=ana)
            do(Act.PUBLISH, revision, ana)
        for number in range(5):
            self.assertRedirects(self.client.get(f"/en/articles/s{number}/"), "/en/articles/s5/", status_code=301)


class MigrationTests(TransactionTestCase):
    """What is there becomes revision 1."""

    def test_texts_become_their_revision_1(self):
        executor = MigrationExecutor(connection)
        executor.migrate([("articles", "0002_revisions")])
        old = executor.loader.project_state([("articles", "0002_revisions")]).apps
        category = old.get_model("articles", "Category").objects.create(name="{}", slug="c")
        article = old.get_model("articles", "Article").objects.create(key="k", category=category)
        for language in ("en", "es"):
            old.get_model("articles", "Translation").objects.create(
                article=article, language=language, title=language, slug=language, body="Body."
            )
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        english, spanish = Translation.objects.order_by("language")
        assert (english.applied.number, english.applied.body) == (1, "Body.")
        assert spanish.applied.made_from == english.applied
        assert Article.objects.get().source == english
