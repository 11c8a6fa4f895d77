"""A flow's versions: drawn without customers seeing it, reviewed, published at a moment, compared, restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Deed, Notification
from articles.review import Act
from articles.stages import NotAllowed, Stage
from flows.models import Flow, FlowVersion, Option
from flows.publishing import publish_due
from tests.articles.desk import do, person, press
from tests.articles.forms import Opened
from tests.factories import both, make_flow

pytestmark = pytest.mark.ignore_template_errors


class VersionTestCase(TestCase):
    def setUp(self) -> None:
        self.ana, self.ben = person("editor", "ana"), person("author", "ben")
        self.flow = make_flow("parcel")
        self.draft = self.flow.make_draft(self.ben)
        self.rename("Quite another question")

    def rename(self, words: str) -> None:
        step = self.draft.steps.get(slug="start")
        step.title = both(words)
        step.save()

    def shown(self) -> str:
        return self.client.get("/en/resolve/parcel/start/").content.decode()

    def again(self) -> FlowVersion:
        return FlowVersion.objects.get(pk=self.draft.pk)


class PublishingTests(VersionTestCase):
    def test_customers_see_nothing_of_a_draft_until_it_is_published(self):
        assert "Quite another" not in self.shown()
        do(Act.PUBLISH, self.draft, self.ana)
        assert "Quite another" in self.shown()

    def test_at_a_moment_by_the_worker(self):
        do(Act.SCHEDULE, self.draft, self.ana, at=timezone.now() + timedelta(minutes=5))
        assert 200 < publish_due() <= 300
        FlowVersion.objects.filter(pk=self.draft.pk).update(apply_at=timezone.now() - timedelta(hours=2))
        call_command("worker", "--once")
        assert "Quite another" in self.shown()
        assert self.again().stage == Stage.APPLIED

    def test_one_with_problems_is_not_scheduled_and_one_that_gets_some_is_given_up(self):
        do(Act.SCHEDULE, self.draft, self.ana, at=timezone.now() + timedelta(days=1))
        self.draft.steps.get(slug="solved").delete()
        FlowVersion.objects.filter(pk=self.draft.pk).update(apply_at=timezone.now())
        publish_due()
        assert self.again().stage == Stage.WRITING
        deed = Deed.objects.get(what="not-published")
        assert "does not say which step follows" in deed.words
        assert [told.recipient for told in deed.notifications.all()] == [self.ana]
        with pytest.raises(NotAllowed, match="does not say"):
            do(Act.SCHEDULE, self.again(), self.ana, at=timezone.now() + timedelta(days=1))

    def test_withdrawn_at_a_moment_without_any_worker(self):
        published = self.flow.published_version
        do(Act.WITHDRAW, published, self.ana, at=timezone.now() + timedelta(days=1))
        assert Flow.objects.published().exists()
        Flow.objects.update(withdrawn_at=timezone.now())
        assert self.client.get("/en/resolve/parcel/").status_code == 404
        do(Act.PUBLISH, self.draft, self.ana)
        assert self.client.get("/en/resolve/parcel/").status_code == 200

    def test_what_was_planned_does_not_bring_back_what_was_withdrawn(self):
        do(Act.SCHEDULE, self.draft, self.ana, at=timezone.now() + timedelta(days=2))
        do(Act.WITHDRAW, self.draft, self.ana)
        assert self.again().apply_at is None
        do(Act.PUBLISH, self.draft, self.ana)
        self.draft = Flow.objects.get().make_draft(self.ben)
        do(Act.SCHEDULE, self.draft, self.ana, at=timezone.now() + timedelta(days=2))
        Flow.objects.update(withdrawn_at=timezone.now() - timedelta(minutes=1))
        FlowVersion.objects.filter(pk=self.draft.pk).update(apply_at=timezone.now())
        publish_due()
        assert not Flow.objects.published().exists()
        do(Act.SCHEDULE, self.again(), self.ana, at=timezone.now() + timedelta(days=2))
        FlowVersion.objects.filter(pk=self.draft.pk).update(apply_at=timezone.now())
        publish_due()
        assert Flow.objects.published().exists()

    def test_a_title_that_goes_or_comes_takes_its_language_along(self):
        for title, offered in (({"en": "Parcel"}, ["en"]), (both("Parcel"), ["en", "es"])):
            self.flow.title = title
            self.flow.save()
            assert Flow.objects.get(slug="parcel").offered_languages == offered
            page = self.client_class().get("/es/resolve/parcel/")
            assert ("todavía" in page.content.decode()) == (offered == ["en"])
            assert Flow.objects.offered("es").exists() == (offered != ["en"])

    def test_a_draft_is_copied_whole_or_not_at_all(self):
        self.draft.discard()
        other = make_flow("other")
        options = Option.objects.filter(step__version__flow=self.flow)
        options.update(leads_to=other.published_version.steps.first())  # which no copy can lead to
        with self.assertRaises(KeyError):
            self.flow.make_draft(self.ben)
        assert self.flow.draft_version is None

    def test_the_pages_cost_no_more_queries_for_their_history(self):
        pages = ["/en/resolve/parcel/", "/en/resolve/parcel/start/", self.flow.category.get_absolute_url()]
        before = [self.queries(page) for page in pages]
        for _number in range(3):
            do(Act.PUBLISH, Flow.objects.get().make_draft(self.ben), self.ana)
        Flow.objects.get().make_draft(self.ben)
        assert [self.queries(page) for page in pages] == before

    def queries(self, page: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert self.client.get(page).status_code == 200
        return len(captured)


class ReviewTests(VersionTestCase):
    @override_settings(REVIEW="required")
    def test_nothing_is_published_that_nobody_else_approved(self):
        self.client.force_login(self.ana)
        address = f"/admin/flows/flowversion/{self.draft.pk}/change/"
        Opened(self.client, address).save(_do="publish")
        assert "Quite another" not in self.shown()
        self.client.force_login(self.ana)
        self.assertContains(press(self.client, self.draft, "publish"), "must approve it")
        do(Act.SUBMIT, self.draft, self.ben)
        assert [told.recipient for told in Notification.objects.all()] == [self.ana]
        do(Act.APPROVE, self.draft, self.ana)
        do(Act.PUBLISH, self.draft, self.ana)
        assert "Quite another" in self.shown()

    def test_a_change_ends_the_approval(self):
        do(Act.SUBMIT, self.draft, self.ben)
        do(Act.APPROVE, self.draft, self.ana)
        self.client.force_login(self.ana)
        address, start = f"/admin/flows/flowversion/{self.draft.pk}/change/", self.draft.steps.first()
        for name in (f"step-{start.pk}-title_0", f"option-{start.options.first().pk}-label_0"):
            FlowVersion.objects.filter(pk=self.draft.pk).update(approved_at=timezone.now())
            assert Opened(self.client, address).save(**{name: "Another word"}).status_code == 302
            assert (self.again().stage, self.again().author) == (Stage.WRITING, self.ana)

    def test_saving_without_a_change_leaves_it(self):
        do(Act.SUBMIT, self.draft, self.ben)
        do(Act.APPROVE, self.draft, self.ana)
        self.client.force_login(self.ben)
        Opened(self.client, f"/admin/flows/flowversion/{self.draft.pk}/change/").save()
        assert self.again().stage == Stage.APPROVED

    def test_what_was_not_looked_at_is_not_approved(self):
        do(Act.SUBMIT, self.draft, self.ben)
        seen = self.draft.digest
        self.rename("Changed in between")
        with pytest.raises(NotAllowed, match="changed since you opened"):
            do(Act.APPROVE, self.draft, self.ana, seen=seen)
        self.client.force_login(self.ana)
        assert press(self.client, self.draft, "approve", seen=self.draft.digest).status_code == 302

    def test_a_scheduled_one_is_not_changed_under_the_hands_of_its_editor(self):
        do(Act.SCHEDULE, self.draft, self.ana, at=timezone.now() + timedelta(days=1))
        self.client.force_login(self.ben)
        address = f"/admin/flows/flowversion/{self.draft.pk}/change/"
        assert self.client.post(address, {"note": "x"}).status_code == 403
        self.assertContains(self.client.get(address), "take back the schedule first")
        assert self.again().stage == Stage.SCHEDULED

    def test_authors_draw_and_do_not_publish(self):
        self.client.force_login(self.ben)
        address = f"/admin/flows/flowversion/{self.draft.pk}/change/"
        opened = Opened(self.client, address)
        self.assertNotContains(opened.page, 'value="publish"')
        opened.save(**{f"step-{self.draft.steps.first().pk}-title_0": "By an author", "_do": "publish"})
        assert self.draft.steps.first().title.localize("en") == "By an author"
        assert Flow.objects.get().published_version != self.draft


class HistoryTests(VersionTestCase):
    def test_outlines_are_compared_with_their_texts(self):
        step = self.draft.steps.get(slug="try")
        step.body = both("Press it for ten seconds.")
        step.save()
        self.client.force_login(self.ben)
        page = self.client.get(f"/admin/flows/flow/{self.flow.pk}/compare/?from=1&to=2")
        self.assertContains(page, "<ins>Quite another question</ins>")
        self.assertContains(page, "Press it for ten seconds.")
        self.assertContains(self.client.get(self.flow.work_url), "<ins>Quite another question</ins>")

    def test_an_old_version_is_restored_as_a_new_draft(self):
        do(Act.PUBLISH, self.draft, self.ana)
        first = self.flow.versions.get(number=1)
        do(Act.RESTORE, first, self.ben)
        restored = Flow.objects.get().draft_version
        assert (restored.number, restored.author) == (3, self.ben)
        assert restored.graph().is_same_as(first.graph())
        with pytest.raises(NotAllowed, match="draft version already"):
            do(Act.RESTORE, first, self.ben)

    def test_a_discarded_draft_is_gone_and_what_customers_walk_stays(self):
        do(Act.DISCARD, self.draft, self.ben)
        assert Flow.objects.get().draft_version is None
        assert self.client.get("/en/resolve/parcel/start/").status_code == 200
        with pytest.raises(NotAllowed, match="discarded this draft"):
            do(Act.PUBLISH, self.draft, self.ana)

    def test_a_flow_that_customers_walk_is_deleted_with_its_versions_by_who_may(self):
        place = f"/admin/flows/flow/{self.flow.pk}/delete/"
        self.client.force_login(self.ben)
        assert self.client.post(place, {"post": "yes"}).status_code == 403
        self.client.force_login(self.ana)
        self.assertContains(self.client.get(place), "Are you sure you want to delete")
        assert self.client.post(place, {"post": "yes"}).status_code == 302
        assert not FlowVersion.objects.exists()

    def test_the_trail_says_who_did_what(self):
        do(Act.SUBMIT, self.draft, self.ben)
        do(Act.APPROVE, self.draft, self.ana)
        do(Act.PUBLISH, self.draft, self.ana)
        said = [(deed.who, deed.what) for deed in Deed.objects.about(self.flow)][::-1]
        assert said[-3:] == [("ben", "submitted"), ("ana", "approved"), ("ana", "published")]
        self.client.force_login(self.ben)
        self.assertContains(self.client.get(self.flow.work_url), "approved")

    def test_nonsense_is_a_sentence_not_an_error(self):
        self.client.force_login(self.ana)
        for given in ({}, {"act": "x"}, {"act": "publish", "number": "9"}, {"act": "schedule", "number": "2"}):
            response = self.client.post(self.flow.work_url, given)
            assert response.status_code == 200
            self.assertContains(response, 'class="errornote"')
