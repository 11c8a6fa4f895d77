"""The difference of two texts is what a person would mark."""

import time

from django.template.loader import render_to_string
from django.test import SimpleTestCase

from articles import compare


def marked(old: str, new: str) -> str:
    """In one text: what is gone in brackets, what is new in braces."""
    signs = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    return "\n".join(
        "…" if row.is_gap else "".join(signs[piece.kind].format(piece.text) for piece in row.both)
        for row in compare.rows(old, new)
    )


class DifferenceTests(SimpleTestCase):
    def test_marks_words(self):
        assert marked("Within 30 days.", "Within 14 days.") == "Within [30]{14} days."

    def test_equal_texts_have_none(self):
        assert compare.rows("Same.\n", "Same.\n") == []

    def test_lines_that_come_and_go(self):
        assert marked("One\nTwo\nThree", "One\nThree\nFour") == "One\n[Two]\nThree\n{Four}"

    def test_far_lines_are_left_out(self):
        old = "\n".join(f"Line {number}" for number in range(20))
        assert marked(old, old.replace("Line 10", "Row 10")).splitlines()[0] == "…"
        assert len(compare.rows(old, old.replace("Line 10", "Row 10"))) == 7

    def test_a_line_is_whole_on_its_own_side(self):
        for old, new in (("a b c", "b x c d"), ("", "new"), ("gone", ""), ("a  b", "a b")):
            for row in compare.rows(old, new):
                assert "".join(piece.text for piece in row.old) == old
                assert "".join(piece.text for piece in row.new) == new

    def test_is_escaped_where_it_is_shown(self):
        rows = compare.rows("<script>old()</script>", "<script>new()</script>")
        for view in ("side", "inline"):
            html = render_to_string(
                "admin/_difference.html", {"rows": rows, "view": view, "old_title": "a", "new_title": "b"}
            )
            assert "<script>" not in html
            assert "&lt;script" in html.replace("&lt;</del>", "&lt;") or "&lt;" in html
            assert "<ins>" in html and "<del>" in html

    def test_the_largest_texts_take_no_second(self):
        for old, new in (
            ("a b " * 12_000, "b a " * 12_000),
            ("x\n" * 25_000, "y\n" * 25_000),
            ("x\ny\n" * 900, "y\nx\n" * 900),
            ("word " * 1_400, "other " * 1_400),
        ):
            started = time.perf_counter()
            compare.rows(old, new)
            assert time.perf_counter() - started < 1.0

    def test_nothing_that_repeats_takes_long(self):
        """A blank line between all that was rewritten was once compared with every other: 50 seconds."""
        for old, new in (
            ("a\n\n" * 900, "b\n\n" * 900),
            ("".join(f"old {n}\n|---|\n" for n in range(900)), "".join(f"new {n}\n|---|\n" for n in range(900))),
            (
                (" ".join(f"o{n}" for n in range(700)) + "\n") * 12,
                (" ".join(f"n{n}" for n in range(700)) + "\n") * 12,
            ),
        ):
            started = time.perf_counter()
            assert any(row.has_changed for row in compare.rows(old, new))
            assert time.perf_counter() - started < 1.0

    def test_spaces_and_blank_lines_stay_beside_their_words(self):
        assert marked("One two three.", "One 2 three.") == "One [two]{2} three."
        assert marked("A\n\nB\n\nC", "A\n\nC") == "A\n\n[B]\n[]\nC"
        assert marked("A B", "A  B") == "A[ ]{  }B"
