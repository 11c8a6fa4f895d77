"""`show_flow` and `check_flows`, and the cases that flows must go on to hold."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase

from articles.markdown import render
from flows.models import Flow, Step
from helpcenter.content import import_folder
from tests.factories import make_article, make_fact, make_flow, make_translation
from tests.flows.test_date_steps import STEPS as DATED


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


class CheckTests(TestCase):
    def test_the_demo_holds(self):
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
        assert run("check_flows") == "13 flows, 64 cases, 0 problems.\n"

    def check(self) -> str:
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("check_flows", stdout=out)
        return out.getvalue()

    def test_a_case_that_an_edit_broke_is_named(self):
        flow = make_flow("lost")
        flow.cases.create(responses={"start": "no"}, reaches="contact")
        run("check_flows")
        flow.cases.create(responses={"start": "yes", "try": "solved"}, reaches="contact")
        assert "must reach “contact” and comes to “solved”" in self.check()

    def test_a_problem_of_a_live_flow_is_named(self):
        flow = make_flow("lost")
        Step.objects.filter(version=flow.published_version, slug="try").update(title={"en": "Only English"})
        assert "lost: “try”: There is no text yet for: title (Spanish)." in self.check()

    def test_an_article_that_readers_cannot_reach_is_named(self):
        hidden = make_translation(make_article(key="hidden"), published=False).article
        make_translation(make_article(key="shown"), "es")
        flow = make_flow("lost")
        step = flow.published_version.steps.get(slug="try")
        step.body = {"en": "See [this](article:shown).", "es": "Mira [esto](article:hidden) y {{ no_fact }}."}
        step.save()
        said = self.check()
        assert "lost: “try”: Readers cannot reach “article:hidden”." in said
        assert "lost: “try”: Readers cannot reach “{{ no_fact }}”." in said
        assert "shown" not in said
        flow.published_version.steps.filter(slug="solved").update(outcome="read", article=hidden)
        assert "lost: “solved”: Readers cannot reach “article:hidden”." in self.check()

    def test_whatever_a_text_lacks_is_named_however_it_is_written(self):
        step = make_flow("lost").published_version.steps.get(slug="try")
        for text, name in (
            ("[a](article:none).", "article:none"),
            ('**[a](<article:none> "Title")**', "article:none"),
            ("[a][b]\n\n[b]: article:none", "article:none"),
            ("[a](flow:none#at)", "flow:none"),
            ("It takes {{ none }} days.", "{{ none }}"),
            ("![a](image:none)", "image:none"),
            ("![](<image:none>)", "image:none"),
            ("![a](https://example.org/a.png)", "https://example.org/a.png"),
            ("![a][b]\n\n[b]: https://example.org/a.png", "https://example.org/a.png"),
            ("![a\nb](/a.png)", "/a.png"),
        ):
            step.body = {"en": "Right.", "es": text}
            step.save()
            assert render(text, "es").missing == (name,), text
            assert f"lost: “try”: Readers cannot reach “{name}”." in self.check(), text
        step.body = {"en": "Right.", "es": "`{{ none }}` and `article:none` are only spoken of."}
        step.save()
        assert "0 problems" in run("check_flows")

    def test_a_fact_that_loses_its_number_stops_its_wait(self):
        fact = make_fact("hours", 48)
        steps = DATED | {"when": DATED["when"] | {"wait_amount": None, "wait_fact": fact}}
        make_flow("lost", steps)
        fact.number = None
        fact.save()
        assert "needs its wait rule" in self.check()

    def test_a_case_with_a_date_is_walked_on_its_day(self):
        flow: Flow = make_flow("lost", DATED)
        flow.cases.create(responses={"when": "2026-05-12"}, day=date(2026, 5, 13), reaches="patience")
        flow.cases.create(responses={"when": "2026-05-12"}, day=date(2026, 5, 18), reaches="contact-us")
        assert "0 problems" in run("check_flows")


class ShowTests(TestCase):
    def test_shows_the_outline_in_a_language(self):
        make_flow("lost")
        assert run("show_flow", "lost").startswith(
            "Flow lost (en) (version 1)\n\nstart (question): Step start (en)\n"
        )
        assert "Step start (es)" in run("show_flow", "lost", "--language", "es")

    def test_an_unknown_one_is_said(self):
        with pytest.raises(CommandError, match="There is no flow “gone”"):
            run("show_flow", "gone")
