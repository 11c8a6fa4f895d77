"""What the checks stop: by every way of publishing, with the place, and with nothing lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from articles.brand import Brand
from articles.checklist import Check, Weight, read_weights
from articles.inspecting import Blocked, inspect, text_of
from articles.keywords import add_keyword
from articles.models import Article, Deed, Image, Revision, Translation
from articles.publishing import publish_due
from articles.review import Act
from articles.stages import NotAllowed, Stage
from articles.trail import What
from contact import notifications
from contact.models import Channel
from tests.articles.desk import do, person, press, write
from tests.articles.test_article_admin import form
from tests.factories import FewerThan, make_article, make_fact, make_flow, make_staff, make_translation

pytestmark = pytest.mark.ignore_template_errors

BROKEN = "Intro.\n\nSee [this](article:nowhere)."
WHOLE = "Intro."


def found(translation: Translation, at: Any = None) -> dict[Check, list[str]]:
    """What would stop the text, by check."""
    by_check: dict[Check, list[str]] = {}
    for finding in inspect([text_of(translation)], at)[0].blocking:
        by_check.setdefault(finding.check, []).append(finding.words)
    return by_check


class SurroundingsTests(TestCase):
    """What the rules are told of the rest of the help center."""

    def test_links_to_what_readers_can_reach_are_fine(self):
        make_translation(make_article(key="there"), body="## Where it is")
        make_translation(make_article(key="only-spanish"), "es", body="## Dónde")
        make_flow("fix-it")
        Image.objects.create(name="a.png", sha256="0" * 64, extension="png", width=1, height=1)
        make_fact("days", 30)
        body = (
            "[a](article:there#s-where-it-is) [b](article:only-spanish#s-donde) [c](flow:fix-it) ![x](image:a.png)"
        )
        assert (
            found(make_translation(body=body + " {{ days }} [own](article:own)", article=make_article(key="own")))
            == {}
        )

    def test_those_to_what_is_hidden_gone_or_nowhere_stop_it(self):
        make_translation(make_article(key="draft"), title="A draft", published=False)
        gone = make_translation(make_article(key="gone"))
        gone.withdraw()
        make_article(key="bare")
        make_flow("off", published=False)
        body = "[a](article:draft) [b](article:gone) [c](article:bare) [d](article:no) [e](flow:off) ![x](image:y)"
        words = found(make_translation(body=body))[Check.LINKS]
        assert len(words) == 6
        assert "Readers cannot reach “A draft” (article:draft). Publish it first, or take the link out." in words

    def test_an_anchor_is_that_of_the_text_that_readers_are_shown(self):
        article = make_article(key="there")
        make_translation(article, body="## Within {{ days }} days")
        make_translation(article, "es", body="## En {{ days }} días")
        make_fact("days", 30)
        english = make_translation(body="[a](article:there#s-within-30-days)")
        spanish = make_translation(english.article, "es", body="[a](article:there#s-within-30-days)")
        assert found(english) == {}
        assert list(found(spanish)) == [Check.ANCHORS]

    def test_what_is_published_by_then_is_fine_then(self):
        tomorrow = timezone.now() + timedelta(days=1)
        make_translation(make_article(key="soon"), published_at=tomorrow)
        translation = make_translation(body="[a](article:soon)", published=False)
        assert list(found(translation)) == [Check.LINKS]
        assert found(translation, tomorrow + timedelta(hours=1)) == {}

    def test_of_two_drafts_that_link_to_each_other_one_may_go_first(self):
        one, two = make_article(key="one"), make_article(key="two")
        first = make_translation(one, body="[two](article:two)", published=False)
        second = make_translation(two, body="[one](article:one)", published=False)
        assert found(first) == {}
        do(Act.PUBLISH, first.newest, make_staff())
        do(Act.PUBLISH, second.newest, make_staff())
        second.refresh_from_db()
        second.withdraw()
        assert list(found(first)) == [Check.LINKS]

    def test_our_own_contacts_are_nobodys_secret(self):
        Channel.objects.create(key="phone", kind="phone", label={"en": "Phone"}, address="+34 912 345 699")
        ours = make_translation(body="Call 912 34 56 99, write to support@localhost, reference 7K3M-92XD.")
        other = make_translation(body="Call 912 34 56 98.")
        said = [[one.check for one in report.advising] for report in inspect([text_of(ours), text_of(other)])]
        assert [Check.PERSONAL in checks for checks in said] == [False, True]

    @override_settings(DEFAULT_FROM_EMAIL="Almendra <olga.mails@almendra.shop>")
    def test_nor_are_those_of_the_brand_and_of_who_sends_the_mails(self):
        text = "Call 912 34 56 88 or write to ana.help@almendra.shop; mails come from olga.mails@almendra.shop."
        ours = make_translation(body=text)
        assert Check.PERSONAL in [one.check for one in inspect([text_of(ours)])[0].advising]
        Brand(phone="+34 912 345 688", support_email="ana.help@almendra.shop").save()
        assert Check.PERSONAL not in [one.check for one in inspect([text_of(ours)])[0].advising]

    def test_settings_say_what_stops_it_and_what_is_not_looked_at(self):
        translation = make_translation(body=BROKEN)
        with override_settings(CHECKS=read_weights({"links": "advise", "summary": "block", "keywords": "off"})):
            report = inspect([text_of(translation)])[0]
        assert [one.check for one in report.blocking] == [Check.SUMMARY]
        assert [one.check for one in report.advising] == [Check.LINKS]
        assert report.counts == "1 stops publishing, 1 would make it better"

    def test_the_queries_do_not_grow_with_the_help_center(self):
        keys = [f"target-{number}" for number in range(10)]
        articles = [make_article(key=key) for key in keys]
        for article in articles:
            make_translation(article, body="## When\n\n{{ days }}")
        make_fact("days", 30)
        links = " ".join(f"[a](article:{key}#s-when)" for key in keys)
        translation = make_translation(
            body=f"{links} [b](flow:x) ![c](image:y) <https://e.example/> {{{{ days }}}}"
        )
        text = text_of(translation)
        with override_settings(CHECK_LINKS=True):
            for size in (50, 500):
                self.grow(articles[0].category, size)
                with self.assertNumQueries(FewerThan(13)):
                    inspect([text])
            with self.assertNumQueries(FewerThan(13)):
                inspect([text_of(row) for row in Translation.objects.select_related("article")[:1]])

    @staticmethod
    def grow(category: Any, size: int) -> None:
        made = Article.objects.bulk_create(
            Article(key=f"more-{size}-{number}", category=category) for number in range(size)
        )
        Translation.objects.bulk_create(
            Translation(
                article=article, language="en", title="T", slug=article.key, body="B", published_at=timezone.now()
            )
            for article in made
        )


class DoorTests(TestCase):
    def setUp(self) -> None:
        self.editor = person("editor", "eva")
        self.client.force_login(self.editor)

    def draft(self, body: str = BROKEN) -> Translation:
        return make_translation(title="Returns", body=body, published=False)

    def test_the_text_is_not_published_and_the_sentence_names_the_line(self):
        for body, is_published in ((BROKEN, False), (WHOLE, True)):
            translation = self.draft(body)
            if is_published:
                do(Act.PUBLISH, translation.newest, self.editor)
            else:
                with self.assertRaisesMessage(
                    Blocked, "1 check stops publishing: Line 3: There is no article “article:nowhere”."
                ):
                    do(Act.PUBLISH, translation.newest, self.editor)
            assert Translation.objects.get(pk=translation.pk).is_published == is_published

    def test_the_button_of_the_form_saves_and_comes_back_with_links_to_the_places(self):
        translation = self.draft()
        address = f"/admin/articles/article/{translation.article_id}/change/"
        typed = {"en": {"title": "Returns", "body": "New.\n\nSee [this](article:nowhere)."}}
        data = form(translation.article, **typed) | {"_publish": "translations-0", "note": ""}
        response = self.client.post(address, data, follow=True)
        assert response.redirect_chain == [(address, 302)]
        self.assertContains(response, f'<a href="{address}?line=3#at-en-body">Text, line 3</a>')
        self.assertContains(response, "“Returns” is saved and not published")
        translation.refresh_from_db()
        assert (translation.body, translation.is_published) == (typed["en"]["body"], False)

    def test_where_nothing_stops_it_the_form_says_so_once_and_leads_to_what_readers_see(self):
        data = form(en={"title": "Returns", "body": WHOLE}) | {"_publish": "translations-0"}
        page = self.client.post("/admin/articles/article/add/", data, follow=True)
        saved = Translation.objects.get(title="Returns")
        address = f"/admin/articles/article/{saved.article_id}/change/"
        assert page.redirect_chain == [(address, 302)]
        self.assertContains(page, f'Readers now see <a href="{saved.get_absolute_url()}">Returns</a>.')
        self.assertNotContains(page, "successfully")
        again = form(saved.article, en={"title": "Returns", "body": "More."}) | {"_submit": "translations-0"}
        assert self.client.post(address, again)["Location"] == address
        assert self.client.post(address, form(saved.article))["Location"] == "/admin/articles/article/"

    def test_a_new_article_comes_back_as_its_form_too(self):
        data = form(en={"title": "Returns", "body": BROKEN}) | {"_publish": "translations-0"}
        response = self.client.post("/admin/articles/article/add/", data, follow=True)
        saved = Translation.objects.get(title="Returns")
        assert response.redirect_chain[-1][0] == f"/admin/articles/article/{saved.article_id}/change/"
        assert not saved.is_published

    def test_the_texts_own_page_says_why_and_where(self):
        translation = self.draft()
        response = press(self.client, translation.newest, "publish")
        self.assertContains(response, "1 check stops publishing: Line 3")
        address = f"/admin/articles/article/{translation.article_id}/change/?line=3#at-en-body"
        self.assertContains(response, f'<a href="{address}" data-line="3">Text, line 3</a>')
        self.assertContains(response, "Checks: 1 stops publishing, 2 would make it better")

    def test_it_cannot_be_scheduled_either(self):
        with self.assertRaises(Blocked):
            do(Act.SCHEDULE, self.draft().newest, self.editor, at=timezone.now() + timedelta(days=1))

    def test_what_broke_after_it_was_scheduled_is_told_to_who_scheduled_it(self):
        target = make_translation(make_article(key="target"))
        translation = make_translation(title="Returns", body=WHOLE)
        revision = write(translation, self.editor, "See [this](article:target).")
        do(Act.SCHEDULE, revision, self.editor, at=timezone.now() + timedelta(days=1))
        target.withdraw()
        Revision.objects.filter(pk=revision.pk).update(apply_at=timezone.now() - timedelta(minutes=1))
        publish_due()
        translation.refresh_from_db()
        assert translation.body == WHOLE
        assert Revision.objects.get(pk=revision.pk).stage == Stage.WRITING
        assert "Readers cannot reach" in Deed.objects.get(what=What.NOT_PUBLISHED).words
        notifications.hand_over()
        call_command("worker", "--once")
        assert [message.to for message in mail.outbox] == [["eva@example.org"]]

    def test_a_keyword_waits_where_the_text_would_be_stopped(self):
        translation = make_translation(body=BROKEN)  # the article it names was deleted since
        assert add_keyword(translation, "bring it back", self.editor) is False
        assert "bring it back" in translation.newest.keywords
        translation.refresh_from_db()
        assert translation.keywords == ""

    def test_a_keyword_waits_where_another_text_has_the_address(self):
        translation = make_translation(slug="mine")
        Translation.objects.filter(pk=translation.pk).update(published_at=None)
        draft = Translation.objects.get(pk=translation.pk)
        draft.write(draft.texts | {"slug": "other"}, by=self.editor)
        Translation.objects.filter(pk=translation.pk).update(published_at=timezone.now(), slug="mine")
        make_translation(slug="taken")
        Translation.objects.filter(slug="taken").update(slug="other")
        assert add_keyword(Translation.objects.get(pk=translation.pk), "bring it back", self.editor) is False

    def test_advice_stops_nothing(self):
        translation = self.draft("### A heading too deep")
        do(Act.PUBLISH, translation.newest, self.editor)
        assert Translation.objects.get(pk=translation.pk).is_published

    def test_a_review_is_not_stopped(self):
        translation = self.draft()
        do(Act.SUBMIT, translation.newest, self.editor)
        assert translation.newest.stage == Stage.REVIEW

    def test_a_bulk_act_publishes_the_others(self):
        """Whoever acts on many goes text by text through the same door."""
        works = [self.draft(body).newest for body in (WHOLE, BROKEN, WHOLE)]
        refused = []
        for work in works:
            try:
                do(Act.PUBLISH, work, self.editor)
            except NotAllowed as error:
                refused.append(str(error))
        assert [Translation.objects.get(pk=work.translation_id).is_published for work in works] == [
            True,
            False,
            True,
        ]
        assert refused == ["1 check stops publishing: Line 3: There is no article “article:nowhere”."]


class BoxTests(TestCase):
    def test_the_form_shows_what_was_found_in_each_language(self):
        self.client.force_login(make_staff("editor"))
        article = make_article()
        make_translation(article, body="x\n\n![](image:none.png)", published=False)
        make_translation(article, "es", title="t" * 71, published=False)
        page = self.client.get(f"/admin/articles/article/{article.pk}/change/")
        self.assertContains(page, "Checks: 2 stop publishing, 2 would make it better")
        self.assertContains(page, '<a href="#at-en-body" data-line="3">Text, line 3</a>')
        self.assertContains(page, 'id="at-en-body"')
        self.assertContains(page, "Checks: 3 would make it better")
        self.assertContains(page, '<a href="#at-es-title">Title</a>')

    def test_a_form_that_came_back_unsaved_shows_what_was_found_in_what_is_typed(self):
        self.client.force_login(make_staff("editor"))
        translation = make_translation(published=False)
        typed = form(translation.article, en={"title": "", "body": "One\n\n\n[a](article:nowhere)"})
        page = self.client.post(f"/admin/articles/article/{translation.article_id}/change/", typed)
        self.assertContains(page, "Text, line 4")

    def test_a_faultless_text_says_so(self):
        self.client.force_login(make_staff("editor"))
        translation = make_translation(summary="S", keywords="K", published=False)
        self.assertContains(self.client.get(translation.work_url), "Checks: nothing found")
        response = self.client.post(
            f"/admin/articles/article/{translation.article_id}/change/", form(translation.article), follow=True
        )
        self.assertNotContains(response, "Checks of")

    def test_a_translator_is_led_to_the_page_they_may_write_on(self):
        article = make_article()
        make_translation(article)
        spanish = make_translation(article, "es", body=BROKEN, published=False)
        self.client.force_login(make_staff("translator-es"))
        page = self.client.get(spanish.work_url)
        place = f"/admin/articles/article/{article.pk}/translate/es/"
        self.assertContains(page, f"{place}?line=3#at-es-body")
        self.assertContains(self.client.get(place), 'id="at-es-body"')
        write = f'href="/admin/articles/article/{article.pk}/change/">Write</a>'
        self.assertNotContains(page, write)
        self.client.force_login(make_staff("author"))
        self.assertContains(self.client.get(spanish.work_url), write)

    def test_what_is_found_is_escaped(self):
        self.client.force_login(make_staff("editor"))
        translation = make_translation(
            title="<script>hit()</script>", body="[x](article:<b>hit</b>)", published=False
        )
        data = form(translation.article) | {"_publish": "translations-0"}
        response = self.client.post(f"/admin/articles/article/{translation.article_id}/change/", data, follow=True)
        self.assertNotContains(response, "<script>hit")
        self.assertNotContains(response, "<b>hit")


class WeightTests(TestCase):
    def test_a_check_that_blocks_by_setting_stops_it(self):
        translation = make_translation(body=WHOLE, published=False)
        with override_settings(CHECKS=read_weights({"keywords": Weight.BLOCK})), self.assertRaises(Blocked):
            do(Act.PUBLISH, translation.newest, make_staff())
        do(Act.PUBLISH, translation.newest, make_staff())


class ViewerTests(TestCase):
    def test_who_may_only_look_sees_the_form_without_the_box(self):
        translation = make_translation(body=BROKEN)
        self.client.force_login(make_staff("agent"))
        page = self.client.get(f"/admin/articles/article/{translation.article_id}/change/")
        self.assertContains(page, "article:nowhere")
        self.assertNotContains(page, "checks-en")
