"""The worded request's sentences: what is known fills them, and nothing known is left out."""

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from flows.wording import SHORT, Known, left_over, mistakes, sentences, short, worded

TEMPLATE = """
Order {order}, marked as delivered on {day}, has not reached me.
Order {order}, marked as delivered, has not reached me.
A parcel marked as delivered has not reached me.

It contains {item}.

I have looked here: {where}.
"""
ORDER, DAY = Known("Order number", "123-4567890"), Known("Day", "2 May 2026")

keys = st.sampled_from(["order", "day", "item", "where", "other"])
values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=400)
knowns = st.dictionaries(keys, st.builds(Known, st.sampled_from(["Label", "Word"]), values, st.booleans()))


class SentencesTests(SimpleTestCase):
    def test_the_first_line_that_can_be_filled_is_taken(self):
        assert sentences(TEMPLATE, {"order": ORDER, "day": DAY}) == [
            "Order 123-4567890, marked as delivered on 2 May 2026, has not reached me."
        ]
        assert sentences(TEMPLATE, {"order": ORDER}) == [
            "Order 123-4567890, marked as delivered, has not reached me."
        ]
        assert sentences(TEMPLATE, {}) == ["A parcel marked as delivered has not reached me."]

    def test_lines_and_full_stops_fit_into_a_sentence(self):
        known = {"where": Known("Where", "the letterbox;\n\nthe neighbours at 2B.")}
        assert sentences(TEMPLATE, known)[1] == "I have looked here: the letterbox; the neighbours at 2B."

    def test_what_customers_type_is_not_changed(self):
        known = {"where": Known("Where", "Well... nowhere?!.")}
        assert sentences(TEMPLATE, known)[1] == "I have looked here: Well... nowhere?!."

    def test_an_explanation_stands_beside_and_not_in_the_sentence(self):
        known = {"order": Known("Order number", "I cannot find it", is_said_in_words=True)}
        assert sentences(TEMPLATE, known) == ["A parcel marked as delivered has not reached me."]
        assert left_over(TEMPLATE, known) == ["Order number: I cannot find it"]

    def test_braces_that_customers_type_are_their_own(self):
        assert "{day}" in sentences(TEMPLATE, {"order": Known("Order number", "{day}")})[0]

    def test_mistakes_name_what_the_topic_does_not_ask_for(self):
        assert mistakes("{order} {gone} { spaced }", ["order"]) == ["gone"]


class WordedTests(SimpleTestCase):
    def test_says_what_happened_what_was_tried_and_what_is_asked_for(self):
        known = {"order": ORDER, "other": Known("Seller", "Hilo")}
        text = worded(TEMPLATE, known, ["Ask next door: not there"], "I have tried:", "Please find it.")
        assert text == (
            "Order 123-4567890, marked as delivered, has not reached me.\n\nSeller: Hilo\n\n"
            "I have tried:\n– Ask next door: not there\n\nPlease find it."
        )

    @given(knowns)
    def test_nothing_that_is_known_is_left_out(self, known):
        text = worded(TEMPLATE, known, [], "", "")
        for detail in known.values():
            assert all(line.strip(" ;") in text for line in detail.value.splitlines() if line.strip())

    @given(knowns, st.text(max_size=400))
    def test_the_short_one_is_never_too_long(self, known, remedy):
        assert len(short(TEMPLATE, known, remedy)) <= SHORT

    def test_the_short_one_has_whole_sentences_and_the_remedy(self):
        known = {"order": ORDER, "item": Known("Item", "x" * 280), "where": Known("Where", "everywhere")}
        assert short(TEMPLATE, known, "Please find it.") == (
            "Order 123-4567890, marked as delivered, has not reached me. "
            "I have looked here: everywhere. Please find it."
        )
