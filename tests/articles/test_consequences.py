"""Renaming, moving, withdrawing and deleting say first what follows from them, and then do what was asked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from articles.models import Article, Category, Image, OldSlug
from articles.review import Act
from contact.handoff import carry_flow
from contact.models import DraftRequest
from flows import links
from flows.figures import Counted
from flows.models import Detail, Flow, FlowCount
from search.models import LoggedSearch, RelatedTranslation
from tests.articles.desk import press
from tests.articles.forms import Opened
from tests.factories import (
    both,
    make_article,
    make_category,
    make_fact,
    make_flow,
    make_staff,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.ignore_template_errors
OUTCOME: dict[str, Any] = {"kind": "outcome", "outcome": "contact"}


class DeskTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(make_staff("editor"))

    def confirmed(self, page: Any) -> str:
        found = re.search(r'name="_confirmed"[^>]*value="([^"]+)"', page.content.decode())
        assert found
        return found[1]


class RenamingTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.text = make_translation(make_article(key="late"), title="Late", slug="late")
        self.address = f"/admin/articles/article/{self.text.article_id}/change/"

    def test_a_key_that_texts_name_stays(self):
        make_translation(title="Other", body="[x](article:late)")
        make_flow("parcel", {"start": OUTCOME | {"body": both("[x](article:late)")}})
        page = Opened(self.client, self.address).save(key="later")
        self.assertContains(page, "cannot get another name: 1 text and 1 step of a flow name it by this one")
        self.assertContains(page, "Other (article, English)")
        assert Article.objects.filter(key="late").exists()

    def test_a_key_that_only_rows_point_at_can_change(self):
        make_flow("parcel", {"start": OUTCOME | {"article": self.text.article}})
        assert Opened(self.client, self.address).save(key="later").status_code == 302
        assert Article.objects.filter(key="later").exists()

    def test_another_slug_says_that_the_old_one_leads_to_it_and_is_saved_when_that_was_read(self):
        opened = Opened(self.client, self.address)
        page = opened.save(**{"translations-0-slug": "later"})
        self.assertContains(page, "The address changes from /en/articles/late/ to /en/articles/later/.")
        assert self.text.revisions.count() == 1
        assert opened.save(_confirmed=self.confirmed(page)).status_code == 302
        assert self.text.revisions.first().slug == "later"  # type: ignore[union-attr]

    def test_deleting_names_no_rows_that_the_machine_keeps_for_itself(self):
        text = make_translation(make_article(), body="See [it](article:late).")
        RelatedTranslation.objects.create(translation=text, other=self.text, position=1)
        page = self.client.get(f"/admin/articles/article/{text.article_id}/delete/")
        self.assertContains(page, "Revision: ")
        for name in ("Text use", "Text to search", "Related text", "Links read"):
            assert name.lower() not in page.content.decode().lower()
        assert self.client.post(page.request["PATH_INFO"], {"post": "yes"}).status_code == 302
        assert not RelatedTranslation.objects.exists()

    def test_a_question_is_not_called_an_error(self):
        opened = Opened(self.client, self.address)
        self.assertNotContains(opened.save(**{"translations-0-slug": "later"}), "errornote")
        mistaken = opened.save(**{"translations-0-slug": "later", "translations-0-title": ""})
        self.assertContains(mistaken, "errornote")

    def test_the_button_that_was_pressed_stands_beside_what_follows(self):
        for button, name in (({"_publish": "translations-0"}, "_publish"), ({"_save": "Save"}, "_save")):
            page = Opened(self.client, self.address).save(**{"translations-0-slug": "later"}, **button)
            box = page.content.decode().partition('id="consequences"')[2].partition("</section>")[0]
            assert f'name="{name}" value="{button[name] if name == "_publish" else ""}">Save</button>' in box

    def test_what_was_read_of_one_slug_is_not_read_of_another(self):
        opened = Opened(self.client, self.address)
        page = opened.save(**{"translations-0-slug": "later"})
        page = opened.save(_confirmed=self.confirmed(page), **{"translations-0-slug": "latest"})
        self.assertContains(page, "/en/articles/latest/")

    def test_a_slug_that_led_elsewhere_says_so(self):
        OldSlug.objects.create(language="en", slug="taken", translation=make_translation(title="Elsewhere"))
        page = Opened(self.client, self.address).save(**{"translations-0-slug": "taken"})
        self.assertContains(page, "/en/articles/taken/ is an old address of “Elsewhere”")

    def test_a_text_that_readers_do_not_see_is_renamed_without_a_word(self):
        draft = make_translation(published=False, slug="draft")
        opened = Opened(self.client, f"/admin/articles/article/{draft.article_id}/change/")
        assert opened.save(**{"translations-0-slug": "other"}).status_code == 302

    def test_an_image_that_is_shown_keeps_its_name(self):
        image = Image.objects.create(name="box.png", sha256="a" * 64, extension="png", width=1, height=1)
        make_translation(title="Box", body="![A box](image:box.png)")
        page = self.client.post(f"/admin/articles/image/{image.pk}/change/", {"name": "crate.png"})
        self.assertContains(page, "cannot get another name")
        self.assertContains(page, "Box (article, English)")


class FlowRenamingTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.flow = make_flow("parcel")
        self.address = f"/admin/flows/flow/{self.flow.pk}/change/"

    def rename(self, slug: str) -> Any:
        opened = Opened(self.client, self.address)
        page = opened.save(slug=slug)
        self.assertContains(page, f"The address changes from /en/resolve/parcel/ to /en/resolve/{slug}/.")
        return opened.save(_confirmed=self.confirmed(page))

    def test_its_old_address_and_those_of_its_steps_lead_to_the_new_ones(self):
        assert self.rename("package").status_code == 302
        for old, new in (
            ("/en/resolve/parcel/", "/en/resolve/package/"),
            ("/en/resolve/parcel/try/?start=yes", "/en/resolve/package/try/?start=yes"),
        ):
            self.assertRedirects(self.client.get(old), new, status_code=301)
        carried = carry_flow(DraftRequest(language="en"), "parcel", {"start": "yes"})
        assert carried is not None and carried.step == "try"

    def test_links_by_the_old_slug_go_on_working_and_are_listed(self):
        text = make_translation(title="Other", body="[x](flow:parcel)")
        self.rename("package")
        assert links.flows({"parcel"}, "en")["parcel"].url == "/en/resolve/package/"
        self.assertContains(self.client.get(text.get_absolute_url()), 'href="/en/resolve/package/"')
        self.assertContains(self.client.get(self.address), text.work_url)

    def test_a_new_flow_takes_the_old_slug_over(self):
        self.rename("package")
        make_flow("parcel")
        assert self.client.get("/en/resolve/parcel/").status_code == 200
        assert not self.flow.old_slugs.exists()

    def test_back_again_leaves_no_circle(self):
        self.rename("package")
        opened = Opened(self.client, self.address)
        opened.save(_confirmed=self.confirmed(opened.save(slug="parcel")))
        assert self.client.get("/en/resolve/parcel/").status_code == 200
        self.assertRedirects(self.client.get("/en/resolve/package/"), "/en/resolve/parcel/", status_code=301)


class MovingTests(DeskTests):
    def test_an_article_that_readers_see(self):
        text, category = make_translation(), make_category(name={"en": "Elsewhere"})
        opened = Opened(self.client, f"/admin/articles/article/{text.article_id}/change/")
        page = opened.save(category=str(category.pk))
        self.assertContains(page, "to “Elsewhere”: readers find it there")
        assert Article.objects.get().category != category
        assert opened.save(_confirmed=self.confirmed(page)).status_code == 302
        assert Article.objects.get().category == category

    def test_a_category_with_what_it_holds(self):
        category, parent = make_category(slug="small"), make_category()
        text = make_translation(make_article(category=category), title="Held")
        flow = make_flow(category=category)
        opened = Opened(self.client, f"/admin/articles/category/{category.pk}/change/")
        page = opened.save(parent=str(parent.pk), slug="smaller")
        self.assertContains(page, "with all that it holds")
        self.assertContains(page, "from /en/categories/small/ to /en/categories/smaller/")
        self.assertContains(page, text.work_url)
        self.assertContains(page, flow.work_url)
        assert opened.save(_confirmed=self.confirmed(page)).status_code == 302
        assert Category.objects.get(pk=category.pk).parent == parent
        self.assertRedirects(self.client.get("/en/categories/small/"), "/en/categories/smaller/", status_code=301)


class WithdrawingTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.text = make_translation(make_article(key="late"), title="Late")
        self.work = self.text.applied

    def test_the_steps_and_texts_that_lose_it_and_its_searches_are_named_first(self):
        make_translation(title="Other", body="[x](article:late)")
        make_flow("parcel", {"start": OUTCOME | {"article": self.text.article}})
        LoggedSearch.objects.create(
            asked="late",
            language="en",
            result_count=1,
            is_answered=True,
            opened=f"articles.translation.{self.text.pk}",
        )
        page = press(self.client, self.work, Act.WITHDRAW)
        for words in (
            "show without it",
            "step “start”: its article",
            "lose their link",
            "Other",
            "1 search led to it",
        ):
            self.assertContains(page, words)
        self.text.refresh_from_db()
        assert self.text.is_published
        again = press(self.client, self.work, Act.WITHDRAW, _confirmed=self.confirmed(page))
        assert again.status_code == 302
        self.text.refresh_from_db()
        assert not self.text.is_published

    def test_at_a_moment_to_come_too(self):
        make_translation(title="Other", body="[x](article:late)")
        at = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
        page = press(self.client, self.work, Act.WITHDRAW, at=at)
        self.assertContains(page, f'name="at" value="{at}"')
        press(self.client, self.work, Act.WITHDRAW, at=at, _confirmed=self.confirmed(page))
        self.text.refresh_from_db()
        assert self.text.withdrawn_at is not None and self.text.is_published

    def test_where_another_language_is_left_links_lead_there(self):
        make_translation(self.text.article, "es")
        make_translation(title="Other", body="[x](article:late)")
        make_translation(language="es", title="Otro", body="[x](article:late)")
        page = press(self.client, self.work, Act.WITHDRAW)
        self.assertContains(page, "lead to the text in Spanish")
        self.assertContains(page, "Other")
        self.assertNotContains(page, "Otro")

    def test_what_nobody_uses_is_withdrawn_at_once(self):
        """The control."""
        assert press(self.client, self.work, Act.WITHDRAW).status_code == 302

    def test_a_flow_from_its_own_form_and_from_its_work(self):
        flow = make_flow("parcel")
        make_translation(title="Other", body="[x](flow:parcel)")
        day = timezone.localdate()
        FlowCount.objects.add(flow.published_version_id, day, Counted.START, "start")
        for page in (
            press(self.client, flow.published_version, Act.WITHDRAW),
            Opened(self.client, f"/admin/flows/flow/{flow.pk}/change/").save(_withdraw="1"),
        ):
            self.assertContains(page, "Other")
            self.assertContains(page, "it was started 1 time")
            assert Flow.objects.get().is_published
        press(self.client, flow.published_version, Act.WITHDRAW, _confirmed=self.confirmed(page))
        assert not Flow.objects.get().is_published


class DeletingTests(DeskTests):
    def test_an_article_a_flow_an_image_and_a_category_name_what_would_break(self):
        article = make_article(key="late")
        image = Image.objects.create(name="box.png", sha256="a" * 64, extension="png", width=1, height=1)
        flow = make_flow("parcel")
        body = "[x](article:late) [x](flow:parcel) ![x](image:box.png)"
        text = make_translation(title="Other", body=body)
        Detail.objects.create(key="box", label=both("Box"), picture=image)
        for kind, pk in (("articles/article", article.pk), ("flows/flow", flow.pk), ("articles/image", image.pk)):
            with self.subTest(kind=kind):
                self.assertContains(self.client.get(f"/admin/{kind}/{pk}/delete/"), text.work_url)
                chosen = {"action": "delete_selected", "_selected_action": [pk]}
                self.assertContains(self.client.post(f"/admin/{kind}/", chosen), text.work_url)
        assert (
            self.client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 302
        )
        held = text.article.category
        page = self.client.get(f"/admin/articles/category/{held.pk}/delete/")
        self.assertContains(page, text.work_url)
        assert self.client.post(f"/admin/articles/category/{held.pk}/delete/", {"post": "yes"}).status_code == 200
        assert Category.objects.filter(pk=held.pk).exists()

    def test_an_article_that_a_step_shows_is_kept_without_an_error(self):
        article = make_article(key="late")
        make_flow("parcel", {"start": OUTCOME | {"article": article}})
        for user in (make_staff("editor"), get_user_model().objects.create_superuser("chief")):
            self.client.force_login(user)
            page = self.client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
            self.assertContains(page, "its article")
            assert Article.objects.filter(key="late").exists()

    def test_pages_say_what_links_to_them(self):
        topic = make_topic()
        flow = make_flow("parcel", {"start": OUTCOME | {"topic": topic}}, category=topic.category)
        article = make_article(key="late", category=topic.category)
        text = make_translation(title="Other", body="[x](article:late) [x](flow:parcel)")
        self.assertContains(self.client.get(f"/admin/articles/article/{article.pk}/change/"), text.work_url)
        self.assertContains(self.client.get(f"/admin/flows/flow/{flow.pk}/change/"), text.work_url)
        page = self.client.get(f"/admin/articles/category/{topic.category_id}/change/")
        self.assertContains(page, flow.work_url)
        self.assertContains(page, f"/admin/flows/topic/{topic.pk}/change/")


class LockTests(TransactionTestCase):
    """Where the database locks rows, as PostgreSQL does; SQLite is told to look as if it did."""

    def setUp(self) -> None:
        administrator = get_user_model().objects.create_superuser("root", "root@example.org", "password")
        self.client.force_login(administrator)
        if not connection.features.has_select_for_update:
            for where, name, value in (
                (connection.features, "has_select_for_update", True),
                (connection.features, "has_select_for_update_of", True),
                (connection.ops, "for_update_sql", lambda **_given: ""),
            ):
                looks = mock.patch.object(where, name, value)
                looks.start()
                self.addCleanup(looks.stop)

    def test_what_is_deleted_is_locked_within_a_transaction(self):
        found = [make_translation().article, make_category(), make_fact("days", 30), make_flow(published=False)]
        for one in found:
            with self.subTest(type(one).__name__):
                kind = f"{one._meta.app_label}/{one._meta.model_name}"
                response = self.client.post(f"/admin/{kind}/{one.pk}/delete/", {"post": "yes"})
                assert response.status_code == 302
                assert not type(one)._default_manager.filter(pk=one.pk).exists()
