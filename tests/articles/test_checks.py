"""The rules of the checks: a text and what must be found in it, each with a text in which nothing may be."""

from __future__ import annotations

import time

from django.test import SimpleTestCase

from articles import checks
from articles.checklist import DEFAULTS, Check, Weight, read_weights
from articles.checks import held_by
from articles.findings import Finding, Surroundings, Target, Text

AROUND = Surroundings(
    facts={"days": "30"},
    articles={
        "live": Target({"s-when"}, "Live"),
        "hidden": Target(None, "Hidden"),
        "mutual": Target(None, "Mutual", waits_for_us=True),
    },
    flows={"fix-it"},
    images={"plug.png"},
    broken={"https://gone.example/a": "answered 404 on 3 May"},
    own_contacts={"help@almendra.example", "+34 910 555 777"},
    country="ES",
)
WHOLE = Text(key="own", language="en", title="T", summary="S", body="B", keywords="K")


def found(check: Check, **fields: str) -> list[Finding]:
    """What this check finds in an otherwise faultless text with these fields."""
    text = Text(**{name: getattr(WHOLE, name) for name in WHOLE.__dataclass_fields__} | fields)
    all_of_them = checks.findings(text, held_by(text, AROUND.facts), AROUND)
    return [finding for finding in all_of_them if finding.check == check]


def lines(check: Check, body: str) -> list[int | None]:
    return [finding.line for finding in found(check, body=body)]


class BodyTests(SimpleTestCase):
    # check, text, lines on which something is found
    TABLE: tuple[tuple[Check, str, list[int]], ...] = (
        (Check.LINKS, "[a](article:live) [b](flow:fix-it) ![c](image:plug.png) [d](article:own)", []),
        (Check.LINKS, "One\n\n[a](article:nowhere)", [3]),
        (Check.LINKS, "[a](article:hidden)", [1]),
        (Check.LINKS, "x\n[a](flow:no-flow)", [2]),
        (Check.LINKS, "![a](image:none.png)\n\n![b](https://other.example/b.png)", [1, 3]),
        (Check.LINKS, "[a][1]\n\n[1]: article:nowhere", [3]),
        (Check.LINKS, "[a](article:nowhere) and\n[a](article:nowhere)", [1, 2]),
        (Check.LINKS, "[a](article:live-not)\n[b](article:live)", [1]),
        (Check.LINKS, "`[a](article:nowhere)`\n\n```\n[a](article:nowhere)\n```\n\n\\[a](article:nowhere)", []),
        (Check.ANCHORS, "## When it is open\n\n[a](#s-when-it-is-open) [b](article:live#s-when)", []),
        (Check.ANCHORS, "## When\n\n[a](#s-then)\n[b](article:live#s-where)", [3, 4]),
        (Check.ANCHORS, "## In {{ days }} days\n\n[a](#s-in-30-days) [b](article:own#s-in-30-days)", []),
        (Check.ANCHORS, "## In {{ days }} days\n\n[b](article:own#s-in-days-days)", [3]),
        (Check.FACTS, "Within {{ days }} days, `{{ dais }}`.", []),
        (Check.FACTS, "Within\n{{ dais }} days.", [2]),
        (Check.ALTERNATIVES, "![A plug.](image:plug.png) ![-](image:plug.png)", []),
        (Check.ALTERNATIVES, "![](image:plug.png)\n![ ](image:plug.png)", [1, 2]),
        (Check.ALTERNATIVES, "x\n\n![plug.png](image:plug.png)\n![IMG_2031.JPG](image:plug.png)", [3, 4]),
        (Check.EXTERNAL, "[a](https://fine.example/a)", []),
        (Check.EXTERNAL, "x\n[a](https://gone.example/a) <https://gone.example/a>", [2, 2]),
        (Check.HEADINGS, "## A\n\n### B\n\n## C\n\n### D\n\n#### E", []),
        (Check.HEADINGS, "## A\n\n#### B", [3]),
        (Check.HEADINGS, "### A", [1]),
        (Check.HEADINGS, "x\n\n# A\n\n## B", [3]),
        (Check.HEADINGS, "A\n===", [1]),
        (Check.HEADINGS, "```\n# A\n```", []),
        (Check.SENTENCES, "word " * 34 + "end.", []),
        (Check.SENTENCES, "Short.\n\n- " + "word " * 36 + "end.\n- Short.", [3]),
        (Check.SENTENCES, "First one.\nSecond begins here " + "word " * 20 + "\n" + "word " * 20 + "end.", [2]),
        (Check.SENTENCES, "| " + "word " * 50 + "|\n| --- |\n| x |", []),
        (Check.PERSONAL, "Write to help@almendra.example or call 910 555 777.", []),
        (Check.PERSONAL, "Order by\nmaria.lopez@mail.es and 612 34 58 79", [2, 2]),
    )

    def test_finds_what_is_wrong_on_its_line_and_nothing_else(self):
        for check, body, expected in self.TABLE:
            with self.subTest(check=check, body=body):
                assert lines(check, body) == expected

    def test_every_check_of_a_body_has_a_text_in_which_it_finds_something_and_one_in_which_it_does_not(self):
        for check in {check for check, _body, _expected in self.TABLE}:
            results = [bool(expected) for known, _body, expected in self.TABLE if known == check]
            assert {True, False} <= set(results), check

    def test_what_is_too_much_to_be_laid_out_is_not_read(self):
        assert lines(Check.LINKS, "[a](article:nowhere) " * 2_000) == []


