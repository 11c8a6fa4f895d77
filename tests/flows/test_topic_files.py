"""Topics in content files: remedies in their own order, promises that are too long said with their line."""

from __future__ import annotations

import tempfile
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.migrations.loader import MigrationLoader
from django.test import Client, TestCase

from flows.models import Remedy, Topic, TopicRemedy
from helpcenter.content import import_folder
from tests.contact.customer import choose_topic
from tests.factories import make_staff, make_topic

CATEGORIES = "- slug: orders\n  name: {en: Orders, es: Pedidos}\n"
TOPICS = """
remedies:
  refund: {en: Refund, es: Reembolso}
  repair: {en: Repair, es: Arreglo}
  explain: {en: Explain, es: Explicación}
topics:
  late:
    category: orders
    name: {en: Late, es: Tarde}
    answer_days: 2
    remedies: [explain, refund]
  broken:
    category: orders
    name: {en: Broken, es: Roto}
    remedies: [repair, explain, refund]
"""


class TopicFilesTestCase(TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        (self.folder / "categories.yaml").write_text(CATEGORIES, encoding="utf-8")
        self.write(TOPICS)

    def write(self, topics: str) -> None:
        (self.folder / "topics.yaml").write_text(topics, encoding="utf-8")

    def load(self) -> str:
        """The warnings of the command."""
        warned = StringIO()
        call_command("import_content", self.folder, stdout=StringIO(), stderr=warned)
        return warned.getvalue()

    def offered(self, key: str) -> list[str]:
        return [remedy.key for remedy in Topic.objects.get(key=key).offered]


class OrderTests(TopicFilesTestCase):
    def test_remedies_stand_in_the_order_of_their_topic(self):
        self.load()
        assert self.offered("late") == ["explain", "refund"]
        assert self.offered("broken") == ["repair", "explain", "refund"]

    def test_another_order_changes_no_other_topic_and_twice_is_once(self):
        self.load()
        self.write(TOPICS.replace("[repair, explain, refund]", "[refund, repair]"))
        self.load()
        rows = list(TopicRemedy.objects.values_list("pk", "topic", "remedy", "position"))
        self.load()
        assert list(TopicRemedy.objects.values_list("pk", "topic", "remedy", "position")) == rows
        assert self.offered("late") == ["explain", "refund"]
        assert self.offered("broken") == ["refund", "repair"]

    def test_the_customer_reads_them_so(self):
        self.load()
        client = Client()
        choose_topic(client, Topic.objects.get(key="broken"))
        page = client.get("/en/contact/details/").content.decode()
        places = [page.index(f'value="{key}"') for key in ("repair", "explain", "refund")]
        assert places == sorted(places)

    def test_an_unknown_one_is_a_mistake(self):
        self.write(TOPICS.replace("[explain, refund]", "[explain, nonsense]"))
        assert [str(one) for one in import_folder(self.folder)] == [
            "topics.yaml:11: There is no remedy “nonsense”."
        ]


class PromiseTests(TopicFilesTestCase):
    def test_more_than_three_weeks_are_loaded_with_a_warning_that_names_the_line(self):
        assert self.load() == ""
        self.write(TOPICS.replace("answer_days: 2", "answer_days: 16"))
        said = "Warning: topics.yaml:10: Customers are promised an answer within 16 working days"
        assert said in self.load()
        assert Topic.objects.get(key="late").answer_days == 16
        self.write(TOPICS.replace("answer_days: 2", "answer_days: 15"))
        assert self.load() == ""

    def test_one_that_the_admin_would_refuse_is_a_mistake(self):
        for days in ("0", "61"):
            self.write(TOPICS.replace("answer_days: 2", f"answer_days: {days}"))
            with pytest.raises(CommandError, match=r"topics.yaml:10: “answer_days” must be between 1 and 60\."):
                self.load()


class MigrationTests(TestCase):
    def test_each_topic_keeps_the_order_in_which_it_was_shown(self):
        first, second, third = (
            Remedy.objects.create(key=key, label=key, position=position)
            for position, key in enumerate(("first", "second", "third"))
        )
        one, other = make_topic("one"), make_topic("other")
        one.remedies.add(third, first)
        other.remedies.add(second)
        other.remedies.add(first)
        migration = MigrationLoader(None).get_migration("flows", "0014_order_of_remedies")
        migration.operations[-1].code(apps, None)
        assert list(one.offered) == [first, third]
        assert list(other.offered) == [first, second]


class AdminTests(TestCase):
    def test_an_editor_puts_them_in_order(self):
        topic = make_topic("late")
        for key in ("refund", "repair"):
            topic.remedies.add(Remedy.objects.create(key=key, label=key))
        self.client.force_login(make_staff("editor"))
        page = self.client.get(f"/admin/flows/topic/{topic.pk}/change/")
        self.assertContains(page, 'name="topic_remedies-0-position"')
        self.assertContains(page, 'name="topic_remedies-1-remedy"')
        self.client.force_login(make_staff("agent"))
        assert self.client.get(f"/admin/flows/topic/{topic.pk}/change/").status_code == 403
