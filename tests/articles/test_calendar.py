"""The calendar of the desk: what is published, withdrawn and announced, on its day, in the site's time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import TestCase
from django.utils import timezone

from articles.models import FactValue, ServiceNotice
from articles.review import Act
from tests.articles.desk import do, person, write
from tests.factories import FewerThan, both, make_article, make_fact, make_flow, make_translation

pytestmark = pytest.mark.ignore_template_errors

CALENDAR = "/admin/articles/article/calendar/"


def next_month(day: int, hour: int = 9) -> datetime:
    first = (timezone.localdate().replace(day=1) + timedelta(days=32)).replace(day=1)
    return timezone.make_aware(datetime(first.year, first.month, day, hour))


class CalendarTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)
        self.address = f"{CALENDAR}?month={next_month(1):%Y-%m}"

    def day(self, number: int, address: str = "", **headers: str) -> str:
        """What the table says of the day, without markup."""
        page = self.client.get(address or self.address, headers=headers).content.decode()
        cell = page.split(f'<time datetime="{next_month(number):%Y-%m-%d}">')[1].split("</td>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", cell).split())

    def test_says_what_is_published_and_withdrawn_and_leads_there(self):
        draft = make_translation(title="First", published=False)
        do(Act.SCHEDULE, draft.newest, self.ana, at=next_month(3))
        live = make_translation(title="Second")
        do(Act.SCHEDULE, write(live, self.ana), self.ana, at=next_month(4, 23))
        do(Act.WITHDRAW, live.newest, self.ana, at=next_month(5))
        assert self.day(3) == "3 09:00 is published First (en)"
        assert self.day(4) == "4 23:00 number 2 is published Second (en)"
        assert self.day(5) == "5 09:00 is withdrawn Second (en)"
        assert self.day(6) == "6"
        self.assertContains(self.client.get(self.address), draft.work_url, count=2)  # in the table, in the list

    def test_flows_and_notices(self):
        flow = make_flow("returns")
        do(Act.SCHEDULE, flow.make_draft(self.ana), self.ana, at=next_month(7))
        do(Act.WITHDRAW, flow.versions.first(), self.ana, at=next_month(8))
        ServiceNotice.objects.create(message=both("Late"), starts_at=next_month(9), ends_at=next_month(11))
        assert self.day(7) == "7 09:00 flow is published Flow returns (en)"
        assert self.day(8) == "8 09:00 flow is withdrawn Flow returns (en)"
        assert self.day(9) == "9 09:00 notice begins Late (en)"
        assert self.day(10) == "10"
        assert self.day(11) == "11 09:00 notice ends Late (en)"

    def test_facts_that_change_and_texts_to_check(self):
        fact = make_fact("days", 30)
        FactValue.objects.create(fact=fact, number=60, starts_at=next_month(12), by=self.ana)
        for _number in range(2):
            make_translation(make_article(check_by=next_month(13).date()))
        assert self.day(12) == "12 09:00 fact changes days: 60"
        assert self.day(13) == "13 due 2 articles to check"

    def test_what_goes_on_through_the_month_stands_above_it(self):
        long_ago = timezone.now() - timedelta(days=90)
        ServiceNotice.objects.create(message=both("Always"), starts_at=long_ago)
        ServiceNotice.objects.create(message=both("Over"), starts_at=long_ago, ends_at=timezone.now())
        page = self.client.get(self.address)
        self.assertContains(page, "All along:")
        self.assertContains(page, "Always (en)")
        self.assertNotContains(page, "Over (en)")

    def test_what_is_past_is_not_announced(self):
        make_translation(title="Seen", published_at=timezone.now() - timedelta(seconds=1))
        self.assertNotContains(self.client.get(CALENDAR), "Seen")

    def test_each_person_sees_what_they_may_look_at(self):
        ServiceNotice.objects.create(message=both("Late"), starts_at=next_month(9))
        make_translation(title="Later", published_at=next_month(9))
        assert "Late (en)" in self.day(9)
        self.client.force_login(person("author"))
        assert self.day(9) == "9 09:00 is published Later (en)"

    def test_weeks_begin_as_the_language_says(self):
        page = self.client.get(self.address, headers={"Accept-Language": "es"}).content.decode()
        headings = re.findall(r'<abbr title="(\w+)">', page)
        assert (headings[0], len(headings)) == ("lunes", 7)
        first_row = page.split("<tbody>")[1].split("</tr>")[0]
        before = date.fromisoformat(f"{next_month(1):%Y-%m-%d}").weekday()
        assert first_row.count('class="other"') == before

    def test_a_month_that_is_none_is_this_one(self):
        for asked in ("", "2026-13", "0000-01", "2026-1", "x", "９９９９-01", "99999-01"):
            page = self.client.get(CALENDAR, {"month": asked})
            self.assertContains(page, f'datetime="{timezone.localdate():%Y-%m-%d}"')

    def test_many_on_a_day_are_folded_and_cost_no_more_queries(self):
        for number in range(2):
            for _each in range(20):
                make_translation(make_article(), published_at=next_month(3))
            with self.assertNumQueries(FewerThan(13)):
                page = self.client.get(self.address)
            self.assertContains(page, f"{15 + 20 * number} more")
