"""A policy fact says one thing until a moment and another from then on, wherever it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase

from articles import facts
from articles.models import FactValue, PolicyFact
from contact.preparing import template_of
from flows.models import Step
from helpcenter.content import import_folder
from search.models import IndexChange
from tests.factories import both, make_fact, make_flow, make_topic, make_translation

pytestmark = pytest.mark.ignore_template_errors
BEFORE = datetime(2026, 11, 20, 9, tzinfo=UTC)
MOMENT = datetime(2026, 12, 1, 0, tzinfo=UTC)
DATE_STEPS: dict[str, dict[str, Any]] = {
    "start": {"kind": "date", "wait_unit": "days", "options": {"too-early": "solved", "due": "contact"}},
    "solved": {"kind": "outcome", "outcome": "solved"},
    "contact": {"kind": "outcome", "outcome": "contact"},
}


def at(moment: datetime) -> Any:
    return patch("django.utils.timezone.now", lambda: moment)


def plan(fact: PolicyFact, number: int | None = None, starts_at: datetime = MOMENT, **fields: Any) -> FactValue:
    return FactValue.objects.create(fact=fact, number=number, starts_at=starts_at, **fields)


class DateTests(TestCase):
    def setUp(self) -> None:
        with at(BEFORE):
            self.fact = make_fact("return_days", 30)
            plan(self.fact, 60)

    def said(self) -> str:
        return facts.fill("{{ return_days }}", "en")

    def test_the_old_value_until_then_and_the_new_one_from_then_on_without_a_worker(self):
        with at(MOMENT - timedelta(microseconds=1)):
            assert self.said() == "30"
        with at(MOMENT):
            assert self.said() == "60"

    def test_a_value_for_a_while_only(self):
        plan(self.fact, 30, MOMENT + timedelta(days=40))
        with at(MOMENT + timedelta(days=39)):
            assert self.said() == "60"
        with at(MOMENT + timedelta(days=40)):
            assert self.said() == "30"

    def test_phrases_too_in_each_language(self):
        with at(BEFORE):
            plan(
                make_fact("hours", phrase={"en": "nine to five", "es": "de nueve a cinco"}), phrase=both("always")
            )
        with at(BEFORE):
            assert facts.fill("{{ hours }}", "es") == "de nueve a cinco"
        with at(MOMENT):
            assert facts.fill("{{ hours }}", "es") == "always (es)"

    def test_an_article_says_it_from_then_on(self):
        text = make_translation(
            body="You have {{ return_days }} days.", summary="{{ return_days }} days.", published_at=BEFORE
        )
        for moment, number in ((BEFORE, 30), (MOMENT, 60)):
            with at(moment):
                page = self.client.get(text.get_absolute_url())
                self.assertContains(page, f"You have {number} days.")
                self.assertContains(page, f"{number} days.</p>")

    def test_a_wait_rule_counts_with_it_from_then_on(self):
        with at(BEFORE):
            steps = DATE_STEPS | {"start": DATE_STEPS["start"] | {"wait_fact": self.fact}}
            flow = make_flow(steps=steps)
        for moment, number in ((BEFORE, 30), (MOMENT, 60)):
            with at(moment):
                wait = flow.graph().steps["start"].wait
                assert wait is not None and wait.amount == number
                assert Step.objects.get(slug="start").wait_rule().amount == number

    def test_a_worded_request_says_it_from_then_on(self):
        topic = make_topic(wording=both("I have {{ return_days }} days."))
        with at(BEFORE):
            assert template_of(topic, "en") == "I have 30 days. (en)"
        with at(MOMENT):
            assert template_of(topic, "en") == "I have 60 days. (en)"

    def test_the_worker_carries_it_over_when_its_moment_comes_and_says_when_the_next_one_does(self):
        changes = IndexChange.objects.filter(label="articles.policyfact")
        known = changes.count()
        with at(BEFORE):
            assert facts.settle_due() == (MOMENT - BEFORE).total_seconds()
        assert changes.count() == known
        with at(MOMENT):
            assert facts.settle_due() is None
        assert changes.count() == known + 1
        assert PolicyFact.objects.get().number == 60
        with at(MOMENT):
            facts.settle_due()
        assert changes.count() == known + 1

    def test_a_worker_that_was_off_carries_over_the_newest_only(self):
        plan(self.fact, 90, MOMENT + timedelta(days=2))
        with at(MOMENT + timedelta(days=3)):
            facts.settle_due()
        assert PolicyFact.objects.get().number == 90
        assert not FactValue.objects.filter(settled_at=None).exists()

    def test_who_changes_it_after_that_changes_it_even_where_no_worker_was_there(self):
        with at(MOMENT + timedelta(hours=1)):
            self.fact.number = 45
            self.fact.save()
            assert self.said() == "45"
            facts.settle_due()
            assert self.said() == "45"

    def test_its_history_names_each_value_with_its_moment(self):
        with at(MOMENT):
            facts.settle_due()
            past = [(value.number, value.starts_at) for value in self.fact.values.past()]
        assert past == [(60, MOMENT), (30, BEFORE)]

    def test_saving_without_a_change_adds_nothing_to_the_history(self):
        count = FactValue.objects.count()
        self.fact.save()
        assert FactValue.objects.count() == count

    def test_one_query_for_all_facts_of_a_text(self):
        plan(make_fact("bank_days", 7), 9)
        with self.assertNumQueries(1), at(MOMENT):
            assert facts.fill("{{ return_days }} {{ bank_days }}", "en") == "60 9"


class GuardTests(TestCase):
    def setUp(self) -> None:
        self.fact = make_fact("return_days", 30)
        make_flow("returns", DATE_STEPS | {"start": DATE_STEPS["start"] | {"wait_fact": self.fact}})

    def test_a_wait_rule_refuses_a_number_that_it_cannot_count_with(self):
        for number in (2.5, 366):
            self.fact.number = number
            with pytest.raises(ValidationError, match="Flow returns.*start"):
                self.fact.full_clean()
        self.fact.number = 365
        self.fact.full_clean()

    def test_for_a_moment_to_come_too(self):
        value = FactValue(fact=self.fact, number=2.5, starts_at=datetime(2099, 1, 1, tzinfo=UTC))
        with pytest.raises(ValidationError, match="whole number"):
            value.full_clean()
        value.number = 60
        value.full_clean()

    def test_a_number_stays_a_number_and_its_moment_is_to_come(self):
        with pytest.raises(ValidationError, match="a number for a number"):
            FactValue(fact=self.fact, phrase=both("x"), starts_at=datetime(2099, 1, 1, tzinfo=UTC)).full_clean()
        with pytest.raises(ValidationError, match="moment to come"):
            FactValue(fact=self.fact, number=1, starts_at=datetime(2020, 1, 1, tzinfo=UTC)).full_clean()


class FileTests(TestCase):
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        self.path = tmp_path

    def load(self, text: str, moment: datetime = BEFORE) -> list[str]:
        (self.path / "facts.yaml").write_text(text, encoding="utf-8")
        with at(moment):
            return [str(mistake) for mistake in import_folder(self.path)]

    FILE = """