class FieldTests(SimpleTestCase):
    TABLE = (
        (Check.TITLE, {"title": "x" * 70}, 0),
        (Check.TITLE, {"title": "x" * 71}, 1),
        (Check.SUMMARY, {"summary": "x" * 200}, 0),
        (Check.SUMMARY, {"summary": "x" * 201}, 1),
        (Check.SUMMARY, {"summary": " "}, 1),
        (Check.SUMMARY, {"summary": "x" * 190 + " {{ days }}"}, 0),
        (Check.KEYWORDS, {"keywords": "how to"}, 0),
        (Check.KEYWORDS, {"keywords": " \n"}, 1),
        (Check.PERSONAL, {"summary": "Ask maria.lopez@mail.es"}, 1),
        (Check.PERSONAL, {"title": "What is WH-1000XM4?"}, 0),
    )

    def test_finds_what_is_wrong_in_the_other_fields(self):
        for check, fields, count in self.TABLE:
            with self.subTest(check=check, fields=fields):
                results = found(check, **fields)
                assert [len(results), *(one.field for one in results)] == [count, *fields][: count + 1]


class WordsTests(SimpleTestCase):
    def test_a_finding_says_where_it_is(self):
        (finding,) = found(Check.LINKS, body="One\n\n[a](article:nowhere)")
        assert finding.sentence == "Line 3: There is no article “article:nowhere”."

    def test_an_external_link_says_what_was_found_and_when(self):
        (finding,) = found(Check.EXTERNAL, body="[a](https://gone.example/a)")
        assert finding.words == "https://gone.example/a answered 404 on 3 May."

    def test_of_two_texts_that_link_to_each_other_one_may_go_first(self):
        assert [one.is_mild for one in found(Check.LINKS, body="[a](article:mutual)")] == [True]
        assert [one.is_mild for one in found(Check.LINKS, body="[a](article:hidden)")] == [False]

    def test_many_of_a_kind_are_counted_and_not_listed(self):
        body = "\n\n".join(f"Write to maria.lopez{number}@mail.es" for number in range(9))
        assert [one.words for one in found(Check.PERSONAL, body=body)][7:] == ["2 more of this kind."]
        body = "[a](article:mutual) " * 9 + "[b](article:nowhere)"
        links = found(Check.LINKS, body=body)
        assert ["nowhere" in one.words for one in links] == [True, *[False] * 7]
        assert [links[-1].words, links[-1].is_mild] == ["3 more of this kind.", True]


class WeightTests(SimpleTestCase):
    def test_what_readers_stumble_over_blocks_and_the_rest_advises(self):
        blocking = {check for check, weight in DEFAULTS.items() if weight == Weight.BLOCK}
        assert blocking == {Check.LINKS, Check.ANCHORS, Check.FACTS, Check.ALTERNATIVES}
        assert set(DEFAULTS) == set(Check)

    def test_a_setting_changes_one_and_leaves_the_others(self):
        weights = read_weights({"summary": "block", "links": "off"})
        assert weights == DEFAULTS | {Check.SUMMARY: Weight.BLOCK, Check.LINKS: Weight.OFF}

    def test_what_cannot_be_right_says_so(self):
        for given in ({"link": "block"}, {"links": "maybe"}):
            with self.assertRaisesMessage(ValueError, "HELPCENTER_CHECKS"):
                read_weights(given)


class HostileTests(SimpleTestCase):
    """No text makes whoever saves or publishes it wait, or the worker, which does more than that."""

    TEXTS = (
        "a" * 50_000,
        "a " * 25_000,
        "1 " * 25_000,
        "1" * 50_000,
        "a@" * 25_000,
        "```x\n" * 10_000,
        "~~~\n```\n" * 6_000,
        "`" * 50_000,
        "".join("`" * (number % 300) + " " for number in range(330)),
        "[" * 900 + "a" * 40_000,
        "[a](" * 900 + "x" * 40_000,
        "![a](" * 900 + "x" * 40_000,
        "*" * 50_000,
        "* " * 25_000,
        "-\n" * 25_000,
        "- " * 25_000 + "x",
        "x" * 49_000 + "\n---",
        "# x\n" * 190,
        "a.\n" * 16_000,
        "." + " " * 49_000 + "x",
        "| a " * 12_000,
        "{{ a }} " * 6_000,
        "<https://a.example/" * 2_000,
        "https://" * 6_000,
        "ES91 " + "2100 " * 9_000,
        "á" * 50_000,
    )

    def test_every_text_is_checked_in_reasonable_time(self):
        for body in self.TEXTS:
            text = Text(key="own", language="es", title="T", summary=body[:300], body=body, keywords=body[:20_000])
            with self.subTest(body[:12]):
                began = time.process_time()
                held = held_by(text, AROUND.facts)
                reading = time.process_time() - began
                list(checks.findings(text, held, AROUND))
                assert time.process_time() - began - reading < 1.5
