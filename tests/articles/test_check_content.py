"""`manage.py check_content`: all published texts, and an exit code for cron and CI."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from helpcenter.content import import_folder
from tests.factories import make_article, make_translation


def check() -> str:
    """What it prints."""
    said = io.StringIO()
    call_command("check_content", stdout=said)
    return said.getvalue()


class CheckContentTests(TestCase):
    def test_prints_where_and_what_and_ends_with_one(self):
        make_translation(make_article(key="own"), body="One\n\n[a](article:nowhere)", summary="S")
        said = io.StringIO()
        with pytest.raises(SystemExit) as stopped:
            call_command("check_content", stdout=said)
        assert stopped.value.code == 1
        assert said.getvalue().splitlines() == [
            "! own.en:body:3: [links] There is no article “article:nowhere”.",
            "  own.en:keywords: [keywords] There are no keywords. Write how customers ask this, one way on each "
            "line: search needs them most.",
            "1 texts, 1 findings that stop publishing, 1 pieces of advice.",
        ]

    def test_advice_alone_ends_well_and_drafts_are_not_looked_at(self):
        make_translation(body="One", published=False)
        make_translation(body="Two")
        assert check().splitlines()[-1] == "1 texts, 0 findings that stop publishing, 2 pieces of advice."

    def test_the_demo_has_nothing_that_stops_it_or_that_could_be_better(self):
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
        assert check() == "118 texts, 0 findings that stop publishing, 0 pieces of advice.\n"
