"""A secret link shows what is not published yet, as readers will see it; to nobody else, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import TestCase
from django.utils import timezone

from articles.models import PreviewLink, Translation
from articles.review import Act
from tests.articles.desk import do, person, press, write
from tests.factories import both, make_flow, make_translation

pytestmark = pytest.mark.ignore_template_errors


class TextTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.translation = make_translation(slug="parcel", body="Before.")
        self.revision = write(self.translation, self.ana)
        do(Act.SHARE, self.revision, self.ana, days=7)
        self.link = PreviewLink.objects.get()
        self.address = self.link.get_absolute_url()

    def test_shows_the_unapplied_text_to_people_without_an_account(self):
        page = self.client.get(self.address)
        self.assertContains(page, "<p>After.</p>", html=True)
        self.assertContains(page, "Not published yet")
        self.assertContains(self.client.get("/en/articles/parcel/"), "Before.")

    def test_nobody_keeps_it_or_lists_it_or_is_told_of_it(self):
        page = self.client.get(self.address)
        assert page["Cache-Control"] == "no-store"
        assert "noindex" in page["X-Robots-Tag"]
        assert page["Referrer-Policy"] == "no-referrer"
        self.assertContains(page, '<meta name="robots" content="noindex, nofollow">')
        self.assertContains(self.client.get("/robots.txt"), "Disallow: /en/preview/")
        assert not page.cookies

    def test_ends_by_itself(self):
        PreviewLink.objects.update(expires_at=timezone.now())
        assert self.client.get(self.address).status_code == 404

    def test_ends_when_somebody_ends_it(self):
        self.client.force_login(self.ana)
        press(self.client, self.revision, "revoke", link=str(self.link.pk))
        assert self.client.get(self.address).status_code == 404
        self.assertContains(press(self.client, self.revision, "revoke", link=str(self.link.pk)), "ended already")

    def test_ends_with_the_publication_and_shows_nothing_written_later(self):
        do(Act.PUBLISH, self.revision, self.ana)
        write(self.translation, self.ana, "Secret again.")
        assert self.client.get(self.address).status_code == 404

    def test_ends_with_a_publication_that_came_by_itself(self):
        draft = make_translation(slug="late", published=False, body="Before.")
        do(Act.SHARE, draft.newest, self.ana, days=7)
        do(Act.SCHEDULE, draft.newest, self.ana, at=timezone.now() + timedelta(minutes=5))
        address = PreviewLink.objects.to(draft).get().get_absolute_url()
        self.assertContains(self.client.get(address), "Before.")
        hour_ago = timezone.now() - timedelta(hours=1)
        PreviewLink.objects.update(made_at=hour_ago - timedelta(hours=1))
        Translation.objects.filter(pk=draft.pk).update(published_at=hour_ago)
        newest = write(draft, self.ana, "Secret again.")
        self.assertRedirects(self.client.get(address), draft.get_absolute_url())
        do(Act.SHARE, newest, self.ana, days=7)
        newer = PreviewLink.objects.to(draft).first()
        self.assertContains(self.client.get(newer.get_absolute_url()), "Secret again.")

    def test_cannot_be_guessed_or_turned_to_another_text(self):
        other = make_translation(published=False)
        do(Act.SHARE, other.newest, self.ana)
        second = PreviewLink.objects.first()
        signature = self.address.rstrip("/").rpartition(".")[2]
        for forged in (f"{second.pk}.{signature}", "1", "x.y", Signer(sep=".").sign("1"), f"{self.link.pk}."):
            assert self.client.get(f"/en/preview/articles/{forged}/").status_code == 404
        assert self.client.get(self.address.replace("articles", "flows")).status_code == 404

    def test_the_desk_shows_it_as_it_is_given_to_others(self):
        self.client.force_login(self.ana)
        self.assertContains(
            self.client.get(self.translation.work_url), f'value="http://127.0.0.1:8000{self.address}"'
        )

    def test_a_link_of_another_text_is_not_ended_by_this_ones_page(self):
        other = make_translation(published=False)
        self.client.force_login(self.ana)
        press(self.client, other.newest, "revoke", link=str(self.link.pk))
        assert self.client.get(self.address).status_code == 200

    def test_a_text_that_was_never_published_is_shown_too(self):
        draft = make_translation(published=False, body="Quite new.", language="es")
        do(Act.SHARE, draft.newest, self.ana)
        page = self.client.get(PreviewLink.objects.first().get_absolute_url())
        self.assertContains(page, "Quite new.")
        self.assertContains(page, '<html lang="es"')


class FlowTests(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.flow = make_flow("parcel")
        self.draft = self.flow.make_draft(self.ana)
        step = self.draft.steps.get(slug="start")
        step.title = both("Quite another question")
        step.save()
        do(Act.SHARE, self.draft, self.ana)
        self.address = PreviewLink.objects.get().get_absolute_url()

    def test_is_walked_as_customers_will_walk_it(self):
        start = self.client.get(self.address)
        self.assertContains(start, f"{self.address}start/")
        step = self.client.get(f"{self.address}start/")
        self.assertContains(step, "Quite another question (en)")
        assert step["Cache-Control"] == "no-store"
        following = self.client.get(f"{self.address}start/?start=yes")
        self.assertRedirects(following, f"{self.address}try/?start=yes")
        page = self.client.get(f"{self.address}try/?start=yes")
        self.assertContains(page, f'action="{self.address}try/"')
        self.assertNotContains(page, 'href="/en/resolve/parcel/')
        self.assertNotContains(self.client.get("/en/resolve/parcel/start/"), "Quite another")

    def test_ends_with_the_publication_and_with_its_time(self):
        PreviewLink.objects.update(expires_at=timezone.now() + timedelta(seconds=0))
        assert self.client.get(self.address).status_code == 404
        PreviewLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
        do(Act.PUBLISH, self.draft, self.ana)
        assert self.client.get(self.address).status_code == 404
        assert self.client.get(f"{self.address}start/").status_code == 404
