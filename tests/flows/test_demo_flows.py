"""The demo's flows, as an editor reads them: a change of theirs is seen in the outlines beside this file.

Write them anew with OUTLINES=write, and read the difference before it is committed.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TestCase

from flows import clock
from flows.models import Flow
from flows.place import Place
from helpcenter.content import import_folder
from tests.factories import FewerThan

pytestmark = pytest.mark.any_database

OUTLINES = Path(__file__).parent / "outlines"
LANGUAGES = ("en", "es")


def addresses(flow: Flow) -> set[str]:
    """The address of every step, reached in every way; dates are of today and of long ago."""
    graph, found, waiting = flow.graph(), set(), [{}]
    while waiting:
        responses = waiting.pop()
        walk = clock.walk(graph, responses)
        address = Place(flow).step_url(walk.current, responses)
        if address in found or len(found) > 150:
            continue
        found.add(address)
        dates = [clock.site_time().date().isoformat(), "2026-01-02"]
        answers = dates if walk.current.wait else [option.key for option in walk.current.options]
        waiting += [responses | {walk.current.slug: answer} for answer in answers]
    return found


class DemoFlowTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []

    def test_their_outlines_are_the_golden_ones(self):
        for flow in Flow.objects.published():
            for language in LANGUAGES:
                path = OUTLINES / f"{flow.slug}.{language}.txt"
                outline = flow.graph().outline(language) + "\n"
                if os.environ.get("OUTLINES") == "write":
                    path.write_text(outline, encoding="utf-8")
                with self.subTest(path.name):
                    assert path.read_text(encoding="utf-8") == outline

    def test_every_outline_is_of_a_flow(self):
        written = {path.name for path in OUTLINES.iterdir()}
        assert written == {f"{flow.slug}.{code}.txt" for flow in Flow.objects.published() for code in LANGUAGES}

    def test_no_page_of_theirs_costs_more_than_six_queries(self):
        for flow in Flow.objects.published():
            for address in addresses(flow):
                with self.subTest(address), self.assertNumQueries(FewerThan(7)):
                    assert self.client.get(address).status_code == 200

    def test_safety_is_urgent_and_has_no_wait(self):
        graph = Flow.objects.get(slug="someone-in-my-account").graph()
        assert [step.slug for step in graph.steps.values() if step.is_urgent] == ["shut-them-out", "locked-out"]
        assert not any(step.wait for step in graph.steps.values())
