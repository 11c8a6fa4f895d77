import re
import time

import pytest
from django.test import SimpleTestCase, TestCase

from search.analysis import terms
from search.snippets import LENGTH, marked, readable, snippet
from tests.factories import make_fact, make_translation

from .steps import page, run_worker

HOSTILE = '<img src=x onerror=alert(1)> & "parcel" <b>parcel</b> <i>tail'


def mark(text, question, language="en"):
    return marked(text, set(terms(question, language)), language)


class MarkTests(SimpleTestCase):
    def test_marks_every_form_of_a_word_as_it_was_written(self):
        assert mark("Refunds: we REFUNDED it", "refund") == "<mark>Refunds</mark>: we <mark>REFUNDED</mark> it"
        assert mark("La devolución", "devoluciones", "es") == "La <mark>devolución</mark>"

    def test_marks_a_word_with_a_combining_accent(self):
        assert mark("La devolucio\u0301n", "devolucion", "es") == "La <mark>devolución</mark>"

    def test_escapes_first_and_marks_after(self):
        html = mark(HOSTILE, "parcel img onerror")
        assert html.count("<mark>") == html.count("</mark>") == 4
        assert "<" not in html.replace("<mark>", "").replace("</mark>", "")

    def test_an_escape_is_never_cut_by_a_mark(self):
        assert mark("a &amp; b", "amp") == "a &amp;<mark>amp</mark>; b"

    def test_control_marking_before_escaping_would_be_noticed(self):
        html = re.sub("parcel", "<mark>parcel</mark>", HOSTILE)
        assert "<" in html.replace("<mark>", "").replace("</mark>", "")


class SnippetTests(SimpleTestCase):
    def shown(self, summary, body, question):
        return snippet(summary, readable(body), set(terms(question, "en")), "en")

    def test_prefers_the_summary(self):
        assert self.shown("A parcel.", "Another parcel.", "parcel") == "A <mark>parcel</mark>."

    def test_shows_the_line_of_the_body_with_more_of_the_words(self):
        assert self.shown("A parcel.", "First.\n\nThe parcel is lost.", "lost parcel") == (
            "The <mark>parcel</mark> is <mark>lost</mark>."
        )

    def test_shows_the_summary_when_nothing_matches(self):
        assert self.shown("A parcel.", "Body.", "zebra") == "A parcel."

    def test_a_long_line_is_cut_around_the_word(self):
        html = self.shown("", "before " * 200 + "needle " + "after " * 200, "needle")
        assert "<mark>needle</mark>" in html
        assert html.startswith("…")
        assert html.endswith("…")
        assert len(html) < LENGTH + 40

    def test_a_line_without_spaces_is_cut_too(self):
        assert len(self.shown("x" * 5000, "", "zebra")) <= LENGTH + 1

    def test_markup_is_not_shown(self):
        body = (
            "## A heading\n\n"
            "1. Step with [a link](article:key) and **bold** `code`\n"
            '!!! tip "Mind this"\n    Indented.\n\n'
            "| a | b |\n|---|---|\n| c | d |\n\n![Picture](image:x.png)\n"
        )
        assert readable(body) == (
            "A heading\nStep with a link and bold code\nMind this\nIndented.\na · b\nc · d\nPicture"
        )


class HostileContentTests(TestCase):
    """The page as a whole: nothing that an editor writes becomes markup."""

    def test_hostile_texts_stay_text(self):
        make_fact("evil", phrase={"en": "<script>alert('parcel')</script>"})
        make_translation(title=HOSTILE, summary=HOSTILE, keywords=HOSTILE, body=HOSTILE)
        make_translation(title="Parcel", summary="", body="parcel <img src=x onerror=y> {{ evil }} parcel <b")
        run_worker()
        html = page("parcel onerror")
        assert html.count("<mark>onerror</mark>") == 2
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert "&lt;img src=x" in html

    def test_facts_are_filled_in(self):
        make_fact("days", 41)
        make_translation(title="Parcel", summary="A parcel has {{ days }} days.")
        run_worker()
        assert "A <mark>parcel</mark> has 41 days." in page("parcel")


HOSTILE_BODIES = ["*" * 20_000, "[" * 20_000, "`" * 20_000, "_" * 20_000, " " * 20_000 + "x", "|-" * 10_000]
HOSTILE_BODIES += ["![[" * 6_000, "![a](" * 4_000, "\n" * 20_000, "a" + "_" * 19_000 + "a"]


@pytest.mark.parametrize("text", HOSTILE_BODIES)
def test_reading_a_hostile_body_takes_no_time(text):
    began = time.perf_counter()
    readable(text)
    assert time.perf_counter() - began < 0.5
