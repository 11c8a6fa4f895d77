"""The map of a flow version at the desk: every step what it says, its problems and its figures."""

from datetime import timedelta

from django.test import SimpleTestCase, TestCase
from django.utils import timezone
from hypothesis import given

from flows.cards import Remarks, cards, wait_words
from flows.figures import Counted, Figures
from flows.fitting import lines, shortened, width
from flows.graph import Graph
from flows.map import draw
from flows.models import FlowCount, Option, Step
from flows.waiting import Unit, WaitRule
from tests.factories import (
    FewerThan,
    both,
    make_article,
    make_category,
    make_flow,
    make_staff,
    make_topic,
    make_translation,
)
from tests.flows.test_flow_pages import STEPS
from tests.flows.test_graph_rules import GOOD, graphs


class PageTests(TestCase):
    def setUp(self) -> None:
        self.flow = make_flow("lost", STEPS)
        self.version = self.flow.published_version
        self.client.force_login(make_staff("editor", "eva"))

    def page(self, number=1, query=""):
        return self.client.get(f"/admin/flows/flow/{self.flow.pk}/map/{number}/{query}")

    def count(self, what, step, option="", times=1, days_ago=0):
        for _ in range(times):
            day = timezone.localdate() - timedelta(days=days_ago)
            FlowCount.objects.add(self.version.pk, day, what, step, option)

    def test_every_step_is_a_link_to_its_place_heard_in_reading_order(self):
        page = self.page().content.decode()
        steps = f"/admin/flows/flowversion/{self.version.pk}/change/#step-"
        assert f'href="{steps}look" aria-label="2. Step look (en), something to try"' in page
        assert 'aria-label="1. Step sold-by (en), question, start, 1 warning"' in page
        places = [page.index(f'href="{steps}{slug}" aria-label="') for slug in STEPS]
        assert places == sorted(places)

    def test_has_the_start_and_the_outline(self):
        page = self.page()
        self.assertContains(page, "1. Step sold-by (en), question, start")
        self.assertContains(page, "contact-seller (outcome contact, topic")

    def test_is_linked_from_the_flows_work_and_to_other_versions(self):
        self.flow.make_draft()
        work = self.client.get(f"/admin/flows/flow/{self.flow.pk}/work/")
        self.assertContains(work, f'href="/admin/flows/flow/{self.flow.pk}/map/2/"')
        self.assertContains(self.page(2), f'href="/admin/flows/flow/{self.flow.pk}/map/1/?days=30"')
        self.assertContains(self.page(2), "Customers have not walked this draft")

    def test_problems_stand_where_they_are(self):
        draft = self.flow.make_draft()
        Option.objects.filter(step__version=draft, step__slug="look", key="solved").update(leads_to=None)
        page = self.page(2)
        self.assertContains(page, "2. Step look (en), something to try, 1 problem")
        self.assertContains(page, "The option “solved” does not say which step follows. Choose one.")
        self.assertContains(page, 'class="lost"', count=1)
        self.assertContains(page, "card try has-problem")

    def test_an_article_is_named_by_its_title(self):
        article = make_article(key="why-late")
        make_translation(article, title="Why is it late?")
        end = {"kind": "outcome", "outcome": "contact", "article": article, "topic": make_topic()}
        flow = make_flow("named", {"start": end})
        page = self.client.get(f"/admin/flows/flow/{flow.pk}/map/1/").content.decode()
        assert "Article: Why is it late?" in page
        assert "Article: why-late" not in page

    def test_a_version_without_steps_says_so(self):
        self.flow.make_draft().steps.all().delete()
        self.assertContains(self.page(2), "This version has no steps yet.")

    def test_figures_are_those_of_the_version_in_the_days_chosen(self):
        self.assertContains(self.page(), "Nobody has walked this version in these days")
        self.count(Counted.START, "sold-by", times=4)
        self.count(Counted.START, "sold-by", times=3, days_ago=10)
        self.count(Counted.ANSWER, "sold-by", "us", times=5)
        self.count(Counted.ANSWER, "look", "solved", times=2)
        self.count(Counted.HAND_OFF, "look")
        page = self.page()
        self.assertContains(page, "Started 7 times.")
        self.assertContains(page, "7 came · 29% left here")
        self.assertContains(page, "5 came · 40% left here · 1 to contact")
        self.assertContains(page, "<li>Option us (en): 5</li>", html=True)
        self.assertContains(page, "<li>That solved it: 2</li><li>Still not solved: 0</li>", html=False)
        self.assertContains(page, '<td class="number">2 (29%)</td>', html=True)
        self.assertContains(self.page(query="?days=7"), "Started 4 times.")
        self.assertContains(self.page(query="?days=1000"), "Started 7 times.")  # the usual span

    def test_counts_of_another_version_are_not_shown(self):
        self.count(Counted.START, "sold-by")
        self.flow.make_draft().publish()
        self.assertContains(self.page(2), "Nobody has walked this version")

    def test_is_for_those_who_may_see_flows(self):
        self.client.force_login(make_staff("agent"))
        assert self.page().status_code == 200
        stranger = make_staff("agent", "sam")
        stranger.groups.clear()
        self.client.force_login(stranger)
        assert self.page().status_code == 403

    def test_what_is_not_there_is_not_found(self):
        assert self.page(9).status_code == 404
        assert self.client.get("/admin/flows/flow/999/map/1/").status_code == 404

    def test_in_spanish(self):
        page = self.client.get(
            f"/admin/flows/flow/{self.flow.pk}/map/1/", headers={"Accept-Language": "es"}
        ).content.decode()
        assert "2. Step look (es), algo que probar" in page
        assert "Mapa de Flow lost (es)" in page

    def test_hostile_titles_are_text(self):
        draft = self.flow.make_draft()
        Step.objects.filter(version=draft, slug="look").update(title=both('"><script>alert(1)</script>'))
        page = self.page(2).content.decode()
        assert "<script>alert" not in page and "&lt;script&gt;alert" in page

    def test_costs_the_same_queries_however_long_the_flow_is(self):
        chain = {f"s{n}": {"options": {"go": f"s{n + 1}", "no": "end"}} for n in range(30)}
        end = {"kind": "outcome", "outcome": "contact", "article": make_article(), "topic": make_topic()}
        flow = make_flow("long", chain | {"s30": {"options": {"go": "end"}}, "end": end})
        with self.assertNumQueries(FewerThan(14)):
            self.client.get(f"/admin/flows/flow/{flow.pk}/map/1/")


