"""Keeping it true: due on its day, one mail to its owner, one click that it is still correct."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone

from articles import due
from articles.checkday import in_months, next_check
from articles.models import Article, Deed, Notification
from articles.trail import What
from tests.articles.desk import person
from tests.articles.forms import Opened
from tests.factories import FewerThan, make_article, make_translation

pytestmark = pytest.mark.ignore_template_errors
DUE = "/admin/articles/article/due/"
DAY = date(2027, 5, 10)


def on(day: date, hour: int = 9):
    """As if it were then, in the site's time zone."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Madrid"))
    return patch("django.utils.timezone.now", lambda: moment)


@override_settings(SESSION_COOKIE_AGE=10**9)  # the tests stay logged in while years go by
class DueTests(TestCase):
    def setUp(self) -> None:
        self.ana, self.ben = person("editor", "ana"), person("author", "ben")
        self.article = make_article(owner=self.ben, check_by=DAY)
        self.text = make_translation(self.article, title="Parcel")
        self.client.force_login(self.ben)

    def told(self) -> list[str]:
        return [note.recipient.username for note in Notification.objects.order_by("pk")]

    def confirm(self, **given: str):
        address = f"/admin/articles/article/{self.article.pk}/still-correct/"
        response = self.client.post(address, given)
        self.article.refresh_from_db()
        return response

    def test_is_due_on_its_day_and_not_the_day_before(self):
        with on(DAY - timedelta(days=1), hour=23):
            assert not due.due().exists()
            due.tell_owners()
        assert self.told() == []
        with on(DAY, hour=0):
            assert due.due().get() == self.article
            due.tell_owners()
        assert self.told() == ["ben"]

    def test_its_owner_gets_one_mail_until_there_is_a_new_day(self):
        for days in (0, 0, 1, 30):
            with on(DAY + timedelta(days=days)):
                call_command("worker", "--once")
        assert [message.to for message in mail.outbox] == [["ben@example.org"]]
        assert "“Parcel”" in mail.outbox[0].body and DUE in mail.outbox[0].body
        self.article.check_by = DAY + timedelta(days=40)
        self.article.save()
        with on(DAY + timedelta(days=39)):
            due.tell_owners()
        assert len(self.told()) == 1
        with on(DAY + timedelta(days=40)):
            due.tell_owners()
        assert len(self.told()) == 2

    def test_many_at_once_are_one_mail(self):
        for number in range(12):
            make_translation(make_article(owner=self.ben, check_by=DAY), title=f"Text {number}")
        make_translation(make_article(owner=self.ana, check_by=DAY), title="Anas")
        with on(DAY), self.assertNumQueries(FewerThan(40)):
            due.tell_owners()
        assert sorted(self.told()) == ["ana", "ben"]
        said = Notification.objects.get(recipient=self.ben).sentence
        assert "these 13 articles" in said and "“Text 8”" in said and "“Text 9”" not in said
        assert Deed.objects.filter(what=What.DUE).count() == 14

    def test_what_readers_do_not_see_is_not_due(self):
        self.text.withdraw()
        with on(DAY):
            assert not due.due().exists()

    def test_empty_is_never(self):
        Article.objects.update(check_by=None)
        with on(date(2099, 1, 1)):
            assert not due.due().exists()

    def test_still_correct_is_one_click_and_in_the_trail(self):
        with on(DAY):
            self.assertContains(self.client.get("/admin/"), "Parcel")
            form = self.client.get(DUE)
            self.assertContains(form, 'value="2028-05-10"')
            self.confirm(until="2028-05-10")
            self.assertNotContains(self.client.get("/admin/"), "Are these still correct?")
            self.assertContains(self.client.get(DUE), "Nothing is due here.")
        assert self.article.check_by == date(2028, 5, 10)
        deed = Deed.objects.get(what=What.CHECKED)
        assert (deed.by, deed.subject) == (self.ben, self.text)
        assert timezone.localdate(deed.moment) == date(2028, 5, 10)

    def test_after_it_the_owner_is_told_again_on_the_new_day(self):
        with on(DAY):
            due.tell_owners()
            self.confirm(until=DAY.replace(year=2028).isoformat())
            due.tell_owners()
        assert len(self.told()) == 1
        with on(DAY.replace(year=2028)):
            due.tell_owners()
        assert len(self.told()) == 2

    def test_the_day_must_be_one_to_come_and_may_be_none(self):
        with on(DAY):
            for until in ("2027-05-10", "2020-01-01", "soon"):
                self.confirm(until=until)
                assert self.article.check_by == DAY, until
            self.confirm(until="")
        assert self.article.check_by is None

    def test_without_an_active_owner_it_is_on_the_editors_list(self):
        self.ben.is_active = False
        self.ben.save()
        self.client.force_login(self.ana)
        with on(DAY):
            due.tell_owners()
            self.assertContains(self.client.get("/admin/"), "nobody keeps it true")
            self.assertContains(self.client.get(DUE), "Parcel")
        assert self.told() == []
        Article.objects.update(owner=self.ana)  # whoever takes it over is told
        with on(DAY):
            due.tell_owners()
        assert self.told() == ["ana"]

    def test_an_author_sees_their_own_alone_and_can_look_at_the_others(self):
        other = person("author", "cara")
        self.client.force_login(other)
        with on(DAY):
            self.assertNotContains(self.client.get("/admin/"), "Are these still correct?")
            self.assertNotContains(self.client.get(DUE), "Parcel")
            self.assertContains(self.client.get(f"{DUE}?show=all"), "Parcel")
        with on(DAY - timedelta(days=30)):
            self.assertNotContains(self.client.get(f"{DUE}?show=all"), "Parcel")
            self.assertContains(self.client.get(f"{DUE}?show=soon"), "Parcel")

    def test_only_for_those_who_write(self):
        for group, status in (("agent", 403), ("translator-es", 403), ("author", 302), ("editor", 302)):
            self.client.force_login(person(group))
            with on(DAY):
                assert self.confirm(until="2028-05-10").status_code == status, group
        self.client.logout()
        assert self.client.get(DUE).status_code == 302

    def test_the_texts_own_page_says_so(self):
        with on(DAY):
            self.assertContains(self.client.get(self.text.work_url), "Is it still correct?")
        with on(DAY - timedelta(days=1)):
            self.assertNotContains(self.client.get(self.text.work_url), "Is it still correct?")

    def test_the_articles_form_has_the_day(self):
        form = Opened(self.client, f"/admin/articles/article/{self.article.pk}/change/")
        assert form.values["check_by"] == "2027-05-10"
        form.save(check_by="2027-08-01")
        self.article.refresh_from_db()
        assert self.article.check_by == date(2027, 8, 1)
        self.assertContains(self.client.get("/admin/articles/article/"), "1 Aug 2027")

    def test_a_list_costs_the_same_queries_however_long_it_is(self):
        counts = []
        for number in (1, 30):
            for _ in range(number):
                make_translation(make_article(owner=self.ben, check_by=DAY))
            with on(DAY), self.assertNumQueries(FewerThan(20)) as queries:
                self.client.get(DUE)
                self.client.get("/admin/")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class DayTests(TestCase):
    def test_a_new_article_is_due_after_the_months_of_the_setting(self):
        with on(DAY):
            assert make_article().check_by == date(2028, 5, 10)
            with override_settings(CHECK_MONTHS=1):
                assert make_article().check_by == date(2027, 6, 10)
            with override_settings(CHECK_MONTHS=0):
                assert make_article().check_by is None

    def test_tells_nobody_while_nothing_is_due(self):
        make_translation()
        with self.assertNumQueries(1):
            due.tell_owners()


class MonthTests(SimpleTestCase):
    def test_ends_with_the_month(self):
        assert in_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
        assert in_months(date(2027, 1, 31), 13) == date(2028, 2, 29)
        assert in_months(date(2027, 12, 1), 1) == date(2028, 1, 1)
        assert next_check() == in_months(timezone.localdate(), 12)
