"""`manage.py check_search` and the system checks: figures for monitoring, and an exit code."""

import json
import shutil
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import TestCase, override_settings

from articles.models import Translation
from search import checks
from tests.factories import make_flow, make_translation

from .steps import folder, run_worker

pytestmark = pytest.mark.django_db


def ask(*options):
    said = StringIO()
    try:
        call_command("check_search", *options, stdout=said)
    except SystemExit as error:
        return error.code, said.getvalue()
    return 0, said.getvalue()


class CheckSearchTests(TestCase):
    def setUp(self):
        self.parcel = make_translation(title="Parcel")
        make_flow("lost")
        run_worker()

    def test_all_is_well(self):
        code, said = ask()
        assert code == 0
        assert "en: 2 of 2 indexed, generation 000001" in said
        found = json.loads(ask("--json")[1])
        assert found["ok"] and found["indexes"]["en"]["pending"] == 0
        assert found["indexes"]["en"]["size_bytes"] > 1000

    def test_no_index_is_a_problem(self):
        shutil.rmtree(folder())
        code, said = ask()
        assert code == 1 and "en: there is no index" in said

    def test_a_damaged_index_is_a_problem(self):
        (folder() / "current" / "contents.json").write_bytes(b"garbage")
        code, said = ask()
        assert code == 1 and "en: the index is damaged" in said

    def test_what_is_missing_and_what_is_too_much_is_counted(self):
        make_translation(title="New")
        Translation.objects.filter(pk=self.parcel.pk).update(published_at=None)
        code, said = ask()
        assert code == 1
        assert "1 published texts are not in the index" in said
        assert "1 texts in the index are not published" in said
        Translation.objects.filter(pk=self.parcel.pk).update(published_at=self.parcel.published_at)
        assert ask("--missing", "1")[0] == 0


class SystemCheckTests(TestCase):
    def test_an_open_folder_is_warned_of(self):
        run_worker()
        assert not [found for found in run_checks() if found.id.startswith("search.")]
        folder().chmod(0o755)
        assert [found.id for found in run_checks() if found.id.startswith("search.")] == ["search.W001"]

    def test_an_index_among_the_media_stops_the_start(self):
        with override_settings(MEDIA_ROOT=folder().parent):
            assert {found.id for found in checks.the_index_is_private()} == {"search.E001"}

    def test_a_missing_index_is_told_on_deploy(self):
        assert [found.id for found in checks.the_index_is_there()] == ["search.W002"]
        run_worker()
        assert checks.the_index_is_there() == []
