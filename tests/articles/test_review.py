"""Review: asked for, discussed, given by somebody else; each step tells who must act next, once."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import TestCase, override_settings

from articles.models import Deed, Notification, Translation
from articles.review import Act, next_act, next_actors
from articles.stages import NotAllowed, Stage
from contact.models import Delivery
from tests.articles.buttons import buttons_of, form_of
from tests.articles.desk import do, person, press, write
from tests.factories import make_article, make_translation

pytestmark = pytest.mark.ignore_template_errors


class ReviewTestCase(TestCase):
    def setUp(self) -> None:
        self.ana, self.eva, self.ben = person("editor", "ana"), person("editor", "eva"), person("author", "ben")
        self.translation = make_translation(body="Before.")
        self.revision = write(self.translation, self.ben)

    def told(self) -> list[str]:
        return sorted(Notification.objects.values_list("recipient__username", flat=True))

    def stage(self) -> Stage:
        self.revision.refresh_from_db()
        return self.revision.stage


class WayTests(ReviewTestCase):
    def test_from_writing_to_readers(self):
        do(Act.SUBMIT, self.revision, self.ben, words="Is it right?")
        assert self.stage() == Stage.REVIEW
        assert self.told() == ["ana", "eva"]
        do(Act.SEND_BACK, self.revision, self.ana, words="Say how long.")
        assert self.stage() == Stage.RETURNED
        assert next_actors(self.revision) == [self.ben]
        better = write(self.translation, self.ben, "Within 14 days.")
        do(Act.SUBMIT, better, self.ben)
        do(Act.APPROVE, better, self.ana)
        better.refresh_from_db()
        assert next_actors(better) == [self.ana]
        do(Act.PUBLISH, better, self.ana)
        self.translation.refresh_from_db()
        assert self.translation.body == "Within 14 days."
        whats = list(Deed.objects.about(self.translation).values_list("what", flat=True))[::-1]
        assert whats == [
            *("created", "changed", "submitted", "sent-back", "changed", "submitted", "approved", "published")
        ]

    def test_nobody_is_told_to_publish_who_may_not(self):
        assert next_act(self.revision) == "ben: finish it, then ask for a review."
        own = write(make_translation(), self.ana)
        assert next_act(own) == "ana: finish it, then ask for a review or publish it."

    def test_only_who_was_chosen_is_told(self):
        do(Act.SUBMIT, self.revision, self.ben, reviewer=self.eva)
        assert self.told() == ["eva"]
        self.revision.refresh_from_db()
        assert "eva" in next_act(self.revision)

    def test_nobody_is_mailed_twice_or_about_their_own_deed(self):
        do(Act.SUBMIT, self.revision, self.ben)
        do(Act.APPROVE, self.revision, self.ana)
        for _round in range(2):
            call_command("worker", "--once")
        assert sorted(Delivery.objects.values_list("recipient", flat=True)) == [
            "ana@example.org",
            "eva@example.org",
        ]
        mail = Delivery.objects.first()
        assert self.translation.work_url in mail.body
        assert "approve it or ask for changes" in mail.body

    def test_an_approval_is_of_what_was_read(self):
        do(Act.SUBMIT, self.revision, self.ben)
        do(Act.APPROVE, self.revision, self.ana)
        newer = write(self.translation, self.ben, "Something else.")
        assert newer.stage == Stage.WRITING
        with pytest.raises(NotAllowed, match="newer"):
            do(Act.PUBLISH, self.revision, self.ana)

    def test_enter_in_the_moment_does_not_publish_at_once(self):
        self.client.force_login(self.ana)
        html = self.client.get(self.translation.work_url).content.decode()
        assert buttons_of(html, form_of(html, "publish-at")) == ["act=schedule"]
        self.assertContains(press(self.client, self.revision, "schedule", at="never"), 'value="never"')

    def test_nobody_approves_their_own(self):
        own = write(self.translation, self.ana)
        do(Act.SUBMIT, own, self.ana)
        with pytest.raises(NotAllowed, match="themselves"):
            do(Act.APPROVE, own, self.ana)

    def test_asking_for_changes_needs_words(self):
        do(Act.SUBMIT, self.revision, self.ben)
        with pytest.raises(NotAllowed, match="what should be changed"):
            do(Act.SEND_BACK, self.revision, self.ana, words=" ")


class SettingTests(ReviewTestCase):
    @override_settings(REVIEW="required")
    def test_required_binds_everybody_whatever_they_post(self):
        chief = person("editor", "chief")
        chief.is_superuser = True
        chief.save()
        moment = {"at": "2099-01-01T09:00"}
        for user in (self.ana, chief):
            self.client.force_login(user)
            for act, given in (("publish", {}), ("schedule", moment)):
                self.assertContains(press(self.client, self.revision, act, **given), "must approve it")
        data = {"_publish": "translations-0"}
        from tests.articles.test_article_admin import form

        article = self.translation.article
        self.client.post(f"/admin/articles/article/{article.pk}/change/", form(article, en={"body": "X."}) | data)
        self.translation.refresh_from_db()
        assert (self.translation.body, self.stage()) == ("Before.", Stage.WRITING)

    @override_settings(REVIEW="required")
    def test_required_holds_for_a_first_publication_too(self):
        draft = make_translation(published=False)
        with pytest.raises(NotAllowed):
            do(Act.PUBLISH, draft.newest, self.ana)
        revision = write(draft, self.ben)
        do(Act.SUBMIT, revision, self.ben)
        do(Act.APPROVE, revision, self.ana)
        do(Act.PUBLISH, revision, self.ana)
        assert Translation.objects.get(pk=draft.pk).is_published

    @override_settings(REVIEW="off")
    def test_off_there_are_none(self):
        with pytest.raises(NotAllowed, match="switched off"):
            do(Act.SUBMIT, self.revision, self.ben)
        do(Act.PUBLISH, self.revision, self.ana)

    def test_advised_publishing_without_one_is_possible_and_said(self):
        self.client.force_login(self.ana)
        self.assertContains(self.client.get(self.translation.work_url), "Nobody but its author has approved it")
        press(self.client, self.revision, "publish")
        self.translation.refresh_from_db()
        assert self.translation.body == "After."


class PageTests(ReviewTestCase):
    """The page of a text: a sentence for everything that cannot be, and what was typed is still there."""

    def test_shows_what_would_change_and_who_is_next(self):
        self.client.force_login(self.ana)
        page = self.client.get(self.translation.work_url)
        self.assertContains(page, "<del>Before</del>")
        self.assertContains(page, "ben: finish it")

    def test_nonsense_is_a_sentence_not_an_error(self):
        self.client.force_login(self.ana)
        for given in (
            {},
            {"act": "dance", "number": "1"},
            {"act": "publish", "number": "99"},
            {"act": "publish", "number": "1" * 30},
            {"act": "schedule", "number": "2", "at": "never"},
            {"act": "schedule", "number": "2"},
            {"act": "submit", "number": "2", "reviewer": "999999"},
            {"act": "share", "number": "2", "days": "999"},
            {"act": "revoke", "number": "2", "link": "x"},
            {"act": "comment", "number": "2", "words": "\0"},
        ):
            response = self.client.post(self.translation.work_url, given)
            assert response.status_code == 200, given
            self.assertContains(response, 'class="errornote"')

    def test_words_that_cannot_be_taken_are_kept(self):
        self.client.force_login(self.ben)
        response = press(self.client, self.revision, "approve", words="Typed with care.")
        self.assertContains(response, "Typed with care.")

    def test_a_stranger_sees_none_of_it(self):
        article = self.translation.article_id
        for path in (
            self.translation.work_url,
            f"/admin/articles/article/text/{self.translation.pk}/compare/",
            f"/admin/articles/article/{article}/translate/es/",
            "/admin/articles/article/coverage/",
        ):
            assert self.client.get(path).status_code == 302

    def test_the_trail_of_the_site_shows_what_was_done_even_to_what_is_gone(self):
        do(Act.PUBLISH, self.revision, self.ana)
        title = self.translation.title
        self.client.force_login(self.ana)
        self.client.post(f"/admin/articles/article/{self.translation.article_id}/delete/", {"post": "yes"})
        page = self.client.get("/admin/articles/deed/")
        self.assertContains(page, "deleted")
        self.assertContains(page, title)
        assert self.client.get("/admin/articles/deed/add/").status_code == 403

    def test_the_comparison_marks_the_words(self):
        self.client.force_login(self.ben)
        address = f"/admin/articles/article/text/{self.translation.pk}/compare/"
        self.assertContains(self.client.get(f"{address}?from=1&to=2"), "<ins>After</ins>")
        self.assertContains(self.client.get(f"{address}?from=1&to=2&view=inline"), "<ins>After</ins>")
        self.assertContains(self.client.get(f"{address}?from=x&to=99999999999"), "<ins>After</ins>")
        self.assertContains(self.client.get(f"{address}?from=1&to=1"), "They are the same")

    def test_the_list_of_articles_says_where_a_newer_one_waits(self):
        self.client.force_login(self.ana)
        self.assertContains(self.client.get("/admin/articles/article/"), "· a newer one waits")
        do(Act.PUBLISH, self.revision, self.ana)
        self.assertNotContains(self.client.get("/admin/articles/article/"), "· a newer one waits")

    def test_the_desk_begins_with_what_waits_for_you(self):
        do(Act.SUBMIT, self.revision, self.ben, reviewer=self.ana)
        for user, place, words in ((self.ana, "", "Waits for you"), (self.ben, "waiting/", "Waits for others")):
            self.client.force_login(user)
            page = self.client.get(f"/admin/{place}")
            self.assertContains(page, words)
            self.assertContains(page, self.translation.work_url)


class MailTests(ReviewTestCase):
    def test_an_address_that_is_none_holds_up_no_other(self):
        self.ana.email = "not an address\nBcc: x@e.org"
        self.ana.save()
        do(Act.SUBMIT, self.revision, self.ben)
        call_command("worker", "--once")
        states = {one.recipient: str(one.state.value) for one in Delivery.objects.all()}
        assert states["eva@example.org"] == "delivered"
        assert states[self.ana.email] == "quarantined"

    def test_hostile_words_are_text_in_the_mail(self):
        do(Act.SUBMIT, self.revision, self.ben, words="<script>hit()</script>\r\nBcc: x@example.org")
        call_command("worker", "--once")
        mail = Delivery.objects.first()
        assert "<script>" not in mail.html
        assert "\n" not in mail.subject

    def test_what_is_rolled_back_mails_nobody(self):
        make_article()
        with pytest.raises(NotAllowed):
            do(Act.APPROVE, self.revision, self.ana)
        assert not Notification.objects.exists()
