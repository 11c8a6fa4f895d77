"""The first page of the desk: what there is to do for each role, one click from its repair, in few queries."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import review, task, unsaved
from articles.external import digest
from articles.models import Article, ExternalLink, Revision, Translation, Unsaved, Vote
from articles.review import Act
from contact import answering, status
from contact.models import ContactRequest, Delivery
from helpcenter import startpage, waiting
from search.models import LoggedSearch
from tests.articles.desk import do, person, write
from tests.contact.customer import a_request
from tests.factories import make_article, make_flow, make_topic, make_translation

pytestmark = pytest.mark.ignore_template_errors

DAY = timedelta(days=1)


def named(user: Any) -> dict[str, startpage.Section]:
    return {section.name: section for section in startpage.sections(user)}


def titles(user: Any, name: str) -> list[str]:
    return [item.title for item in named(user)[name].items]


class TurnTests(TestCase):
    """Asked of the database at once, it is whose turn the rules of a single work say it is."""

    def setUp(self) -> None:
        self.people = {
            "author": person("author"),
            "second author": person("author"),
            "editor": person("editor"),
            "second editor": person("editor"),
            "translator": person("translator-en"),
            "agent": person("agent"),
            "chief": get_user_model().objects.create_superuser("chief", email="c@example.org"),
            "gone": person("editor"),
        }
        self.people["gone"].groups.clear()

    def works(self) -> list[Any]:
        """Texts and drafts of flows at every stage, by every pair of people."""
        now, found = timezone.now(), []
        moments = [{}, {"submitted_at": now}, {"submitted_at": now, "returned_at": now}]
        moments += [{"submitted_at": now, "approved_at": now}, {"submitted_at": now, "apply_at": now + DAY}]
        pairs = list(product([None, *self.people.values()], repeat=2))
        for number, (set_moments, (author, other)) in enumerate(product(moments, pairs)):
            who = {"author": author, "reviewer": other}
            if "approved_at" in set_moments:
                who["approved_by"] = other
            if number % 3 == 0:
                work = make_flow(published=False).make_draft()
            else:
                work = write(make_translation(), author)
            work.mark(**set_moments, **who)
            found.append(type(work).objects.get(pk=work.pk))
        return found

    def test_of_every_work_and_everybody(self):
        works, most = self.works(), waiting.MOST
        self.addCleanup(setattr, waiting, "MOST", most)
        waiting.MOST = 10_000
        for setting in ("advised", "off"):
            with self.settings(REVIEW=setting):
                self.check(works)

    def check(self, works: list[Any]) -> None:
        actors = {work.subject.work_url: {one.pk for one in review.next_actors(work)} for work in works}
        on_the_way = {work.subject.work_url for work in works if not work.apply_at}
        counts = []
        for name, user in self.people.items():
            user = type(user).objects.get(pk=user.pk)
            own = {row.url for row in waiting.own(user)}
            others = {row.url for row in waiting.others(user)}
            expected = {url for url in on_the_way if user.pk in actors[url]}
            if name in ("agent", "gone"):
                expected = set()  # what they once wrote is no longer theirs to go on with
            elif name == "translator":
                expected = {url for url in expected if "/flow/" not in url}
            assert own == expected, name
            assert not own & others
            if name in ("chief", "editor", "author"):
                assert own | others == on_the_way
            counts.append(len(own))
        assert sum(counts) > 50


@override_settings(CHECK_LINKS=True)
class SectionTests(TestCase):
    def setUp(self) -> None:
        self.ana, self.ben = person("editor", "ana"), person("author", "ben")

    def test_each_role_has_the_sections_it_may_act_on(self):
        chief = get_user_model().objects.create_superuser("chief")
        kept = ["tasks", "due", "stale", "links", "votes"]
        roles = {
            chief: ["own", "requests", "deliveries", *kept, "searches", "topics", "planned"],
            self.ana: ["own", *kept, "searches", "topics", "planned"],
            self.ben: ["own", *kept, "searches", "topics"],
            person("translator-es"): ["own", *kept],
            person("agent"): ["requests", "deliveries"],
        }
        for who, expected in roles.items():
            assert list(named(who)) == expected, who

    def test_what_keeps_texts_true_is_one_click_away(self):
        text = make_translation(make_article(owner=self.ben), title="Old")
        Article.objects.filter(pk=text.article_id).update(check_by=timezone.localdate())
        task.make(text, "Say how long it takes.", self.ana, assigned_to=self.ben)
        for number in range(6):
            Vote.objects.put(f"{number:032}", text.applied_id, is_helpful=False)
        ExternalLink.objects.create(address="https://x.example/", digest="x", broken_since=timezone.now())
        found = named(self.ben)
        assert [found[name].items[0].title for name in ("tasks", "due", "votes")] == ["Old"] * 3
        assert found["tasks"].items[0].note == "Say how long it takes."
        assert found["votes"].items[0].note == "6 of 6 said No"
        assert found["links"].items[0].title == "https://x.example/"
        assert titles(self.ana, "tasks") == titles(self.ana, "due") == []
        self.client.force_login(self.ben)
        for name in ("tasks", "due"):
            button = found[name].items[0].button
            assert self.client.post(button.url, button.fields)["Location"] == "/admin/"
        assert titles(self.ben, "tasks") == titles(self.ben, "due") == []

    def test_where_there_is_nothing_the_page_says_so_kindly(self):
        self.client.force_login(self.ana)
        page = self.client.get("/admin/")
        self.assertContains(page, "Nothing waits for you.")
        link = '<a href="/admin/articles/article/votes/">No text has many No votes.</a>'
        self.assertContains(page, link, html=True)

    def test_what_was_typed_and_never_saved_leads_back_into_its_form(self):
        typed = {"key": ["x"], "translations-0-title": [" "], "translations-1-title": ["¿Dónde está?"]}
        unsaved.keep(self.ben, "/admin/articles/article/add/", typed)
        assert [item.note for item in named(self.ben)["own"].items] == ["¿Dónde está?"]
        for place in ("/admin/articles/category/add/", "/admin/gone/"):
            unsaved.keep(self.ana, place, {"slug": ["x"]})
        assert [item.note for item in named(self.ana)["own"].items] == ["Category", "/admin/gone/"]
        Unsaved.objects.filter(user=self.ana).delete()
        self.client.force_login(self.ben)
        for place in ("/admin/", "/admin/waiting/"):
            self.assertContains(self.client.get(place), 'href="/admin/articles/article/add/?recover=1"')
            self.assertContains(self.client.get(place), "Typed and never saved")
        assert named(self.ana)["own"].items == []

    def test_a_first_draft_waits_for_its_writer_alone_until_it_is_handed_on(self):
        draft = write(make_translation(published=False), self.ben)
        assert titles(self.ben, "own") == [draft.title]
        assert waiting.own(self.ana) == waiting.others(self.ana) == []
        do(Act.SUBMIT, draft, self.ben)
        assert titles(self.ana, "own") == [draft.title]
        assert titles(self.ben, "own") == []

    def test_searches_without_an_answer_become_keywords(self):
        for asked in ["moon parcel", *["drones"] * 3, "answered"]:
            is_answered = asked == "answered"
            LoggedSearch.objects.create(asked=asked, language="en", result_count=0, is_answered=is_answered)
        assert titles(self.ana, "searches") == ["drones", "moon parcel"]
        item = named(self.ana)["searches"].items[0]
        assert item.note == "en · 3 times"
        self.client.force_login(self.ana)
        self.assertContains(self.client.get(item.url), "drones")
        self.client.force_login(self.ben)
        assert self.client.get(named(self.ben)["searches"].items[0].url).status_code == 200

    def test_outdated_translations_lead_to_their_page_beside_the_source(self):
        for number in range(7):
            article = make_article()
            source = make_translation(article, "en")
            make_translation(article, "es", title=f"Viejo {number}")
            do(Act.PUBLISH, write(source, self.ana, significance="major"), self.ana)
        translator = person("translator-es")
        section = named(translator)["stale"]
        assert (len(section.items), section.count) == (5, 7)
        self.client.force_login(translator)
        assert self.client.get(section.items[0].url).status_code == 200
        self.assertContains(self.client.get("/admin/"), "All 7")
        self.assertContains(self.client.get(section.all_url), "Viejo", count=7)
        assert "stale" in named(translator)
        assert named(person("translator-en"))["stale"].items == []

    def test_requests_wait_for_agents_in_the_order_in_which_they_are_due(self):
        agent = person("agent")
        assert named(agent)["requests"].items == []
        today = status.today()
        for days, name in ((5, "Later"), (-2, "Late"), (0, "Today")):
            sent = a_request(email=f"{name}@example.org", name=name)
            ContactRequest.objects.filter(pk=sent.pk).update(promise=today + days * DAY)
        found = named(agent)["requests"]
        assert [item.note.partition(":")[0] for item in found.items[:2]] == ["overdue", "due today"]
        assert [item.note.rpartition(" · ")[2] for item in found.items] == ["Late", "Today", "Later"]
        assert found.count == 3 and found.is_urgent
        self.client.force_login(agent)
        self.assertContains(self.client.get(found.items[0].url), "Mark as answered")
        answering.mark(ContactRequest.objects.filter(promise__lte=today), agent)
        assert not named(agent)["requests"].is_urgent

    def test_what_is_planned_comes_in_order(self):
        now = timezone.now()
        live = make_translation(title="Live")
        do(Act.SCHEDULE, write(live, self.ana), self.ana, at=now + 2 * DAY)
        do(Act.WITHDRAW, make_translation(title="Leaving").newest, self.ana, at=now + DAY)
        do(Act.SCHEDULE, make_translation(title="New", published=False).newest, self.ana, at=now + 3 * DAY)
        flow = make_flow("returns")
        do(Act.SCHEDULE, flow.make_draft(self.ana), self.ana, at=now + 4 * DAY)
        assert titles(self.ana, "planned") == ["Leaving", "Live", "New", "Flow returns (en)"]
        self.client.force_login(self.ana)
        for item in named(self.ana)["planned"].items:
            assert self.client.get(item.url).status_code == 200

    def test_a_mail_that_did_not_leave_is_sent_again_by_one_button(self):
        age = person("agent")
        stuck = Delivery.objects.create(
            recipient="x@example.org",
            subject="Stuck",
            message_id="<1@x>",
            failed_at=timezone.now(),
            last_error="550",
        )
        Delivery.objects.create(
            recipient="x@example.org", subject="Left", message_id="<2@x>", delivered_at=timezone.now()
        )
        item = named(age)["deliveries"].items[0]
        assert titles(age, "deliveries") == ["Stuck"]
        self.client.force_login(age)
        self.assertContains(self.client.get("/admin/"), 'value="send_again"')
        self.client.post(item.button.url, item.button.fields)
        stuck.refresh_from_db()
        assert stuck.failed_at is None
        assert named(age)["deliveries"].items == []

    def test_topics_that_many_write_about_and_no_article_tells_of(self):
        lonely, told = make_topic(details=["order-number"]), make_topic(details=["order-number"])
        make_translation(make_article(category=told.category))
        for topic in (lonely, told):
            sent = a_request(topic=topic)
            for number in range(2):
                sent.pk, sent.reference = uuid4(), f"X{topic.pk}{number}"
                sent.save(force_insert=True)
        assert ContactRequest.objects.count() == 6
        section = named(self.ben)["topics"]
        assert [item.title for item in section.items] == [f"Topic {lonely.key} (en)"]
        assert section.items[0].note == "3 requests"
        self.client.force_login(self.ben)
        page = self.client.get(section.items[0].url)
        self.assertContains(page, f'<option value="{lonely.category_id}" selected>')
        draft = make_translation(make_article(category=lonely.category), published=False)
        assert named(self.ben)["topics"].items
        do(Act.PUBLISH, draft.newest, self.ana)
        assert named(self.ben)["topics"].items == []

    def test_at_most_ten_queries_for_whoever_asks_however_much_there_is(self):
        chief = get_user_model().objects.create_superuser("chief")
        everybody = [chief, self.ana, self.ben, person("translator-es"), person("agent")]
        counts = []
        for _round in range(2):
            self.fill()
            counts.append([self.count(who) for who in everybody])
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 10, counts

    def fill(self) -> None:
        """More of everything, by more people."""
        topic = make_topic()
        for number in range(8):
            article = make_article()
            source = make_translation(article, "en")
            make_translation(article, "es")
            author = person("author")
            do(Act.PUBLISH, write(source, author, significance="major"), self.ana)
            revision = write(Translation.objects.get(pk=source.pk), author, body="Again.")
            do(Act.SUBMIT, revision, author, reviewer=self.ana if number % 2 else None)
            if number % 4 == 0:
                do(Act.APPROVE, Revision.objects.get(pk=revision.pk), self.ana)
            make_translation(published_at=timezone.now() + DAY)
            make_flow().make_draft(author)
            Article.objects.filter(pk=article.pk).update(check_by=timezone.localdate(), owner=None)
            task.make(source, "Say how long it takes.", author)
            for vote in range(startpage.SHOWN):
                Vote.objects.put(uuid4().hex, source.applied_id, is_helpful=vote == 0)
            address = f"https://example.org/{uuid4().hex}"
            ExternalLink.objects.create(address=address, digest=digest(address), broken_since=timezone.now())
            unsaved.keep(author, "/admin/articles/article/add/", {"title": ["x"]})
            LoggedSearch.objects.create(asked=f"q {number}", language="en", result_count=0, is_answered=False)
            a_request(topic=topic, email=f"{uuid4().hex}@example.org")
            Delivery.objects.create(
                recipient="x@example.org",
                subject="Stuck",
                message_id=f"<{Delivery.objects.count()}@x>",
                failed_at=timezone.now(),
            )

    def count(self, who: Any) -> int:
        self.client.force_login(who)
        with CaptureQueriesContext(connection) as queries:
            assert self.client.get("/admin/").status_code == 200
        return len(queries)
