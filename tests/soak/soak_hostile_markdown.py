"""Thousands of texts made of hostile pieces, each rendered and read back by a parser (X1, without the browser)."""

import random

from django.test import TestCase

from articles.markdown import render
from tests.articles.test_markdown_rendering import dangers
from tests.hostile import HOSTILE_MARKDOWN

TEXTS = 20_000
GLUE = [
    "",
    " ",
    "\n",
    "\n\n",
    "](",
    "[",
    "<",
    ">",
    "`",
    '"',
    "'",
    "\n    ",
    "\n> ",
    "\n- ",
    "|",
    "{{",
    "}}",
    "\x00",
    "&#",
]


class FuzzTests(TestCase):
    def test_no_mixture_leaves_anything_that_could_run(self):
        chance = random.Random(7)
        for number in range(TEXTS):
            pieces = [cut(chance, chance.choice(HOSTILE_MARKDOWN)) for _ in range(chance.randint(1, 5))]
            text = "".join(piece + chance.choice(GLUE) for piece in pieces)
            assert dangers(str(render(text, "en").html)) == [], (number, text)
        print(f"{TEXTS} mixtures rendered, 0 with anything that could run")  # noqa: T201


def cut(chance: random.Random, text: str) -> str:
    start = chance.randrange(len(text))
    return text[start:] if chance.random() < 0.5 else text[: start + 1]