days:
  number: 30
  later:
    - {from: 2026-12-01, number: 60}
    - {from: 2027-01-16 09:00:00+01:00, number: 30}
"""

    def test_later_values_are_planned_a_day_from_its_midnight_where_the_site_is(self):
        assert self.load(self.FILE) == []
        with at(BEFORE):
            planned = [(value.starts_at.isoformat(), value.number) for value in FactValue.objects.planned()]
        assert planned == [("2026-11-30T23:00:00+00:00", 60), ("2027-01-16T08:00:00+00:00", 30)]

    def test_twice_is_the_same_as_once_before_the_moment_and_after_it(self):
        for moment in (BEFORE, MOMENT):
            self.load(self.FILE, moment)
            rows = list(FactValue.objects.order_by("pk").values_list("pk", "settled_at"))
            self.load(self.FILE, moment)
            assert list(FactValue.objects.order_by("pk").values_list("pk", "settled_at")) == rows
            with at(moment):
                assert facts.fill("{{ days }}", "en") == ("30" if moment == BEFORE else "60")

    def test_loaded_anew_after_the_moment_it_says_what_holds_then(self):
        self.load(self.FILE, MOMENT)
        assert PolicyFact.objects.get().number == 60
        assert [value.number for value in FactValue.objects.filter(settled_at=None)] == [30]

    def test_what_the_file_no_longer_plans_is_taken_back(self):
        self.load(self.FILE)
        self.load("days: {number: 30}")
        assert not FactValue.objects.filter(settled_at=None).exists()

    def test_mistakes_have_their_line_and_load_nothing(self):
        wrong = "days:\n  number: 30\n  later:\n    - {from: 2026-12-01, phrase: soon}\n    - {number: 4}\n"
        assert self.load(wrong) == [
            "facts.yaml:4: A number stays a number, and a phrase a phrase.",
            "facts.yaml:5: “from” is missing.",
        ]
        assert not PolicyFact.objects.exists()
