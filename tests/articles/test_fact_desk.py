"""The desk's pages of policy facts: what each says and will say, who uses it, and that it stays while used."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from articles import facts
from articles.models import FactValue, PolicyFact
from tests.articles.forms import Opened
from tests.articles.test_fact_dates import DATE_STEPS, at
from tests.factories import both, make_fact, make_flow, make_staff, make_topic, make_translation

pytestmark = pytest.mark.ignore_template_errors
LIST = "/admin/articles/policyfact/"


class FactPageTests(TestCase):
    def setUp(self) -> None:
        self.editor = make_staff("editor", "ana")
        self.client.force_login(self.editor)
        self.fact = make_fact("return_days", 30)
        self.address = f"{LIST}{self.fact.pk}/change/"

    def test_one_edit_changes_it_everywhere_and_is_in_its_history(self):
        assert Opened(self.client, self.address).save(number="45").status_code == 302
        assert facts.fill("{{ return_days }}", "en") == "45"
        page = self.client.get(self.address)
        self.assertContains(page, "<td>45</td>")
        self.assertContains(page, "<td>30</td>")
        self.assertContains(page, "ana")

    def test_from_a_moment_on_it_says_something_else(self):
        opened = Opened(self.client, self.address)
        opened.save(**{"values-0-starts_at": "2099-12-01T00:00", "values-0-number": "60"})
        planned = FactValue.objects.planned().get()
        assert (planned.number, planned.by_name) == (60, "ana")
        assert timezone.localtime(planned.starts_at) == timezone.make_aware(datetime(2099, 12, 1))
        assert facts.fill("{{ return_days }}", "en") == "30"
        self.assertContains(self.client.get(LIST), "60")
        with at(planned.starts_at):
            assert facts.fill("{{ return_days }}", "en") == "60"

    def test_what_is_planned_can_be_moved_and_taken_back(self):
        FactValue.objects.create(fact=self.fact, number=60, starts_at=timezone.now() + timedelta(days=9))
        Opened(self.client, self.address).save(**{"values-0-number": "90"})
        assert FactValue.objects.planned().get().number == 90
        Opened(self.client, self.address).save(**{"values-0-DELETE": "on"})
        assert not FactValue.objects.planned().exists()

    def test_a_number_that_is_taken_out_is_asked_for_in_words(self):
        page = Opened(self.client, self.address).save(number="")
        self.assertContains(page, "Give either a number or a phrase.")
        self.assertContains(page, 'name="values-0-number"')
        self.assertContains(self.client.get(f"{self.address}?recover=1"), "This is what you had typed.")

    def test_a_number_can_become_a_phrase_and_back(self):
        words = {"phrase_0": "a month", "phrase_1": "un mes"}
        assert Opened(self.client, self.address).save(number="", **words).status_code == 302
        assert facts.fill("{{ return_days }}", "es") == "un mes"
        none = {"phrase_0": "", "phrase_1": ""}
        assert Opened(self.client, self.address).save(number="31", **none).status_code == 302
        assert facts.fill("{{ return_days }}", "es") == "31"

    def test_one_takes_the_place_of_another_and_two_change_places(self):
        now = timezone.now().replace(second=0, microsecond=0)
        moments = [timezone.localtime(now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M") for days in (9, 10)]
        for days, number in ((9, 60), (10, 70)):
            FactValue.objects.create(fact=self.fact, number=number, starts_at=now + timedelta(days=days))
        swapped = {"values-0-starts_at": moments[1], "values-1-starts_at": moments[0]}
        assert Opened(self.client, self.address).save(**swapped).status_code == 302
        assert [int(value.number) for value in FactValue.objects.planned()] == [70, 60]
        instead = {"values-0-DELETE": "on", "values-2-starts_at": moments[0], "values-2-number": "90"}
        assert Opened(self.client, self.address).save(**instead).status_code == 302
        assert [int(value.number) for value in FactValue.objects.planned()] == [90, 60]

    def test_two_values_at_one_moment_are_refused_in_words(self):
        moment = timezone.now().replace(second=0, microsecond=0) + timedelta(days=9)
        FactValue.objects.create(fact=self.fact, number=60, starts_at=moment)
        again = timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")
        page = Opened(self.client, self.address).save(**{"values-1-starts_at": again, "values-1-number": "90"})
        self.assertContains(page, "begin")
        assert FactValue.objects.planned().count() == 1

    def test_a_value_that_somebody_has_planned_for_that_moment_meanwhile_is_not_planned_twice(self):
        """Two people, or one who goes back and saves again."""
        first, second = Opened(self.client, self.address), Opened(self.client, self.address)
        given = {"values-0-starts_at": "2099-12-01T00:00", "values-0-number": "60"}
        assert first.save(**given).status_code == 302
        self.assertContains(second.save(**given), "Two values begin at the same moment.")
        assert FactValue.objects.planned().count() == 1

    def test_a_moment_that_is_over_is_refused_in_words(self):
        page = Opened(self.client, self.address).save(
            **{"values-0-starts_at": "2020-01-01T00:00", "values-0-number": "90"}
        )
        self.assertContains(page, "Choose a moment to come.")

    def test_the_form_shows_what_holds_now_where_no_worker_has_been_yet(self):
        moment = timezone.now() + timedelta(days=1)
        FactValue.objects.create(fact=self.fact, number=60, starts_at=moment)
        with at(moment + timedelta(minutes=1)):
            self.client.force_login(self.editor)
            opened = Opened(self.client, self.address)
            assert opened.values["number"] == "60"
            opened.save(number="30")
            assert facts.fill("{{ return_days }}", "en") == "30"
            facts.settle_due()
            assert facts.fill("{{ return_days }}", "en") == "30"

    def test_an_author_reads_it(self):
        FactValue.objects.create(fact=self.fact, number=60, starts_at=timezone.now() + timedelta(days=9))
        self.client.force_login(make_staff("author"))
        self.assertContains(self.client.get(self.address), "60")
        assert self.client.post(self.address, {"number": "1"}).status_code == 403

    def test_a_wait_rule_refuses_what_it_cannot_count_with(self):
        make_flow("returns", DATE_STEPS | {"start": DATE_STEPS["start"] | {"wait_fact": self.fact}})
        page = Opened(self.client, self.address).save(number="2.5")
        self.assertContains(page, "must be a whole number of days from 0 to 365")
        assert facts.fill("{{ return_days }}", "en") == "30"


class UsedFactTests(TestCase):
    def setUp(self) -> None:
        self.fact, self.free = make_fact("return_days", 30), make_fact("free_days", 1)
        self.address = f"{LIST}{self.fact.pk}/"
        self.text = make_translation(title="Returns", body="{{ return_days }}")
        make_flow("returns", DATE_STEPS | {"start": DATE_STEPS["start"] | {"wait_fact": self.fact}})
        self.topic = make_topic(wording=both("{{ return_days }}"))
        self.people = [make_staff("editor"), get_user_model().objects.create_superuser("chief")]

    def test_its_page_lists_each_place_with_its_link(self):
        self.client.force_login(self.people[0])
        page = self.client.get(f"{self.address}change/")
        for words in (self.text.work_url, "Returns", "Flow returns (en)", "wait rule", "worded request"):
            self.assertContains(page, words)
        self.assertContains(self.client.get(LIST), "3 places")
        self.assertContains(self.client.get(LIST), "nowhere")

    def test_it_cannot_be_deleted_and_the_sentence_names_the_places(self):
        for user in self.people:
            self.client.force_login(user)
            for given in ({}, {"post": "yes"}):
                page = self.client.post(f"{self.address}delete/", given, follow=True)
                self.assertContains(page, "cannot be deleted: it is used in 3 places.")
                self.assertContains(page, "Returns (article, English)")
                self.assertContains(page, "step “start”: wait rule")
            assert PolicyFact.objects.filter(pk=self.fact.pk).exists()

    def test_nor_with_others_at_once(self):
        for user in self.people:
            self.client.force_login(user)
            for confirmed in ({}, {"post": "yes"}):
                chosen = {"action": "delete_selected", "_selected_action": [self.fact.pk, self.free.pk]}
                page = self.client.post(LIST, chosen | confirmed, follow=True)
                self.assertContains(page, "cannot be deleted: it is used in 3 places.")
                self.assertContains(page, "Nothing was deleted.")
            assert PolicyFact.objects.count() == 2

    def test_one_that_nobody_uses_can(self):
        """The control."""
        self.client.force_login(self.people[0])
        chosen = {"action": "delete_selected", "_selected_action": [self.free.pk], "post": "yes"}
        self.client.post(LIST, chosen)
        assert not PolicyFact.objects.filter(pk=self.free.pk).exists()
        self.text.article.delete()
        fact = make_fact("another", 2)
        assert self.client.post(f"{LIST}{fact.pk}/delete/", {"post": "yes"}).status_code == 302
        assert not PolicyFact.objects.filter(pk=fact.pk).exists()

    def test_its_key_stays_while_texts_name_it(self):
        self.client.force_login(self.people[0])
        page = Opened(self.client, f"{self.address}change/").save(key="days_to_return")
        self.assertContains(page, "cannot get another name: 2 texts name it by this one")
        assert Opened(self.client, f"{LIST}{self.free.pk}/change/").save(key="other").status_code == 302

    def test_the_list_costs_the_same_however_many_facts_and_places(self):
        self.client.force_login(self.people[0])
        self.client.get(LIST)
        with self.assertNumQueries(12):
            self.client.get(LIST)
        for number in range(20):
            make_fact(f"fact_{number}", number)
            make_translation(body=" ".join(f"{{{{ fact_{each} }}}}" for each in range(number)))
        with self.assertNumQueries(12):
            self.client.get(LIST)
