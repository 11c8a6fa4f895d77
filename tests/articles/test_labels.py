"""Which language an input of a label is for stays to be read when it is filled."""

from __future__ import annotations

from django.forms import modelform_factory
from django.test import TestCase
from django.urls import reverse
from django.utils import translation

from flows.models import Step
from flows.stepforms import LabelsForm
from tests.factories import make_category, make_staff


class LabelTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(make_staff())

    def page_of(self, address: str) -> str:
        return self.client.get(address).content.decode()

    def test_the_name_of_the_language_stands_above_each_input(self) -> None:
        category = make_category(slug="returns")
        page = self.page_of(reverse("admin:articles_category_change", args=[category.pk]))
        assert '<label for="id_name_0">English</label><input type="text" name="name_0"' in page
        assert '<label for="id_name_1">Spanish</label>' in page
        assert '<label for="id_description_0">English</label><textarea name="description_0"' in page
        assert 'aria-label="Name (English)"' in page
        assert "placeholder" not in page.split('id="category_form"')[1].split("submit-row")[0]

    def test_a_form_made_once_speaks_the_language_of_its_reader(self) -> None:
        form = modelform_factory(Step, LabelsForm, fields=["title"])
        for language, name in (("en", "Title (English)"), ("es", "Título (inglés)")):
            with translation.override(language):
                assert f'aria-label="{name}"' in str(form()["title"])
