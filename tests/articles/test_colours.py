"""Whatever colour somebody chooses, what is written in it and on it can be read."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import SimpleTestCase
from hypothesis import example, given
from hypothesis import strategies as st

from articles import colours
from articles.colours import GROUNDS, contrast, palette

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


class ContrastTests(SimpleTestCase):
    @given(COLOURS)
    @example("#000000")
    @example("#ffffff")
    @example("#ffff00")
    @example("#0a5a4a")
    @example("#777777")
    def test_of_words_is_enough_in_both_schemes(self, accent: str):
        for scheme, grounds in GROUNDS.items():
            made = palette(accent, scheme)
            for ground in grounds:
                assert contrast(made.link, ground) >= 4.5, (scheme, made)
                assert contrast(made.link_hover, ground) >= 4.5, (scheme, made)
            for surface in (made.accent, made.accent_hover):
                assert contrast(made.on_accent, surface) >= 4.5, (scheme, made)

    def test_is_counted_as_wcag_counts(self):
        assert contrast("#000000", "#ffffff") == 21
        assert round(contrast("#767676", "#ffffff"), 2) == 4.54
        assert round(contrast("#777777", "#ffffff"), 2) == 4.48

    def test_a_colour_that_can_be_read_stays_as_it_is(self):
        assert palette("#0a5a4a", "light").accent == palette("#0a5a4a", "light").link == "#0a5a4a"
        assert palette("#0a5a4a", "dark").link != "#0a5a4a"
        assert palette("#ffcc00", "light").accent == "#ffcc00"  # its edge is dark enough

    def test_the_grounds_are_those_of_the_stylesheet(self):
        css = (settings.BASE_DIR / "static/css/site.css").read_text()
        light, dark = css.split("prefers-color-scheme: dark", 1)
        names = ("paper", "surface", "tint", "error-tint", "notice-tint", "tip-tint")
        for scheme, text in (("light", light), ("dark", dark)):
            found = [re.search(rf"--{name}: (#\w+);", text)[1] for name in names]
            assert tuple(found) == GROUNDS[scheme]

    def test_the_stylesheet_says_nothing_but_the_colours(self):
        text = colours.stylesheet("#0a5a4a")
        declared = re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", text)
        assert len(declared) == 10
        left = re.sub(r"--[\w-]+: #[0-9a-f]{6};|\s", "", text)
        assert left == "@mediascreen{:root{}}@mediascreenand(prefers-color-scheme:dark){:root{}}"