class CardTests(TestCase):
    def card(self, **fields):
        steps = {"only": {"kind": "outcome", "outcome": "solved"} | fields}
        graph = make_flow("", steps, published=False).draft_version.graph()
        return cards(graph, Remarks("en", topics={"late": "It is late"}))[0]

    def words(self, **fields):
        return [words.text for words in self.card(**fields).words]

    def test_an_outcome_says_how_it_ends_and_with_which_topic(self):
        topic = make_topic("late", category=make_category())
        card = self.card(outcome="contact", topic=topic, is_urgent=True)
        assert card.kind == "Contact us"
        assert [words.text for words in card.words] == ["Step only (en)", "Urgent", "Topic: It is late"]
        assert card.label == "1. Step only (en), contact us, start, urgent"

    def test_a_date_says_how_long_to_wait(self):
        assert "Wait: 48 hours" in self.words(kind="date", outcome="", wait_amount=48)
        assert "no wait yet" in self.words(kind="date", outcome="", wait_amount=None)
        assert wait_words(WaitRule(1, Unit.WORKING_DAYS)) == "Wait: 1 working day"

    def test_a_step_without_a_title_is_called_by_its_slug(self):
        assert self.card(title={}).title == "only"

    def test_a_long_title_is_shortened_on_the_card_and_whole_for_who_rests_on_it(self):
        title = "A very long question " * 20
        card = self.card(title={"en": title})
        assert len(card.words) == 2 and card.words[-1].text.endswith("…")
        assert title.strip() in card.about

    def test_warnings_are_told_from_problems(self):
        graph = make_flow("two", STEPS).graph()
        remarks = Remarks("en", problems={"look": ["Mend this."]}, warnings={"look": ["Think.", "Think again."]})
        card = cards(graph, remarks)[1]
        assert card.label.endswith("something to try, 1 problem, 2 warnings")
        assert card.about.endswith("Mend this.\nThink.\nThink again.")


class DrawTests(SimpleTestCase):
    @given(graphs)
    def test_any_draft_has_a_map_with_every_step_and_every_option(self, graph):
        drawn = draw(graph, Remarks("en", figures=Figures.of(graph, [])))
        assert [card.step for card in drawn.cards] == list(graph.steps.values())
        for card in drawn.cards:
            assert len(card.rows) == len(card.step.options)
            leads_to = [option.leads_to if option.leads_to in graph.steps else "" for option in card.step.options]
            assert [row.leads_to for row in card.rows] == leads_to

    def test_the_same_draft_has_the_same_map(self):
        assert draw(GOOD, Remarks("en")) == draw(GOOD, Remarks("en"))

    def test_a_draft_without_steps_has_an_empty_one(self):
        assert draw(Graph({}), Remarks("en")).placed == []


class FittingTests(SimpleTestCase):
    def test_what_fits_is_left_alone(self):
        assert shortened("Yes", 100, 12) == "Yes"

    def test_what_does_not_fit_is_shortened_and_says_so(self):
        for words in ("W" * 80, "i" * 200, "お問い合わせ" * 20, "word " * 40):
            short = shortened(words, 150, 12)
            assert short.endswith("…") and width(short, 12) <= 150
            assert words.startswith(short[:-1])

    def test_lines_break_between_words(self):
        assert lines("one two three", width("one two ", 12), 12, 2) == ["one two", "three"]
        assert lines("", 100, 12, 2) == []
