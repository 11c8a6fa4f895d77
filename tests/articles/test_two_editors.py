"""Two people save the same form (S4): nothing is lost; the second sees the difference and keeps their words."""

from __future__ import annotations

import json
import threading
from unittest import mock

import pytest
from django.db import connections
from django.test import Client, TestCase, TransactionTestCase

from articles.models import Article, Revision, Translation
from articles.writing import SeenForm
from flows.models import Flow, Option, Step
from tests.articles.desk import person
from tests.articles.forms import Opened
from tests.factories import make_article, make_flow, make_translation

pytestmark = pytest.mark.ignore_template_errors
MEANWHILE = "Somebody else has saved this while you were writing"


class TwoTestCase(TestCase):
    def setUp(self) -> None:
        self.clients = []
        for name in ("ana", "eva"):
            client = Client()
            client.force_login(person("editor", name))
            self.clients.append(client)

    def both_open(self, address: str) -> tuple[Opened, Opened]:
        ana, eva = (Opened(client, address) for client in self.clients)
        return ana, eva


class TextTests(TwoTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_article()
        for language in ("en", "es"):
            make_translation(self.article, language, body="Before.")
        self.ana, self.eva = self.both_open(f"/admin/articles/article/{self.article.pk}/change/")

    def bodies(self) -> list[str]:
        return list(self.article.translations.get(language="en").revisions.values_list("body", flat=True))[::-1]

    def test_the_second_sees_the_difference_and_keeps_their_text(self):
        assert self.ana.save(**{"translations-0-body": "Ana's words."}).status_code == 302
        page = self.eva.save(**{"translations-0-body": "Eva's words."})
        self.assertContains(page, MEANWHILE)
        self.assertContains(page, "ana saved revision 2")
        self.assertContains(page, "<del>Ana</del>")
        self.assertContains(page, "<ins>Eva</ins>")
        assert self.eva.values["translations-0-body"] == "Eva's words."
        assert self.bodies() == ["Before.", "Ana's words."]
        assert self.eva.save().status_code == 302
        assert self.bodies() == ["Before.", "Ana's words.", "Eva's words."]

    def test_a_third_save_in_between_is_noticed_again(self):
        self.ana.save(**{"translations-0-body": "Ana's words."})
        self.eva.save(**{"translations-0-body": "Eva's words."})
        Opened(self.ana.client, self.ana.address).save(**{"translations-0-body": "Ana's second thought."})
        self.assertContains(self.eva.save(), MEANWHILE)
        assert self.bodies()[-1] == "Ana's second thought."

    def test_different_fields_and_languages_go_together(self):
        self.ana.save(**{"translations-0-body": "Ana's words."})
        assert self.eva.save(
            **{"translations-0-title": "Eva's title", "translations-1-body": "De Eva."}
        ).status_code
        newest = self.article.translations.get(language="en").newest
        assert (newest.title, newest.body) == ("Eva's title", "Ana's words.")
        assert self.article.translations.get(language="es").newest.body == "De Eva."

    def test_what_was_only_looked_at_overwrites_nothing(self):
        self.ana.save(**{"translations-0-body": "Ana's words.", "position": "7"})
        self.eva.save(is_featured="on")
        article = Article.objects.get(pk=self.article.pk)
        assert (article.position, article.is_featured) == (7, True)
        assert self.bodies() == ["Before.", "Ana's words."]

    def test_the_same_words_are_no_conflict(self):
        self.ana.save(**{"translations-0-body": "The same."})
        assert self.eva.save(**{"translations-0-body": "The same."}).status_code == 302
        assert self.bodies() == ["Before.", "The same."]

    def test_the_translators_page_keeps_to_it_too(self):
        ana, eva = self.both_open(f"/admin/articles/article/{self.article.pk}/translate/es/")
        assert ana.save(body="De Ana.").status_code == 302
        self.assertContains(eva.save(body="De Eva."), MEANWHILE)
        assert eva.values["body"] == "De Eva."
        assert eva.save().status_code == 302
        assert self.article.translations.get(language="es").newest.body == "De Eva."

    def test_nonsense_for_marks_is_no_error(self):
        for marks in ("[", "[]", '{"": 3}', '{"translations-0": {"body": []}}', "[" * 100_000):
            opened = Opened(self.ana.client, self.ana.address)
            assert opened.save(seen=marks).status_code in (200, 302)

    def test_the_control_loses_a_save(self):
        with mock.patch.object(SeenForm, "_merge"):
            self.ana.save(**{"translations-0-title": "Ana's title"})
            self.eva.save(**{"translations-0-body": "Eva's words."})
        assert self.article.translations.get(language="en").newest.title != "Ana's title"


class FlowTests(TwoTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.flow = make_flow()
        self.draft = self.flow.make_draft()
        self.step = self.draft.steps.get(slug="start")

        self.other = self.draft.steps.get(slug="try")
        self.address = f"/admin/flows/flowversion/{self.draft.pk}/change/"
        self.start_title, self.other_title = (f"step-{step.pk}-title_0" for step in (self.step, self.other))

    def test_two_save_the_same_steps(self):
        ana, eva = self.both_open(self.address)
        assert ana.save(**{self.start_title: "Ana's question?"}).status_code == 302
        page = eva.save(**{self.start_title: "Eva's question?", self.other_title: "Eva's step"})
        self.assertContains(page, MEANWHILE)
        self.assertContains(page, "<h3>Start: Title</h3>")
        self.assertContains(page, "<ins>Eva</ins>")
        assert eva.values[self.start_title] == "Eva's question?"
        assert self.title("start") == "Ana's question?"
        assert eva.save().status_code == 302
        assert (self.title("start"), self.title("try")) == ("Eva's question?", "Eva's step")

    def test_different_steps_go_together(self):
        ana, eva = self.both_open(self.address)
        ana.save(**{self.start_title: "Ana's question?"})
        assert eva.save(**{self.other_title: "Eva's step"}).status_code == 302
        assert (self.title("start"), self.title("try")) == ("Ana's question?", "Eva's step")

    def test_two_save_the_options_of_one_step(self):
        yes = Option.objects.get(step=self.step, key="yes")
        ana, eva = self.both_open(self.address)
        assert ana.save(**{f"option-{yes.pk}-label_0": "Ana's answer"}).status_code == 302
        self.assertContains(eva.save(**{f"option-{yes.pk}-label_0": "Eva's answer"}), MEANWHILE)
        assert Option.objects.get(step=self.step, key="yes").label.localize("en") == "Ana's answer"

    def test_two_lead_one_option_elsewhere(self):
        leads_to = f"option-{Option.objects.get(step=self.step, key='yes').pk}-leads_to"
        places = {step.slug: str(step.pk) for step in self.draft.steps.all()}
        ana, eva = self.both_open(self.address)
        assert ana.save(**{leads_to: places["solved"]}).status_code == 302
        self.assertContains(eva.save(**{leads_to: places["contact"]}), MEANWHILE)
        assert Option.objects.get(step=self.step, key="yes").leads_to.slug == "solved"

    def test_what_somebody_added_or_moved_meanwhile_stays(self):
        ana, eva = self.both_open(self.address)
        ana.save(_do=f"duplicate:{self.other.pk}")
        ana.save(_do=f"up:{self.other.pk}")
        assert eva.save(**{self.start_title: "Eva's question?"}).status_code == 302
        assert list(self.draft.steps.values_list("slug", flat=True)) == [
            *("try", "start", "try-2", "solved", "contact"),
        ]
        assert self.title("start") == "Eva's question?"

    def test_two_save_the_flow_itself(self):
        ana, eva = self.both_open(f"/admin/flows/flow/{self.flow.pk}/change/")
        ana.save(title_0="Ana's title")
        self.assertContains(eva.save(title_0="Eva's title"), MEANWHILE)
        assert Flow.objects.get().title.localize("en") == "Ana's title"

    def test_a_step_that_is_gone_is_a_sentence(self):
        ana, eva = self.both_open(self.address)
        ana.save(_do=f"remove:{self.other.pk}")
        page = eva.save(**{self.other_title: "Eva's step", self.start_title: "Eva's question?"})
        self.assertContains(page, "Somebody has removed this step or option meanwhile")
        self.assertContains(page, "Eva&#x27;s step")
        assert eva.save().status_code == 302
        assert self.title("start") == "Eva's question?"

    def test_a_step_that_somebody_changed_is_not_removed_unseen(self):
        ana, eva = self.both_open(self.address)
        ana.save(**{self.other_title: "Ana's step"})
        page = self.clients[1].get(eva.save(_do=f"remove:{self.other.pk}")["Location"])
        self.assertContains(page, "Somebody has changed it since you opened the page")
        self.assertContains(page, "Ana&#x27;s step")
        assert self.title("try") == "Ana's step"
        _ana, eva = self.both_open(self.address)
        eva.save(_do=f"remove:{self.other.pk}")
        assert not self.draft.steps.filter(slug="try").exists()

    def test_an_option_that_somebody_changed_is_not_removed_unseen(self):
        yes = Option.objects.get(step=self.step, key="yes")
        ana, eva = self.both_open(self.address)
        ana.save(**{f"option-{yes.pk}-label_0": "Ana's answer"})
        for button in (f"remove-option:{yes.pk}", f"remove:{self.step.pk}"):
            eva.save(_do=button)
            assert Option.objects.filter(pk=yes.pk).exists()

    def title(self, slug: str) -> str:
        return Step.objects.get(version=self.draft, slug=slug).title.localize("en")


class AtTheSameMomentTests(TransactionTestCase):
    """Real threads and transactions: eight save at once; each text is in the history or back at its writer."""

    def test_no_save_is_lost(self):
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        article = make_article()
        make_translation(article, body="Before.")
        address = f"/admin/articles/article/{article.pk}/change/"
        opened = []
        for number in range(8):
            client = Client()
            client.force_login(person("editor", f"editor-{number}"))
            opened.append(Opened(client, address))
        start, kept = threading.Barrier(8), []

        def save(number: int) -> None:
            start.wait()
            page = opened[number].save(**{"translations-0-body": f"Words of {number}."})
            if page.status_code == 200:
                kept.append(json.dumps(opened[number].values["translations-0-body"]))
            connections.close_all()

        threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        saved = set(Revision.objects.filter(number__gt=1).values_list("body", flat=True))
        assert len(saved) == 1 and len(kept) == 7
        assert {json.dumps(words) for words in saved} | set(kept) == {
            json.dumps(f"Words of {number}.") for number in range(8)
        }
        assert Translation.objects.get().body == "Before."
