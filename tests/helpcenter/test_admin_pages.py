"""Every page of the admin opens, for the administrator and for each group as its permissions say."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TestCase
from django.urls import reverse

from helpcenter.content import import_folder
from tests.factories import make_staff

# The admin's own templates print variables that are not always there.
pytestmark = pytest.mark.ignore_template_errors


def _lookups(model_admin: admin.ModelAdmin) -> list[str]:
    """What addresses of its list may ask for by a number: the year of a date, the row of a foreign key."""
    years = [f"{model_admin.date_hierarchy}__year"] if model_admin.date_hierarchy else []
    named = [each[0] if isinstance(each, tuple) else each for each in model_admin.list_filter]
    fields = [
        model_admin.model._meta.get_field(name) for name in named if isinstance(name, str) and "__" not in name
    ]
    return [*years, *(field.name for field in fields if field.is_relation)]


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
        cls.chief = get_user_model().objects.create_superuser("chief", password="password")

    def test_every_page_opens(self):
        self.client.force_login(self.chief)
        for model, model_admin in admin.site._registry.items():
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            with self.subTest(page=name):
                assert self.client.get(reverse(f"{name}_changelist")).status_code == 200
                added = self.client.get(reverse(f"{name}_add")).status_code
                assert added == (200 if model_admin.has_add_permission(self._request()) else 403)
                if row := model._default_manager.first():
                    assert self.client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200

    def test_in_spanish_too(self):
        self.client.force_login(self.chief)
        self.assertContains(self.client.get("/admin/", headers={"Accept-Language": "es"}), "Artículos")

    def test_a_list_is_asked_for_what_no_database_holds(self):
        """As any other wrong lookup: the list, and a word about it; or nothing, where the database finds none."""
        self.client.force_login(self.chief)
        asked = told = 0
        for model, model_admin in admin.site._registry.items():
            page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for lookup in _lookups(model_admin):
                with self.subTest(page=page, lookup=lookup):
                    response = self.client.get(f"{page}?{lookup}={'9' * 25}")
                    if response.status_code != 200:
                        self.assertRedirects(response, f"{page}?e=1", fetch_redirect_response=False)
                        told += 1
                    asked += 1
        assert asked >= 10
        assert told >= (10 if connection.vendor == "sqlite" else 4)
        self.assertContains(self.client.get("/admin/articles/deed/?e=1"), 'class="results"')

    def test_each_group_may_what_its_name_says(self):
        may = {
            "author": {"articles_article_add": 200, "articles_category_add": 403, "flows_flow_add": 403},
            "editor": {
                "articles_article_add": 200,
                "flows_flow_add": 200,
                "contact_contactrequest_changelist": 403,
            },
            "agent": {"contact_contactrequest_changelist": 200, "articles_article_add": 403},
        }
        for group, pages in may.items():
            self.client.force_login(make_staff(group))
            for page, status in pages.items():
                with self.subTest(group=group, page=page):
                    assert self.client.get(reverse(f"admin:{page}")).status_code == status

    def test_a_list_costs_the_same_queries_however_long_it_is(self):
        self.client.force_login(self.chief)
        address = reverse("admin:articles_article_changelist")
        with self.assertNumQueries(8):
            self.client.get(address)
        from tests.factories import make_article, make_translation

        for _ in range(20):
            make_translation(make_article())
        with self.assertNumQueries(8):
            self.client.get(address)

    def _request(self):
        from django.test import RequestFactory

        request = RequestFactory().get("/")
        request.user = self.chief
        return request


class GroupTests(TestCase):
    def test_the_groups_are_the_same_however_often_migrations_run(self):
        from django.core.management import call_command

        before = {group.name: group.permissions.count() for group in Group.objects.all()}
        assert set(before) == {"author", "editor", "agent", "translator-en", "translator-es"}
        assert all(before.values())
        call_command("migrate", verbosity=0)
        assert {group.name: group.permissions.count() for group in Group.objects.all()} == before
