"""A help center of any size, the same every time: words by Zipf's law, lengths like those of real articles."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate

from articles.models import Article, Category, Translation

SEED = 20_260_901
LANGUAGE = "en"
CATEGORIES = 24
VOCABULARY = 12_000
USUAL_LENGTH = 320  # words; the median of a lognormal distribution
SPREAD = 0.55
SYLLABLES = [first + vowel for first in "bcdfglmnprstv" for vowel in ("a", "e", "i", "o", "u", "an", "er", "is")]
PUBLISHED = datetime(2026, 9, 1, 9, tzinfo=UTC)


class Words:
    """Made-up words, the n-th of which comes up about 1/n as often as the first."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.known = self._vocabulary()
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        # Titles name things: the most frequent words, which are the small ones, are rarer in them.
        self._title_weights = list(accumulate(1 / (rank + 200) for rank in range(1, VOCABULARY + 1)))

    def _vocabulary(self) -> list[str]:
        """The most frequent words first, which are the short ones, as in any language."""
        made: dict[str, None] = {}
        while len(made) < VOCABULARY:
            made["".join(self.chance.choices(SYLLABLES, k=self.chance.randint(1, 4)))] = None
        return sorted(made, key=lambda word: len(word) * self.chance.uniform(0.5, 2))

    def some(self, count: int) -> list[str]:
        return self.chance.choices(self.known, cum_weights=self._weights, k=count)

    def title(self) -> list[str]:
        return self.chance.choices(self.known, cum_weights=self._title_weights, k=self.chance.randint(3, 7))


def make(size: int, prefix: str = "bench") -> None:
    """The database holds that many published articles more, in 24 categories of the home page."""
    chance = random.Random(SEED)
    words = Words(chance)
    categories = [
        Category.objects.create(name={LANGUAGE: f"Category {number}"}, slug=f"{prefix}-{number}", position=number)
        for number in range(1, CATEGORIES + 1)
    ]
    articles = Article.objects.bulk_create(
        Article(key=f"{prefix}-{number}", category=chance.choice(categories), position=number)
        for number in range(1, size + 1)
    )
    Translation.objects.bulk_create((_translation(article, words) for article in articles), batch_size=200)


def titles(count: int) -> list[str]:
    """Titles of articles made above, drawn at random."""
    found = Translation.objects.filter(article__key__startswith="bench-").order_by("pk")
    return random.Random(SEED).choices(list(found.values_list("title", flat=True)), k=count)


def _translation(article: Article, words: Words) -> Translation:
    length = round(words.chance.lognormvariate(math.log(USUAL_LENGTH), SPREAD))
    blocks = list(_blocks(words, max(40, min(length, 3000))))
    return Translation(
        article=article,
        language=LANGUAGE,
        title=" ".join(words.title()).capitalize(),
        slug=article.key,
        summary=_sentence(words, 18)[:300],
        body="\n\n".join(blocks),
        keywords="\n".join(" ".join(words.title()) for _line in range(3)),
        published_at=PUBLISHED,
    )


def _blocks(words: Words, length: int) -> Iterator[str]:
    """Paragraphs with a heading and a list now and then, as many words as asked for."""
    written = 0
    while written < length:
        count = min(words.chance.randint(30, 70), length - written)
        if written and words.chance.random() < 0.4:
            yield f"## {' '.join(words.title()).capitalize()}"
        if written and words.chance.random() < 0.3:
            yield "\n".join(f"{item}. {_sentence(words, max(1, count // 4))}" for item in range(1, 5))
        else:
            yield _sentence(words, max(1, count // 2)) + " " + _sentence(words, max(1, count - count // 2))
        written += count


def _sentence(words: Words, count: int) -> str:
    return f"{' '.join(words.some(count)).capitalize()}."
