"""Django's own words at the desk are said as ours are: tú, and the same word for the same thing."""

from __future__ import annotations

import re
from pathlib import Path

import django
import polib
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, SimpleTestCase, TestCase

from tests.factories import make_article, make_category, make_translation

pytestmark = pytest.mark.ignore_template_errors

USTED = re.compile(
    r"usted\b|por favor|seleccione\b|introduzca|escoja\b|ingrese\b|empiece|bienvenidos|observe\b|mantenga"
    r"|asegúrese|su (?:cuenta|contraseña)",
    re.IGNORECASE,
)
TAGS = re.compile(r"<script.*?</script>|<[^>]+>", re.S)


class NamedTests(SimpleTestCase):
    def test_each_is_one_that_django_says(self):
        """Django words some anew from version to version; ours would then be said no more."""
        folder = Path(django.__file__).parent
        apps = ("conf", "contrib/admin", "contrib/auth")
        theirs = {
            entry.msgid
            for app in apps
            for entry in polib.pofile(f"{folder}/{app}/locale/es/LC_MESSAGES/django.po")
        }
        written = polib.pofile(f"{settings.BASE_DIR}/locale/es/LC_MESSAGES/django.po")
        ours = {entry.msgid for entry in written if ("helpcenter/djangowords.py", "") in entry.occurrences}
        assert len(ours) > 50
        assert ours - theirs == set()


class SpokenTests(TestCase):
    def setUp(self) -> None:
        self.client = Client(headers={"Accept-Language": "es"})
        self.chief = get_user_model().objects.create_superuser("chief", password="password")
        self.category = make_category()

    def said(self, response: object) -> str:
        return TAGS.sub(" ", response.content.decode())

    def test_a_wrong_password_is_told_with_tu(self):
        said = self.said(self.client.post("/admin/login/", {"username": "chief", "password": "wrong"}))
        assert "Revísalos: las mayúsculas cuentan." in said
        assert not USTED.findall(said)

    def test_links_and_actions_say_what_they_do(self):
        self.client.force_login(self.chief)
        assert self.client.get("/admin/").content.decode().count(">Ver</a>") > 2
        said = self.said(self.client.get("/admin/articles/category/"))
        assert "Eliminar lo seleccionado (categorías)" in said
        assert "seleccionado/s" not in said

    def test_so_is_all_that_an_editor_meets(self):
        self.client.force_login(self.chief)
        category = f"/admin/articles/category/{self.category.pk}"
        make_translation(make_article(category=self.category))
        empty = make_category()
        flow = "/admin/flows/flow/add/"
        for response in (
            self.client.get("/admin/"),
            self.client.get("/admin/articles/category/"),
            self.client.post("/admin/articles/category/", {"action": "delete_selected"}, follow=True),
            self.client.post("/admin/articles/category/", {"action": "", "_selected_action": "1"}, follow=True),
            self.client.post("/admin/articles/category/add/", {"slug": "no es un slug", "position": "x"}),
            self.client.get(f"{category}/delete/"),
            self.client.get(f"/admin/articles/category/{empty.pk}/delete/"),
            self.client.post(f"/admin/articles/category/{empty.pk}/delete/", {"post": "yes"}, follow=True),
            self.client.get(flow),
            self.client.post(
                "/admin/password_change/", {"old_password": "x", "new_password1": "1", "new_password2": "1"}
            ),
            self.client.post("/admin/logout/"),
        ):
            assert response.status_code == 200
            said = self.said(response)
            assert not USTED.findall(said), [
                said[max(0, m.start() - 60) : m.end() + 40] for m in USTED.finditer(said)
            ]
