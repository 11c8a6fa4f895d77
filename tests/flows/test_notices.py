"""Service notices of a flow: shown from until, on it and its category, and able to pause it."""

from datetime import timedelta
from typing import Any

from django.test import TestCase
from django.utils import timezone

from articles.models import ServiceNotice
from tests.factories import both, make_flow, make_staff

START, STEP = "/en/resolve/lost/", "/en/resolve/lost/try/?start=yes"


class NoticeTests(TestCase):
    def setUp(self) -> None:
        self.flow = make_flow("lost")

    def notice(self, **fields: Any) -> ServiceNotice:
        values = {"message": both("Late in the north"), "starts_at": timezone.now() - timedelta(hours=1)}
        return ServiceNotice.objects.create(**values | fields)

    def test_one_that_ends_before_it_begins_is_refused(self):
        self.client.force_login(make_staff("editor"))
        given = {"message_0": "Late", "message_1": "Tarde", "starts_at_0": "2099-01-02", "starts_at_1": "09:00"}
        until = {"ends_at_0": "2099-01-01", "ends_at_1": "09:00"}
        page = self.client.post("/admin/articles/servicenotice/add/", given | until)
        self.assertContains(page, "else nobody ever sees it")
        later = {"ends_at_0": "2099-01-03", "ends_at_1": "09:00"}
        assert self.client.post("/admin/articles/servicenotice/add/", given | later).status_code == 302
        assert ServiceNotice.objects.count() == 1

    def test_of_the_flow_shows_on_its_pages_and_not_on_the_home_page(self):
        self.flow.notices.add(self.notice())
        make_flow("other")
        for address in (START, STEP):
            self.assertContains(self.client.get(address), "Late in the north (en)", count=1)
        for address in ("/en/", "/en/resolve/other/"):
            self.assertNotContains(self.client.get(address), "Late in the north")

    def test_of_the_category_shows_once_even_if_the_flow_names_it_too(self):
        self.flow.notices.add(self.notice(category=self.flow.category))
        self.assertContains(self.client.get(STEP), "Late in the north (en)", count=1)

    def test_several_are_one_part_of_the_page(self):
        self.flow.notices.add(self.notice(), self.notice())
        page = self.client.get(STEP)
        self.assertContains(page, "Late in the north (en)", count=2)
        self.assertContains(page, '<aside aria-label="Service notice">', count=1)

    def test_shows_from_until(self):
        now, hour = timezone.now(), timedelta(hours=1)
        self.flow.notices.add(self.notice(starts_at=now + hour), self.notice(ends_at=now - hour / 2))
        self.assertNotContains(self.client.get(STEP), "Late in the north")

    def test_may_pause_the_flow_but_never_contact(self):
        notice = self.notice(is_pausing=True, category=self.flow.category)
        start, step = self.client.get(START), self.client.get(STEP)
        self.assertNotContains(start, "Start the guide")
        self.assertContains(start, "paused")
        self.assertContains(start, 'href="/en/contact/details/?flow=lost"')
        self.assertNotContains(step, "Did that solve it?")
        self.assertContains(step, 'href="/en/contact/details/?flow=lost&amp;start=yes"')
        notice.ends_at = timezone.now()
        notice.save()
        self.assertContains(self.client.get(STEP), "Did that solve it?")
