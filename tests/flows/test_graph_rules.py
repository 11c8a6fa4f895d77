"""The rules of a flow, for any rows an editor or an importer may write."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.graph import Graph, Kind, Option, Outcome, Step, Walk
from flows.problems import WARNINGS, Code, problems, warnings
from flows.waiting import Unit, WaitRule


def label(words: str) -> dict[str, str]:
    return {"en": words, "es": words}


SLUGS = [f"s{number}" for number in range(7)]
KEYS = ["a", "b", "solved", "not-solved", "could-not", "too-early", "due"]
NOW = datetime(2026, 5, 12, 11, 30, tzinfo=ZoneInfo("Europe/Madrid"))
DATES = ["2026-05-12", "2026-05-11T08:00", "2026-04-01", "2026-05-13", "today", "2026-02-30", "not-known"]
RULE = WaitRule(48, Unit.HOURS, label("carriers often do so"))


def question(slug: str, **leads_to: str | None) -> Step:
    options = tuple(Option(key, label(key), to) for key, to in leads_to.items())
    return Step(slug, Kind.QUESTION, label(slug), options=options)


def solved(slug: str) -> Step:
    return Step(slug, Kind.OUTCOME, label(slug), outcome=Outcome.SOLVED)


def contact(slug: str) -> Step:
    return Step(slug, Kind.OUTCOME, label(slug), outcome=Outcome.CONTACT, topic="t")


def try_step(slug: str, solved: str, otherwise: str) -> Step:
    options = (("solved", solved), ("not-solved", otherwise), ("could-not", otherwise))
    return Step(slug, Kind.TRY, label(slug), options=tuple(Option(key, {}, to) for key, to in options))


def date_step(slug: str, too_early: str, due: str, rule: WaitRule | None = RULE) -> Step:
    options = (Option("too-early", {}, too_early), Option("due", {}, due))
    return Step(slug, Kind.DATE, label(slug), options=options, wait=rule)


def walk(graph: Graph, responses: dict[str, str], now: datetime = NOW) -> Walk:
    return graph.walk(responses, now)


GOOD = Graph.of(
    [
        question("start", yes="again", no="end", later="when"),
        date_step("when", "last", "other"),
        question("again", yes="end", no="other"),
        try_step("other", "end", "last"),
        solved("end"),
        contact("last"),
    ]
)

options = st.builds(
    Option, st.sampled_from(KEYS), st.just({"en": "x"}), st.one_of(st.none(), st.sampled_from([*SLUGS, "nowhere"]))
)
steps = st.builds(
    Step,
    st.sampled_from(SLUGS),
    st.sampled_from(Kind),
    st.dictionaries(st.sampled_from(["en", "es"]), st.just("words")),
    options=st.lists(options, max_size=4, unique_by=lambda option: option.key).map(tuple),
    outcome=st.one_of(st.none(), st.sampled_from(Outcome)),
    wait=st.one_of(
        st.none(), st.builds(WaitRule, st.one_of(st.none(), st.integers(-1, 400)), st.sampled_from(Unit))
    ),
)
graphs = st.lists(steps, min_size=1, max_size=7, unique_by=lambda step: step.slug).map(Graph.of)
responses = st.dictionaries(st.sampled_from([*SLUGS, "junk"]), st.sampled_from([*KEYS, *DATES, "junk"]))


class WalkTests(SimpleTestCase):
    @given(graphs, responses)
    def test_ends_for_any_rows_and_any_responses(self, graph, given_responses):
        walked = walk(graph, given_responses)
        assert len(walked.trail) < len(graph.steps)
        assert walked.current.slug in graph.steps

    @given(graphs, responses)
    def test_comes_to_the_same_step_when_its_own_responses_are_replayed(self, graph, given_responses):
        walked = walk(graph, given_responses)
        assert walk(graph, walked.responses).current == walked.current

    @given(graphs, responses)
    @settings(max_examples=200)
    def test_changing_an_answer_keeps_what_still_holds(self, graph, given_responses):
        walked = walk(graph, given_responses)
        for taken in walked.trail:
            changing = walk(graph, walked.responses_without(taken.step.slug))
            assert changing.current == taken.step
            back = walk(graph, changing.responses_without(taken.step.slug) | {taken.step.slug: taken.response})
            assert back.current == walked.current

    def test_stays_where_a_response_is_missing_or_unknown(self):
        assert walk(GOOD, {}).current.slug == "start"
        assert walk(GOOD, {"start": "yes", "again": "maybe"}).current.slug == "again"

    def test_a_date_chooses_its_option_itself(self):
        early = walk(GOOD, {"start": "later", "when": "2026-05-11"})
        assert early.current.slug == "last" and early.too_early
        late = walk(GOOD, {"start": "later", "when": "2026-05-01"})
        assert late.current.slug == "other" and not late.too_early

    def test_a_date_that_is_not_known_goes_on_as_if_due_at_any_time(self):
        for now in (NOW, NOW.replace(year=NOW.year + 1)):
            walked = walk(GOOD, {"start": "later", "when": "not-known"}, now)
            assert walked.current.slug == "other" and not walked.too_early and not walked.has_dates
        assert dict(walk(GOOD, {"when": "not-known"}).later) == {"when": "not-known"}

    def test_a_date_to_come_or_an_option_of_a_date_does_not_hold(self):
        for response in ("2026-05-13", "2026-05-12T11:31", "due", "too-early", "today", "2026-02-30"):
            assert walk(GOOD, {"start": "later", "when": response}).current.slug == "when", response

    def test_keeps_later_answers_but_none_that_no_longer_exist(self):
        walked = walk(GOOD, {"again": "no", "other": "gone", "junk": "yes"})
        assert dict(walked.later) == {"again": "no"}


class ProblemTests(SimpleTestCase):
    def codes(self, graph: Graph) -> set[Code]:
        return {problem.code for problem in problems(graph, ["en", "es"])}

    def changed(self, *changed: Step) -> Graph:
        return Graph({**GOOD.steps, **{step.slug: step for step in changed}})

    def test_finds_none_in_a_good_flow(self):
        assert problems(GOOD, ["en", "es"]) == []

    def test_finds_every_planted_fault(self):
        reserved = Graph.of([question("flow", yes="end"), solved("end")])
        planted = {
            Code.EMPTY: Graph({}),
            Code.RESERVED: reserved,
            Code.DEAD_END: self.changed(question("again")),
            Code.LOST_OPTION: self.changed(question("again", yes=None, no="other")),
            Code.TRY_OPTIONS: self.changed(
                Step("other", Kind.TRY, label("x"), options=GOOD.steps["other"].options[:2])
            ),
            Code.DATE_OPTIONS: self.changed(
                Step("when", Kind.DATE, label("x"), options=GOOD.steps["other"].options, wait=RULE)
            ),
            Code.NO_WAIT: self.changed(date_step("when", "last", "other", rule=None)),
            Code.OUTCOME_OPTIONS: self.changed(
                Step("end", Kind.OUTCOME, label("x"), outcome=Outcome.SOLVED, options=GOOD.steps["start"].options)
            ),
            Code.NO_OUTCOME: self.changed(Step("end", Kind.OUTCOME, label("x"))),
            Code.NO_TOPIC: self.changed(Step("end", Kind.OUTCOME, label("x"), outcome=Outcome.CONTACT)),
            Code.URGENT_END: self.changed(
                Step("end", Kind.OUTCOME, label("x"), outcome=Outcome.SOLVED, is_urgent=True)
            ),
            Code.URGENT_WAIT: self.changed(
                Step("last", Kind.OUTCOME, label("x"), outcome=Outcome.CONTACT, topic="t", is_urgent=True)
            ),
            Code.NO_ARTICLE: self.changed(Step("end", Kind.OUTCOME, label("x"), outcome=Outcome.READ)),
            Code.UNREACHABLE: self.changed(solved("island")),
            Code.LOOP: self.changed(question("again", yes="start", no="other")),
            Code.LABEL: self.changed(Step("end", Kind.OUTCOME, {"en": "x"}, outcome=Outcome.SOLVED)),
            Code.NO_CONTACT: self.changed(solved("last")),
        }
        assert set(planted) == set(Code) - WARNINGS - {Code.HIDDEN}
        for code, graph in planted.items():
            with self.subTest(code=code):
                assert code in self.codes(graph)

    @given(graphs)
    def test_a_flow_without_problems_always_ends_in_an_outcome(self, graph):
        if self.codes(graph):
            return
        for first in KEYS:
            walked = walk(graph, dict.fromkeys(graph.steps, first))
            assert walked.current.kind in (Kind.OUTCOME, Kind.DATE) or not walked.current.option(first)

    def test_names_the_loop_in_walking_order(self):
        graph = Graph.of(
            [question("a", x="b"), question("b", x="c", y="end"), question("c", x="a"), solved("end")]
        )
        (problem,) = [found for found in problems(graph) if found.code == Code.LOOP]
        assert problem.about in {"a → b → c → a", "b → c → a → b", "c → a → b → c"}


class WarningTests(SimpleTestCase):
    def warnings(self, *steps: Step) -> list[tuple[Code, str, str]]:
        return [(found.code, found.step, found.about) for found in warnings(Graph.of(steps))]

    def test_a_question_without_an_answer_for_who_does_not_know(self):
        assert self.warnings(question("a", yes="end"), solved("end")) == [(Code.NOT_SURE, "a", "")]
        for key in ("not-sure", "not-sure-yet", "cannot-check"):
            options = (Option(key, label(key), "end"),)
            assert self.warnings(Step("a", Kind.QUESTION, label("a"), options=options), solved("end")) == []

    def test_more_than_seven_options(self):
        keys = ["not-sure", *"bcdefgh"]
        for count, found in ((7, []), (8, [(Code.MANY_OPTIONS, "a", "8")])):
            options = tuple(Option(key, label(key), "end") for key in keys[:count])
            assert self.warnings(Step("a", Kind.QUESTION, label("a"), options=options), solved("end")) == found

    def test_a_path_of_more_than_ten_steps(self):
        for count, found in ((10, []), (11, [(Code.LONG_PATH, "11")])):
            tries = [try_step(f"s{number}", "end", f"s{number + 1}") for number in range(count - 1)]
            steps = [*tries, contact(f"s{count - 1}"), solved("end")]
            assert [(code, about) for code, _step, about in self.warnings(*steps)] == found

    @given(graphs)
    def test_for_any_rows_they_end_and_name_steps_that_are_there(self, graph):
        assert {found.step for found in warnings(graph)} <= set(graph.steps)
        assert {found.code for found in warnings(graph)} <= WARNINGS


class OutlineTests(SimpleTestCase):
    def test_shows_each_step_with_where_its_options_lead(self):
        assert GOOD.outline("es") == (
            "start (question): start\n"
            "    yes: yes → again\n"
            "    no: no → end\n"
            "    later: later → when\n"
            "when (date): when\n"
            "    wait 48 hours, because carriers often do so\n"
            "    too-early → last\n"
            "    due → other\n"
            "again (question): again\n"
            "    yes: yes → end\n"
            "    no: no → other\n"
            "other (try): other\n"
            "    solved → end\n"
            "    not-solved → last\n"
            "    could-not → last\n"
            "end (outcome solved): end\n"
            "last (outcome contact, topic t): last"
        )


class LikelyTopicTests(SimpleTestCase):
    def test_is_what_most_outcomes_ahead_are_about_and_none_where_it_is_open(self):
        def about(slug: str, topic: str) -> Step:
            return replace(contact(slug), topic=topic)

        graph = Graph.of(
            [
                question("start", a="near", b="far", c="end"),
                question("near", a="one", b="two", c="other"),
                question("far", a="one", b="other"),
                *(about("one", "parcel"), about("two", "parcel"), about("other", "refund")),
                solved("end"),
                about("lost", "refund"),  # nobody comes to it
            ]
        )
        expected = {"start": "parcel", "near": "parcel", "far": "parcel", "other": "refund", "end": None}
        assert {slug: graph.likely_topic(slug) for slug in expected} == expected

    def test_is_none_where_two_are_as_frequent_ahead_and_in_the_whole(self):
        graph = Graph.of([question("start", a="one", b="two"), contact("one"), replace(contact("two"), topic="u")])
        assert graph.likely_topic("start") is None
