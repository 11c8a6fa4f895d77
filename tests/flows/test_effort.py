"""About how long a flow takes."""

from django.test import SimpleTestCase, TestCase

from flows.effort import minutes
from flows.graph import Graph, Step
from tests.factories import make_flow
from tests.flows.test_graph_rules import GOOD, question, solved


def chain(length: int) -> Graph:
    steps: list[Step] = [question(f"s{n}", go=f"s{n + 1}", out="end") for n in range(length)]
    return Graph.of([*steps, solved(f"s{length}"), solved("end")])


class EffortTests(SimpleTestCase):
    def test_grows_with_the_longest_way(self):
        assert minutes(chain(2), "en") == 1
        assert minutes(chain(30), "en") == 6
        assert minutes(GOOD, "en") == 3

    def test_of_a_circle_or_of_nothing_is_not_said(self):
        assert minutes(Graph.of([question("a", x="b"), question("b", x="a")]), "en") == 0
        assert minutes(Graph({}), "en") == 0

    def test_of_a_very_long_flow_is_found(self):
        assert minutes(chain(5000), "en") > 100


class StartPageTests(TestCase):
    def test_says_it_unless_the_editor_knows_better(self):
        make_flow("lost")
        self.assertContains(self.client.get("/en/resolve/lost/"), "It takes about 2 minutes.")
        make_flow("known", minutes=9)
        self.assertContains(self.client.get("/en/resolve/known/"), "It takes about 9 minutes.")
