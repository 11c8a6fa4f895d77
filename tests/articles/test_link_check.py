"""Links to other sites: collected from texts, asked for by the worker, and broken only after two days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from articles import fetching, linkcheck
from articles.inspecting import inspect, text_of
from articles.models import ExternalLink, LinkUse, Translation
from articles.review import Act
from tests.articles.desk import do, person, write
from tests.articles.webservers import Site, site
from tests.factories import FewerThan, make_staff, make_translation

pytestmark = pytest.mark.ignore_template_errors


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The clock stands there."""
    with mock.patch("django.utils.timezone.now", return_value=moment):
        yield


def work() -> None:
    """The duties have had their turn, whenever they had it last."""
    linkcheck.collect(every=0)
    linkcheck.check_due()


def held(translation: Translation) -> set[str]:
    return set(LinkUse.objects.filter(translation=translation).values_list("link__address", flat=True))


def said(translation: Translation) -> list[str]:
    """What the check says about the text's external links."""
    report = inspect([text_of(translation)])[0]
    return [found.words for found in [*report.blocking, *report.advising] if found.check == "external"]


@override_settings(CHECK_LINKS=True)
class CollectTests(TestCase):
    def test_links_of_what_readers_see_and_of_what_waits_are_known(self):
        translation = make_translation(body="[a](https://one.example/a#x) `[b](https://code.example/)`")
        revision = write(translation, make_staff(), "[c](https://two.example/c) [d](mailto:a@b.example)")
        linkcheck.collect(every=0)
        assert held(translation) == {"https://one.example/a", "https://two.example/c"}
        do(Act.PUBLISH, revision, make_staff())
        linkcheck.collect(every=0)
        assert held(translation) == {"https://two.example/c"}
        assert ExternalLink.objects.count() == 1

    def test_texts_made_in_bulk_are_read_too_and_each_only_once(self):
        translation = make_translation()
        bulk = Translation(
            article=translation.article, language="es", title="T", slug="t", body="<https://b.example/>"
        )
        Translation.objects.bulk_create([bulk])
        linkcheck.collect(every=0)
        assert ExternalLink.objects.get().host == "b.example"
        with self.assertNumQueries(FewerThan(6)):  # of texts, of flows, and which links nothing holds
            linkcheck.collect(every=0)

    def test_many_texts_are_written_down_at_once(self):
        """One after the other, without a pause, they would keep whoever sends a request waiting."""
        costs = []
        for count in (2, 20):
            for _number in range(count):
                make_translation(body="No link.")
            with CaptureQueriesContext(connection) as captured:
                linkcheck.collect(every=0)
            costs.append(len(captured))
        assert costs[0] == costs[1]

    def test_a_link_that_two_texts_hold_is_one(self):
        for _number in range(2):
            make_translation(body="[a](https://one.example/a)")
        linkcheck.collect(every=0)
        assert (ExternalLink.objects.count(), LinkUse.objects.count()) == (1, 2)

    def test_looks_now_and_then_and_not_at_all_where_it_is_switched_off(self):
        make_translation(body="[a](https://one.example/a)")
        with override_settings(CHECK_LINKS=False):
            work()
        assert not ExternalLink.objects.exists()
        linkcheck.collect(every=0)
        with self.assertNumQueries(0):
            linkcheck.collect()


class AskTests(TestCase):
    def setUp(self) -> None:
        self.enterContext(override_settings(CHECK_LINKS=True))
        self.noon = timezone.now().replace(hour=12) + timedelta(days=1)

    def serve(self, **answers: int | str) -> Site:
        there = self.enterContext(site(**answers))
        self.enterContext(override_settings(LINK_HOSTS=[there.host]))
        return there

    def days_later(self, days: float) -> ExternalLink:
        """The only link, after the worker's round at that time."""
        with at(self.noon + timedelta(days=days)):
            work()
        return ExternalLink.objects.get()

    def test_a_link_is_broken_after_failures_on_two_days(self):
        there = self.serve(gone=404)
        translation = make_translation(body=f"x\n[a]({there.url}/gone)")
        link = self.days_later(0)
        assert (link.status, link.broken_since, link.next_at - link.checked_at) == (404, None, timedelta(days=1))
        assert said(translation) == []
        assert self.days_later(0.9).broken_since is None
        assert self.days_later(1.01).broken_since == self.noon
        day = date_format(timezone.localtime(self.noon + timedelta(days=1)), "MONTH_DAY_FORMAT")
        assert said(translation) == [f"{there.url}/gone answered 404 on {day}."]
        assert len(there.asked) == 4

    def test_one_that_answers_again_is_whole(self):
        there = self.serve(page=503)
        translation = make_translation(body=f"[a]({there.url}/page)")
        self.days_later(0)
        assert self.days_later(1.01).broken_since
        there.answers["page"] = 200
        link = self.days_later(2.1)
        assert (link.status, link.broken_since, link.failing_since) == (200, None, None)
        assert said(translation) == []

    def test_one_that_answers_is_asked_again_in_a_week(self):
        there = self.serve(page=200)
        make_translation(body=f"[a]({there.url}/page)")
        for days in (0, 1, 6.9):
            self.days_later(days)
        assert len(there.asked) == 1
        self.days_later(7.1)
        assert len(there.asked) == 2

    def test_whoever_does_not_let_programs_in_is_not_broken(self):
        there = self.serve(page=403)
        make_translation(body=f"[a]({there.url}/page)")
        self.days_later(0)
        assert self.days_later(8).broken_since is None

    def test_an_address_inside_is_told_at_once_and_nobody_is_asked(self):
        there = self.serve(page=200)
        with override_settings(LINK_HOSTS=[]):
            translation = make_translation(body=f"[a]({there.url}/page)")
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(fetching.PORTS, "http", int(there.host.rpartition(":")[2]))
                self.days_later(0)
        assert there.asked == []
        assert "which no reader can reach" in said(translation)[0]

    def test_a_port_that_is_not_asked_is_not_called_broken(self):
        there = self.serve(page=404)
        with override_settings(LINK_HOSTS=[]):
            make_translation(body=f"[a]({there.url}/page)")
            self.days_later(0)
            assert self.days_later(8).broken_since is None
        assert there.asked == []

    def test_a_host_is_asked_one_thing_at_a_time_with_a_pause(self):
        there = self.serve(a=200, b=200)
        make_translation(body=f"[a]({there.url}/a) [b]({there.url}/b)")
        with at(self.noon):
            work()
            assert len(there.asked) == 1
            assert linkcheck.check_due() == linkcheck.BETWEEN.total_seconds()
        with at(self.noon + linkcheck.BETWEEN * 1.1):
            work()
        assert len(there.asked) == 2

    def test_no_two_workers_ask_for_the_same(self):
        there = self.serve(a=200)
        make_translation(body=f"[a]({there.url}/a)")
        linkcheck.collect(every=0)
        taken = linkcheck._claim()
        assert taken and linkcheck._claim() is None
        assert ExternalLink.objects.get().next_at > timezone.now()

    def test_the_worker_does_it(self):
        there = self.serve(a=200)
        make_translation(body=f"[a]({there.url}/a)")
        linkcheck._collected_at.clear()
        call_command("worker", "--once")
        assert there.asked == ["HEAD /a"]

    def test_where_it_is_switched_off_nothing_is_asked_or_said(self):
        there = self.serve(gone=404)
        translation = make_translation(body=f"[a]({there.url}/gone)")
        self.days_later(0)
        self.days_later(2)
        assert said(translation)
        with override_settings(CHECK_LINKS=False):
            before = list(there.asked)
            self.days_later(10)
            assert there.asked == before
            assert said(translation) == []


