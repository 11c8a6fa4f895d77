"""What readers say becomes a task for whose text it is; one mail, one click."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import TestCase

from articles.models import Deed, Notification, Task, Vote
from articles.trail import What
from tests.articles.desk import person
from tests.articles.test_vote_desk import vote
from tests.factories import FewerThan, make_article, make_translation

pytestmark = pytest.mark.ignore_template_errors


class TaskTests(TestCase):
    def setUp(self) -> None:
        self.ana, self.ben = person("editor", "ana"), person("author", "ben")
        self.text = make_translation(make_article(owner=self.ben), title="Parcel")
        self.address = f"/admin/articles/article/text/{self.text.pk}/task/"
        self.client.force_login(self.ana)

    def make(self, **given: str) -> Task:
        response = self.client.post(self.address, given)
        assert response.status_code == 302, response.context["form"].errors
        return Task.objects.latest("pk")

    def test_a_vote_becomes_a_task_for_the_owner_with_one_click(self):
        vote(self.text, no=1, reason="missing", words="How long?")
        page = self.client.get(f"/admin/articles/article/text/{self.text.pk}/votes/")
        self.assertContains(page, "Make a task for the owner", 1)
        task = self.make(vote=str(Vote.objects.get().pk), next="/admin/articles/article/votes/")
        assert (task.assigned_to, task.made_by, task.vote) == (self.ben, self.ana, Vote.objects.get())
        assert task.words == "Readers miss something: add it."
        page = self.client.get(f"/admin/articles/article/text/{self.text.pk}/votes/")
        self.assertContains(page, "A task is made of this.")

    def test_a_reason_becomes_one_too(self):
        task = self.make(reason="confusing")
        assert (task.words, task.vote) == ("Readers find it confusing: say it more clearly.", None)

    def test_by_hand_in_own_words_for_somebody_else(self):
        task = self.make(words=" Say how long it takes. ", assigned_to=str(self.ana.pk))
        assert (task.words, task.assigned_to) == ("Say how long it takes.", self.ana)

    def test_who_may_not_see_votes_sees_no_readers_words_beside_a_task(self):
        vote(self.text, no=1, reason="missing", words="How long?")
        self.make(words="Say how long.", vote=str(Vote.objects.get().pk))
        for group, is_shown in {"author": True, "translator-es": True, "agent": False}.items():
            self.client.force_login(person(group))
            page = self.client.get(self.text.work_url).content.decode()
            assert "Say how long." in page
            assert ("How long?" in page) is is_shown, group

    def test_says_what_is_missing(self):
        stranger = person("agent")
        for given in ({"words": ""}, {"words": "x" * 1001}, {"words": "x", "assigned_to": str(stranger.pk)}):
            page = self.client.post(self.address, given)
            assert page.status_code == 200 and page.context["form"].errors
        assert not Task.objects.exists()

    def test_a_vote_on_another_text_is_not_taken(self):
        other = make_translation()
        vote(other, no=1, reason="missing", words="How long?")
        assert self.make(words="x", vote=str(Vote.objects.get().pk)).vote is None
        assert self.make(words="x", vote="1" * 40).vote is None

    def test_the_owner_gets_one_mail_and_the_others_none(self):
        self.make(words="Say how long it takes.")
        for _ in range(3):
            call_command("worker", "--once")
        assert [message.to for message in mail.outbox] == [["ben@example.org"]]
        said = mail.outbox[0]
        assert "Parcel" in said.subject and "Say how long it takes." in said.body
        assert self.text.work_url in said.body

    def test_readers_own_words_are_in_no_mail_and_no_trail(self):
        """They are forgotten in time, and mails and the trail are not."""
        vote(self.text, no=1, reason="other", words="canary")
        task = self.make(vote=str(Vote.objects.get().pk))
        call_command("worker", "--once")
        assert "canary" not in mail.outbox[0].body + task.words + str(list(Deed.objects.values()))
        for address in (self.text.work_url, "/admin/", f"/admin/articles/task/{task.pk}/change/"):
            self.client.force_login(self.ana if "task" in address else self.ben)
            self.assertContains(self.client.get(address), "canary")

    def test_who_gives_it_to_themselves_gets_no_mail(self):
        self.make(words="x", assigned_to=str(self.ana.pk))
        assert not Notification.objects.exists()

    def test_waits_for_its_owner_at_the_desk_and_is_done_with_one_click(self):
        task = self.make(words="Say how long it takes.")
        self.assertNotContains(self.client.get("/admin/"), "Tasks for you")
        self.client.force_login(self.ben)
        self.assertContains(self.client.get("/admin/"), "Say how long it takes.")
        done = self.client.post(f"/admin/articles/article/task/{task.pk}/", {"next": "/admin/"}, follow=True)
        self.assertNotContains(done, "Tasks for you")
        self.assertContains(done, "Done: Say how long it takes.")
        task.refresh_from_db()
        assert task.done_at and task.done_by == self.ben
        assert Deed.objects.first().what == What.TASK_DONE

    def test_twice_done_is_done_once_and_can_be_taken_back(self):
        task = self.make(words="x")
        address = f"/admin/articles/article/task/{task.pk}/"
        for _ in range(2):
            self.client.post(address)
        assert Deed.objects.filter(what=What.TASK_DONE).count() == 1
        self.client.post(address, {"undo": "1"})
        task.refresh_from_db()
        assert task.done_at is None and task.done_by is None

    def test_many_are_done_from_the_list(self):
        tasks = [self.make(words="x"), self.make(words="y")]
        for action, is_open in (("finish", 0), ("reopen", 2)):
            chosen = {"action": action, "_selected_action": [task.pk for task in tasks]}
            self.client.post("/admin/articles/task/", chosen)
            assert Task.objects.open().count() == is_open
        assert Deed.objects.filter(what=What.TASK_DONE).count() == 2

    def test_a_task_of_nobody_who_could_waits_for_editors(self):
        self.make(words="Unowned", assigned_to="")
        self.assertContains(self.client.get("/admin/"), "Unowned")
        self.make(words="Left behind")
        self.ben.is_active = False
        self.ben.save()
        self.assertContains(self.client.get("/admin/"), "Left behind")
        self.client.force_login(person("author"))
        self.assertNotContains(self.client.get("/admin/"), "Tasks for you")

    def test_an_inactive_owner_is_given_none(self):
        self.ben.is_active = False
        self.ben.save()
        assert self.make(reason="missing").assigned_to is None

    def test_only_for_those_who_may(self):
        task = self.make(words="x")
        for group, status in (("agent", 403), ("translator-es", 403), ("author", 302)):
            self.client.force_login(person(group))
            assert self.client.post(self.address, {"words": "y"}).status_code == status, group
            done = self.client.post(f"/admin/articles/article/task/{task.pk}/", {"undo": "1"})
            assert done.status_code == status, group
        translator = person("translator-en")
        task = Task.objects.create(translation=self.text, words="Mine", assigned_to=translator)
        self.client.force_login(translator)
        assert self.client.post(f"/admin/articles/article/task/{task.pk}/").status_code == 302
        self.client.logout()
        assert self.client.post(self.address, {"words": "y"})["Location"].startswith("/admin/login/")

    def test_leads_nowhere_else(self):
        for elsewhere in ("https://e.example/", "//e.example/", "/\\e.example", "javascript:hit()"):
            response = self.client.post(self.address, {"words": "x", "next": elsewhere})
            assert response["Location"] == self.text.work_url

    def test_the_list_finds_them_and_hands_them_on(self):
        task = self.make(words="Say how long it takes.")
        Notification.objects.all().delete()
        page = self.client.get("/admin/articles/task/?state=open&q=parcel")
        self.assertContains(page, "Say how long it takes.")
        self.assertNotContains(self.client.get("/admin/articles/task/?state=done"), "Say how long it takes.")
        cara = person("author", "cara")
        address = f"/admin/articles/task/{task.pk}/change/"
        self.client.post(address, {"words": "Say how long.", "assigned_to": cara.pk})
        assert Notification.objects.get().recipient == cara
        self.client.post(address, {"words": "Say how long it takes.", "assigned_to": cara.pk})
        assert Notification.objects.count() == 1

    def test_many_tasks_cost_the_desk_no_more_queries(self):
        counts = []
        for number in (1, 15):
            for _ in range(number):
                Task.objects.create(translation=self.text, words="x", assigned_to=self.ana, made_by=self.ben)
            with self.assertNumQueries(FewerThan(20)) as queries:
                self.client.get("/admin/")
            counts.append(len(queries))
        assert counts[0] == counts[1]
