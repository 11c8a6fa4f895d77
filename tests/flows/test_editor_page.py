"""The editor's page: all steps of a draft version, what is wrong with it, and what each button does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from articles.brand import Brand
from articles.models import Deed
from flows.models import Flow, FlowCase, Option, Step
from tests.articles.desk import person
from tests.articles.forms import Opened
from tests.factories import (
    FewerThan,
    both,
    make_article,
    make_category,
    make_fact,
    make_flow,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.ignore_template_errors


class EditorTestCase(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)
        self.flow = make_flow("parcel")
        self.draft = self.flow.make_draft()
        self.opened = self.open()

    def open(self) -> Opened:
        return Opened(self.client, f"/admin/flows/flowversion/{self.draft.pk}/change/")

    def press(self, button: str, about: Any = "", **changes: str) -> str:
        """Press a button of the open page; the page that follows, opened."""
        pk = f":{about if isinstance(about, str) else about.pk}" if about else ""
        answer = self.opened.save(_do=f"{button}{pk}", **changes)
        if answer.status_code == 302:
            self.went_to = answer["Location"]
            self.opened.page = self.client.get(answer["Location"].partition("#")[0])
            if "sheet" in (self.opened.page.context or {}):
                self.opened.read()
        return self.opened.page.content.decode()

    def step(self, slug: str) -> Step:
        return self.draft.steps.get(slug=slug)

    def option(self, step: str, key: str) -> Option:
        return Option.objects.get(step__version=self.draft, step__slug=step, key=key)

    def name(self, row: Step | Option, field: str) -> str:
        return f"{type(row).__name__.lower()}-{row.pk}-{field}"

    def slugs(self) -> list[str]:
        return list(self.draft.steps.values_list("slug", flat=True))


class SavingTests(EditorTestCase):
    def test_all_steps_and_options_are_saved_together(self):
        start, yes = self.step("start"), self.option("start", "yes")
        self.press(
            "",
            **{
                self.name(start, "title_0"): "Which parcel?",
                self.name(start, "title_1"): "¿Qué paquete?",
                self.name(yes, "label_1"): "Este",
                self.name(yes, "leads_to"): str(self.step("contact").pk),
            },
        )
        assert self.step("start").title.data == {"en": "Which parcel?", "es": "¿Qué paquete?"}
        assert self.option("start", "yes").label.localize("es") == "Este"
        assert self.option("start", "yes").leads_to == self.step("contact")
        assert Deed.objects.about(self.flow).filter(what="changed").exists()

    def test_saving_without_a_change_changes_nothing(self):
        before = self.draft.digest
        self.press("")
        assert self.draft.digest == before
        assert not Deed.objects.about(self.flow).filter(what="changed").exists()

    def test_a_draft_is_saved_with_what_stops_publishing(self):
        page = self.press(
            "", **{self.name(self.step("start"), "title_0"): "", self.name(self.step("start"), "title_1"): ""}
        )
        assert "1 problem stops publishing" in page
        assert "1. start: There is no text yet for: title (English); title (Spanish). Write it." in page
        assert 'href="#step-start"' in page

    def test_a_mistake_is_named_with_a_link_and_nothing_typed_is_lost(self):
        start, other = self.step("start"), self.step("try")
        slug, title = self.name(start, "slug"), self.name(other, "title_0")
        for wrong in ("two words", "try"):
            page = self.press("duplicate", start, **{slug: wrong, title: "Typed with care"})
            assert f'href="#id_{slug}"' in page
            assert self.opened.values[title] == "Typed with care"
            assert self.slugs() == ["start", "try", "solved", "contact"]
        self.press("", **{slug: "begin"})
        assert self.slugs()[0] == "begin"
        assert self.step("try").title.localize("en") == "Typed with care"

    def test_two_steps_and_two_options_may_exchange_their_names(self):
        start, other = self.step("start"), self.step("try")
        yes, no = self.option("start", "yes"), self.option("start", "no")
        names = {self.name(start, "slug"): "try", self.name(other, "slug"): "start"}
        self.press("", **names, **{self.name(yes, "key"): "no", self.name(no, "key"): "yes"})
        assert self.slugs() == ["try", "start", "solved", "contact"]
        assert [option.pk for option in (self.option("try", "no"), self.option("try", "yes"))] == [yes.pk, no.pk]

    def test_hostile_posts_are_no_error(self):
        for button in (
            "x",
            "up:",
            "up:x",
            "remove:0",
            f"up:{'9' * 99}",
            "add:x",
            "add:",
            "drop-case:9",
            ":",
            "publish:1",
        ):
            assert self.client.post(self.opened.address, self.opened.values | {"_do": button}).status_code == 302
        for name, value in (
            ("place", "-1"),
            ("place", "x"),
            ("kind", "x"),
            ("topic", "9999"),
            ("wait_amount", "-5"),
        ):
            answer = self.client.post(
                self.opened.address, self.opened.values | {self.name(self.step("start"), name): value}
            )
            assert answer.status_code == 200, name
        assert self.client.post(self.opened.address, {}).status_code == 302
        for address in ("0", "999999", "9" * 30, "x"):
            answer = self.client.get(f"/admin/flows/flowversion/{address}/change/")
            self.assertRedirects(answer, "/admin/flows/flow/", fetch_redirect_response=False)

    def test_an_option_leads_only_to_steps_of_its_version(self):
        foreign = make_flow().make_draft().steps.first()
        yes = self.option("start", "yes")
        page = self.press("", **{self.name(yes, "leads_to"): str(foreign.pk)})
        assert "Select a valid choice" in page

    def test_the_page_costs_no_more_queries_for_more_steps(self):
        with self.assertNumQueries(FewerThan(40)):
            self.open()
        for _number in range(10):
            self.press("add", "question")
        with self.assertNumQueries(FewerThan(40)):
            self.open()

    def test_nor_for_more_links_pictures_and_facts(self):
        make_fact("days", 3)
        pages = ("change", "work", "map")
        addresses = {
            "change": self.opened.address,
            "work": f"/admin/flows/flow/{self.flow.pk}/work/",
            "map": f"/admin/flows/flow/{self.flow.pk}/map/{self.draft.number}/",
        }
        asked: dict[str, list[int]] = {name: [] for name in pages}
        for number in range(12):
            self.add_step_with_links(number)
            if number in (0, 11):
                for name in pages:
                    with CaptureQueriesContext(connection) as queries:
                        assert self.client.get(addresses[name]).status_code == 200
                    asked[name].append(len(queries))
        assert all(few == many for few, many in asked.values()), asked

    def add_step_with_links(self, number: int) -> None:
        article = make_translation(make_article()).article
        text = f"See [this](article:{article.key}), [that](flow:parcel) and {{{{ days }}}}."
        Step.objects.create(
            version=self.draft, slug=f"more-{number}", position=10 + number, title=both("More"), body=both(text)
        )

    def test_a_flow_of_forty_steps_is_saved(self):
        options = {"a": "contact", "b": "contact"}
        steps = {f"s{n}": {"options": options | {"c": f"s{n + 1}"}} for n in range(38)}
        steps |= {"s38": {"options": options}, "contact": {"kind": "outcome", "outcome": "contact"}}
        self.draft = make_flow("long", steps).make_draft()
        self.opened = self.open()
        self.press("", **{self.name(self.step("s20"), "title_0"): "Changed"})
        assert self.step("s20").title.localize("en") == "Changed"


class AddingTests(EditorTestCase):
    def test_steps_are_named_by_their_words_and_never_by_a_number_that_is_not_theirs(self):
        self.press("add", "question")
        page = self.press("add", "try")
        last = len(self.slugs())
        assert f">{last - 1}. untitled</option>" in page
        assert f">{last}. untitled</option>" in page
        assert "step-1</option>" not in page
        assert '<a href="#step-start">1. Step start (en)</a>' in page

    def test_articles_are_chosen_by_their_title(self):
        both_languages = make_article(key="k1")
        make_translation(both_languages, title="Zebra stripes")
        make_translation(both_languages, language="es", title="Rayas de cebra")
        make_translation(make_article(key="k2", source_language="es"), language="es", title="Árbol")
        self.press("add", "outcome")
        names = re.findall(r">([^<]*)</option>", self.open().page.content.decode())
        assert names.index("Árbol") < names.index("Zebra stripes")
        assert not {"Rayas de cebra", "k1", "k2"} & set(names)

    def test_a_flow_written_in_one_language_takes_its_slug_from_there(self):
        title = "No puedo imprimir la última factura"
        for slug in ("no-puedo-imprimir-la-ultima-factura", "no-puedo-imprimir-la-ultima-factura-2"):
            opened = Opened(self.client, "/admin/flows/flow/add/")
            answer = opened.save(title_1=title, summary_1="Imprímela.", category=str(make_category().pk))
            assert answer.status_code == 302, answer.context["errors"]
            assert Flow.objects.latest("pk").slug == slug
        nameless = Opened(self.client, "/admin/flows/flow/add/").save(category=str(make_category().pk))
        self.assertContains(nameless, "Write a title or a slug.")

    def test_each_kind_comes_with_what_it_needs(self):
        for kind, keys in (
            ("question", ["option-1", "option-2"]),
            ("try", ["solved", "not-solved", "could-not"]),
            ("date", ["too-early", "due"]),
            ("outcome", []),
        ):
            self.press("add", kind)
            step = self.draft.steps.last()
            assert (step.kind, [option.key for option in step.options.all()]) == (kind, keys)
            assert self.went_to.endswith(f"?at={step.pk}&new=step-{step.pk}")

    def test_a_new_step_and_its_options_are_named_after_their_words(self):
        self.press("add", "question")
        step = self.step("step-1")
        first, second = step.options.all()
        self.press(
            "",
            **{
                self.name(step, "title_0"): "Did it rain?",
                self.name(first, "label_0"): "Yes, all day",
                self.name(second, "label_0"): "Yes, all day",
            },
        )
        assert [option.key for option in self.step("did-it-rain").options.all()] == [
            "yes-all-day",
            "yes-all-day-2",
        ]
        self.press("", **{self.name(step, "title_0"): "Did it snow?"})
        assert self.step("did-it-rain").title.localize("en") == "Did it snow?"

    def test_an_option_leads_to_a_new_step(self):
        yes = self.option("start", "yes")
        self.press("", **{self.name(yes, "leads_to"): "new:date"})
        assert self.slugs() == ["start", "step-1", "try", "solved", "contact"]
        assert self.option("start", "yes").leads_to == self.step("step-1")
        assert self.step("step-1").kind == "date"

    def test_i_am_not_sure_in_every_language(self):
        page = self.opened.page.content.decode()
        assert "Who does not know the answer gets stuck here" in page
        page = self.press("add-not-sure", self.step("start"))
        assert self.option("start", "not-sure").label.data == {"en": "I’m not sure", "es": "No lo tengo claro"}
        assert "Who does not know the answer gets stuck here" not in page
        assert "1. Step start (en): The option “not-sure” does not say which step follows" in page
        page = self.press("add-not-sure", self.step("start"))
        assert "The step has such an answer already" in page

    def test_another_kind_and_back_leaves_nothing_behind(self):
        start = self.step("start")
        for kind in ("date", "try", "question"):
            self.press("", **{self.name(start, "kind"): kind})
        assert [option.key for option in start.options.all()] == ["yes", "no"]

    def test_what_comes_next_has_the_focus(self):
        page = self.press("add-option", self.step("start"))
        option = self.option("start", "option-1")
        assert (
            f'name="{self.name(option, "label_0")}"'
            in page.partition("autofocus")[0].rpartition("<input")[2]
            + (page.partition("autofocus")[0].rpartition("<")[2])
        )
        page = self.press("save", self.step("try"))
        place = page.index('id="step-try"')
        assert place < page.index("Saved.") < page.index('id="step-solved"')
        page = self.press("", **{self.name(self.step("start"), "slug"): "two words"})
        assert 'class="errornote" role="alert" tabindex="-1" autofocus' in page

    def test_another_kind_keeps_what_the_step_had(self):
        start, contact = self.step("start"), self.step("contact")
        page = self.press("", **{self.name(start, "kind"): "try"})
        assert {option.key for option in start.options.all()} == {"yes", "no", "solved", "not-solved", "could-not"}
        assert "Does not belong to this kind of step" in page
        self.press("", **{self.name(contact, "kind"): "question"})
        assert "topic" not in self.draft.graph().outline("en")
        self.press("", **{self.name(contact, "kind"): "outcome"})
        assert self.step("contact").as_rule().topic == contact.topic.key


class ArrangingTests(EditorTestCase):
    def test_steps_move(self):
        self.press("up", self.step("solved"))
        assert self.slugs() == ["start", "solved", "try", "contact"]
        self.press("down", self.step("start"))
        assert self.slugs() == ["solved", "start", "try", "contact"]
        for step in (self.step("contact"), self.step("solved")):
            self.press("down" if step.slug == "contact" else "up", step)
        assert self.slugs() == ["solved", "start", "try", "contact"]

    def test_a_step_gets_the_number_it_is_given(self):
        self.press("", **{self.name(self.step("contact"), "place"): "2"})
        assert self.slugs() == ["start", "contact", "try", "solved"]
        self.press("", **{self.name(self.step("start"), "place"): "99"})
        assert self.slugs() == ["contact", "try", "solved", "start"]

    def test_options_move_and_go(self):
        self.press("option-down", self.option("start", "yes"))
        assert [option.key for option in self.step("start").options.all()] == ["no", "yes"]
        self.press("option-up", self.option("start", "yes"))
        page = self.press("remove-option", self.option("start", "no"))
        assert [option.key for option in self.step("start").options.all()] == ["yes"]
        assert "The option “Option no (en)” is removed" in page

    def test_a_copy_leads_where_the_original_leads(self):
        self.press("duplicate", self.step("start"))
        assert self.slugs() == ["start", "start-2", "try", "solved", "contact"]
        copied = {option.key: option.leads_to.slug for option in self.step("start-2").options.all()}
        assert copied == {"yes": "try", "no": "contact"}

    def test_the_consequences_are_shown_before_a_step_goes(self):
        self.flow.cases.create(responses={"start": "yes", "try": "solved"}, reaches="solved")
        page = self.press("ask-remove", self.step("try"))
        assert "1 option would lead nowhere: 1. Step start (en): Option yes (en)" in page
        assert "Nobody could come to these any more: 3. Step solved (en)" in page
        assert "came to “solved” and now comes to “start”" in page
        assert "try" in self.slugs()
        page = self.press("remove", self.step("try"))
        assert "try" not in self.slugs()
        assert "1. Step start (en): The option “yes” does not say which step follows" in page

    def test_what_was_typed_is_saved_before_any_button_acts(self):
        start = self.step("start")
        self.press("remove", self.step("try"), **{self.name(start, "title_0"): "Typed first"})
        assert self.step("start").title.localize("en") == "Typed first"

    def test_the_start_and_the_last_way_to_a_person_are_named(self):
        page = self.press("ask-remove", self.step("start"))
        assert "It is the start" in page
        page = self.press("ask-remove", self.step("contact"))
        assert "No path would end in “contact us” any more" in page


class CaseTests(EditorTestCase):
    def test_an_edit_says_which_cases_it_changes(self):
        self.flow.cases.create(responses={"start": "yes", "try": "solved"}, reaches="solved")
        self.flow.cases.create(responses={"start": "no"}, reaches="contact")
        page = self.press(
            "", **{self.name(self.option("try", "solved"), "leads_to"): str(self.step("contact").pk)}
        )
        assert "This edit changes the outcome of 1 flow case:" in page
        assert "(start: yes, try: solved) came to “solved” and now comes to “contact”" in page
        assert "1 of 2 flow cases does not come where it must" in page
        assert "This edit changes" not in self.press("")

    def test_the_address_of_a_step_becomes_a_case(self):
        page = self.press(
            "keep-case",
            case_address="http://x/admin/flows/flowversion/1/preview/en/step/try/?start=yes&continue=1",
        )
        case = FlowCase.objects.get()
        assert (case.responses, case.reaches, case.day) == ({"start": "yes"}, "try", None)
        assert "1 flow case, and it holds" in page
        page = self.press("keep-case", case_address="nonsense")
        assert "This is no address of a step" in page
        self.press("drop-case", case)
        assert not FlowCase.objects.exists()

    def save_flow(self, **changes: str) -> Any:
        return Opened(self.client, f"/admin/flows/flow/{self.flow.pk}/change/").save(**changes)

    def test_one_that_stays_at_the_start_does_not_stop_the_flow_from_being_saved(self):
        FlowCase.objects.create(flow=self.flow, reaches="start")
        assert self.save_flow(position="7").status_code == 302
        assert Flow.objects.get().position == 7
        assert FlowCase.objects.get().responses == {}

    def test_responses_that_are_none_are_told_and_not_saved(self):
        case = FlowCase.objects.create(flow=self.flow, responses={"start": "no"}, reaches="contact")
        for written in ("[1]", '"no"', '{"start": 1}', '{"start": null}'):
            page = self.save_flow(**{"cases-0-responses": written})
            self.assertContains(page, "Write the responses like")
        case.refresh_from_db()
        assert case.responses == {"start": "no"}

    def test_who_may_not_keep_cases_is_told(self):
        self.client.force_login(person("author", "eva"))
        assert 'name="case_address"' not in self.open().page.content.decode()
        assert "Your role does not allow this" in self.press("keep-case", case_address="/try/?start=yes")
        assert not FlowCase.objects.exists()


class PublishingTests(EditorTestCase):
    def test_a_language_without_the_flows_own_title_or_summary_is_said(self):
        said = "Not offered in: Spanish."
        assert said not in self.open().page.content.decode()
        Flow.objects.filter(pk=self.flow.pk).update(summary={"en": "Solves it."})
        self.assertContains(self.open().page, said)
        Brand(languages_off=["es"]).save()
        self.addCleanup(Brand(languages_off=[]).save)
        assert said not in self.open().page.content.decode()

    def test_publishes_what_has_no_problems(self):
        self.press("publish", **{self.name(self.step("start"), "title_0"): "New words"})
        assert self.went_to == f"/admin/flows/flow/{self.flow.pk}/change/"
        assert Flow.objects.get().published_version == self.draft
        assert "New words" in self.client.get("/en/resolve/parcel/start/").content.decode()

    def test_problems_stop_it_and_what_was_typed_is_saved(self):
        page = self.press("publish", **{self.name(self.step("contact"), "topic"): ""})
        assert "“contact”: “Contact us” needs the topic" in page
        assert Flow.objects.get().published_version != self.draft
        self.press("publish", **{self.name(self.step("contact"), "topic"): str(make_topic().pk)})
        assert Flow.objects.get().published_version == self.draft

    def test_a_published_version_is_read_only(self):
        page = self.client.get(f"/admin/flows/flowversion/{self.flow.published_version.pk}/change/")
        self.assertContains(page, "A published version never changes")
        self.assertContains(page, "start (question): Step start (en)")
        self.assertNotContains(page, "<textarea")

    @override_settings(REVIEW="required")
    def test_asks_for_a_review_where_one_is_required(self):
        self.assertNotContains(self.open().page, 'value="publish"')
        self.press("submit")
        assert self.went_to == self.flow.work_url


class PreviewTests(EditorTestCase):
    def test_walks_the_draft_as_a_customer_would(self):
        step = self.step("try")
        step.title = both("Quite another thing")
        step.save()
        page = self.client.get(f"/admin/flows/flowversion/{self.draft.pk}/preview/?language=es&width=phone")
        frame = f"/admin/flows/flowversion/{self.draft.pk}/preview/es/"
        self.assertContains(page, f'class="rehearsal phone" src="{frame}"')
        start = self.client.get(frame)
        self.assertContains(start, f'href="{frame}step/start/"')
        assert start["X-Frame-Options"] == "SAMEORIGIN"
        assert "no-store" in start["Cache-Control"]
        assert "frame-ancestors 'self'" in start["Content-Security-Policy"]
        answer = self.client.get(f"{frame}step/start/?start=yes&continue=1", follow=True)
        self.assertContains(answer, "Quite another thing (es)")
        assert answer.request["PATH_INFO"] == f"{frame}step/try/"

    def test_says_what_contact_would_take_over(self):
        frame = f"/admin/flows/flowversion/{self.draft.pk}/preview/en/"
        page = self.client.get(f"{frame}step/contact/?start=no")
        self.assertContains(page, f'href="{frame}contact/?start=no"')
        page = self.client.get(f"{frame}contact/?start=no")
        self.assertContains(page, str(self.step("contact").topic))
        self.assertContains(page, "Option no (en)")

    def test_an_empty_draft_has_nothing_to_show(self):
        self.draft.steps.all().delete()
        page = self.client.get(f"/admin/flows/flowversion/{self.draft.pk}/preview/")
        self.assertContains(page, "There is nothing to see yet")
        assert self.client.get(f"/admin/flows/flowversion/{self.draft.pk}/preview/en/").status_code == 404
        assert "The flow has no steps" in self.open().page.content.decode()

    def test_is_for_the_staff(self):
        self.client.logout()
        for address in ("preview/", "preview/en/", "preview/en/step/start/", "preview/en/contact/"):
            answer = self.client.get(f"/admin/flows/flowversion/{self.draft.pk}/{address}")
            assert answer.status_code == 302
            assert "/login/" in answer["Location"]


class OutlineTests(EditorTestCase):
    def test_speaks_the_editors_language(self):
        published = self.flow.published_version
        page = self.client.get(
            f"/admin/flows/flowversion/{published.pk}/change/", headers={"accept-language": "es"}
        )
        self.assertContains(page, "start (pregunta): Step start (es)")
        self.assertContains(page, "contact (resultado contactar, tema topic-")