@override_settings(CHECK_LINKS=True)
class BrokenLinksPageTests(TestCase):
    def setUp(self) -> None:
        self.editor = person("editor")
        self.client.force_login(self.editor)

    def broken(self, address: str, translation: Translation) -> ExternalLink:
        link = ExternalLink.objects.create(
            address=address, digest=address, host="h", status=404, checked_at=timezone.now()
        )
        ExternalLink.objects.update(broken_since=timezone.now(), failing_since=timezone.now())
        LinkUse.objects.create(link=link, translation=translation)
        return ExternalLink.objects.get(pk=link.pk)

    def test_lists_broken_links_with_the_texts_that_hold_them(self):
        translation = make_translation(title="Where it is", body="x\n\n[a](https://gone.example/a)")
        self.broken("https://gone.example/a", translation)
        whole = ExternalLink.objects.create(address="https://fine.example/", digest="f", host="h", status=200)
        LinkUse.objects.create(link=whole, translation=translation)
        response = self.client.get("/admin/articles/article/links/")
        self.assertContains(response, "https://gone.example/a")
        self.assertContains(response, "Answered 404 on")
        self.assertContains(
            response, f'/admin/articles/article/{translation.article_id}/change/?line=3#at-en-body">Where it is'
        )
        self.assertNotContains(response, "fine.example")

    def test_names_a_few_of_many_texts_and_says_how_many_more(self):
        link = self.broken("https://gone.example/a", make_translation(title="The first"))
        for number in range(22):
            LinkUse.objects.create(link=link, translation=make_translation(title=f"Another {number}"))
        page = self.client.get("/admin/articles/article/links/")
        self.assertContains(page, "The first")
        self.assertContains(page, "And 3 more.")
        self.assertNotContains(page, "Another 20")

    def test_asks_no_more_for_many(self):
        for number in range(3):
            self.broken(f"https://gone.example/{number}", make_translation())
        self.client.get("/admin/articles/article/links/")  # the site's own rows are read once
        with self.assertNumQueries(FewerThan(10)):
            self.client.get("/admin/articles/article/links/")
        for number in range(30):
            self.broken(f"https://gone.example/more-{number}", make_translation())
        with self.assertNumQueries(FewerThan(10)):
            self.client.get("/admin/articles/article/links/")

    def test_one_can_be_asked_again_at_once_by_who_writes(self):
        link = self.broken("https://gone.example/a", make_translation())
        ExternalLink.objects.update(next_at=timezone.now() + timedelta(days=1))
        response = self.client.post("/admin/articles/article/links/", {"link": link.pk}, follow=True)
        self.assertContains(response, "It is asked for again")
        assert ExternalLink.objects.due().count() == 1
        ExternalLink.objects.update(next_at=timezone.now() + timedelta(days=1))
        self.client.force_login(make_staff("agent"))
        assert self.client.post("/admin/articles/article/links/", {"link": link.pk}).status_code == 403
        assert ExternalLink.objects.due().count() == 0

    def test_says_so_where_there_are_none_and_where_nobody_asks(self):
        self.assertContains(self.client.get("/admin/articles/article/links/"), "No broken links")
        with override_settings(CHECK_LINKS=False):
            self.assertContains(self.client.get("/admin/articles/article/links/"), "HELPCENTER_CHECK_LINKS")

    def test_is_for_the_staff_that_sees_texts(self):
        self.client.logout()
        assert self.client.get("/admin/articles/article/links/").status_code == 302
