"""Search beside other engines in the same run: times in milliseconds, and as multiples of theirs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings

from articles.models import Translation
from search import results, worker
from search.analysis import Question, replaced, terms
from search.engine import backend_of
from search.expansion import corrections
from search.generation import Generation, forget

from . import corpus, rivals
from .figures import Figure
from .measure import QUESTIONS, WARM_UP, Line, queries, timed
from .typos import misspelt

FEW = 500  # articles that growth is measured against
STOCK_QUERIES = 10  # each may take a second
TYPOS = 96
SEED = 7

Row = tuple[str, Figure]


@dataclass(frozen=True)
class Times:
    """Milliseconds by the clock on the wall, and of the processor alone: equal where nobody else is at work."""

    wall: Line
    processor: Line

    def at(self, share: float, **limit: float) -> Figure:
        return Figure(self.wall.at(share), processor=self.processor.at(share), **limit)

    def over(self, other: Times, **limit: float) -> Figure:
        """The usual time as a multiple of the other one's."""
        processor = self.processor.at(0.5) / other.processor.at(0.5)
        return Figure(self.wall.at(0.5) / other.wall.at(0.5), processor=processor, **limit)


def report(size: int, times: int) -> None:
    """The table is printed.  The site has the demo and that many generated articles, and an index of them."""
    print(f"{'search (wanted at 5,000 articles)':56}{'wall':>9}{'processor':>11}  wanted")
    for name, figure in _figures(size, times):
        print(f"{name:56}{figure.value:9.2f}{figure.beside:>11}  {figure.verdict}".rstrip())
    print()


def _figures(size: int, times: int) -> Iterator[Row]:
    asked = queries(QUESTIONS * times)
    with tempfile.TemporaryDirectory(prefix="helpcenter-rivals-") as place:
        yield from _beside_others(asked, Path(place))
    suggestion = _times(lambda begun: results.suggest(begun, corpus.LANGUAGE), _beginnings(asked))
    yield "suggestion, p50 ms", suggestion.at(0.5)
    yield "suggestion, p95 ms", suggestion.at(0.95, most=10)
    yield from _corrected(asked)
    yield "memory of a web process, MB", Figure(_memory(asked), most=300)
    yield from _rebuilt(size)


def _beside_others(asked: Sequence[str], place: Path) -> Iterator[Row]:
    found = rivals.texts()
    fts5 = _times(rivals.Fts5(place, found).ask, asked)
    forget()
    impacts = backend_of(corpus.LANGUAGE).generation().impacts
    cold = _times(rivals.ask, asked, before=impacts.clear)
    warm = _times(rivals.ask, asked)
    yield "SQLite FTS5, p50 ms", fts5.at(0.5)
    yield "SQLite FTS5, p95 ms", fts5.at(0.95)
    yield "ours, every term new, p50 ms", cold.at(0.5)
    yield "ours, every term new, p95 ms", cold.at(0.95, most=20)
    yield "ours, every term new, p50 as × FTS5", cold.over(fts5, most=8)
    yield "ours, warm, p50 ms", warm.at(0.5)
    yield "ours, warm, p95 ms", warm.at(0.95)
    yield "ours, warm, p50 as × FTS5", warm.over(fts5, most=4)
    if tantivy := rivals.tantivy(found):
        fast = _times(tantivy.ask, asked)
        yield "tantivy, p50 ms", fast.at(0.5)
        yield "ours, every term new, p50 as × tantivy", cold.over(fast)
    few = asked[:STOCK_QUERIES]
    stock = _times(rivals.Stock(place).ask, few, warm_up=1)
    same = _times(rivals.ask, few, before=impacts.clear)
    yield f"stock Haystack + Whoosh, {len(few)} queries, p50 ms", stock.at(0.5)
    yield "ours, every term new, the same queries, × faster", stock.over(same, least=100)


def _times(
    ask: Callable[[str], object],
    asked: Sequence[str],
    *,
    before: Callable[[], object] = lambda: None,
    warm_up: int = WARM_UP,
) -> Times:
    """How long each question takes."""
    for question in asked[:warm_up]:
        ask(question)
    wall: list[float] = []
    processor: list[float] = []
    for question in asked:
        before()
        for times, took in zip((wall, processor), _timed(partial(ask, question)), strict=True):
            times.append(took * 1000)
    return Times(Line("wall", sorted(wall)), Line("processor", sorted(processor)))


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    began = time.process_time()
    wall = timed(act)
    return wall, time.process_time() - began


def _beginnings(asked: Sequence[str]) -> list[str]:
    """What stands in the box while somebody types these."""
    chance = random.Random(SEED)
    return [question[: chance.randint(results.FROM_LETTERS, 12)] for question in asked]


def _corrected(asked: Sequence[str]) -> Iterator[Row]:
    generation = backend_of(corpus.LANGUAGE).generation()
    slips, others = _slips(asked, generation)

    def correct(typed: str) -> str:
        return replaced(typed, corrections(generation, Question.of(typed, corpus.LANGUAGE), ()))

    correcting = _times(correct, [typed for _meant, typed in slips])
    right = sum(_is_same(correct(typed), meant) for meant, typed in slips)
    yield "correcting a misspelt query, p50 ms", correcting.at(0.5, most=1)
    yield "correcting a misspelt query, p95 ms", correcting.at(0.95)
    yield f"corrected right, of {len(slips)}", Figure(right, least=93)
    yield "slips on the way that are words of the corpus themselves", Figure(others)


def _is_same(one: str, other: str) -> bool:
    return terms(one, corpus.LANGUAGE) == terms(other, corpus.LANGUAGE)


def _slips(asked: Sequence[str], generation: Generation) -> tuple[list[tuple[str, str]], int]:
    """Questions with what was typed for them; how many were left out, as all that was typed are known words."""
    chance, slips, others = random.Random(SEED), [], 0
    for meant in [*asked, *asked]:
        typed = misspelt(meant, chance)
        if typed == meant:
            continue
        if all(map(generation.knows, terms(typed, corpus.LANGUAGE))):
            others += 1
        elif len(slips) < TYPOS:
            slips.append((meant, typed))
        else:
            break
    return slips, others


def _memory(asked: Sequence[str]) -> float:
    """The peak of a fresh process that has opened the index and answered these, in megabytes."""
    command = [sys.executable, "-m", "benchmarks.memory"]
    given = json.dumps(asked)
    done = subprocess.run(command, input=given, capture_output=True, text=True, cwd=settings.BASE_DIR, check=False)
    if done.returncode:
        sys.exit(f"The process of which the memory was to be measured failed:\n{done.stderr}")
    return float(done.stdout)


def _rebuilt(size: int) -> Iterator[Row]:
    """All that `rebuild_index` does for one language, related articles too."""
    few = min(FEW, max(1, size // 2))
    made = Translation.objects.filter(article__key__startswith="bench-")
    made.filter(article__position__gt=few).update(published_at=None)
    short, of_few = _rebuild()
    made.update(published_at=corpus.PUBLISHED)
    long, of_all = _rebuild()
    yield f"rebuild of {of_few}, s", short.at(0.5)
    yield f"rebuild of {of_all}, s", long.at(0.5, most=30)
    grown = long.over(short)
    share = of_few / of_all
    yield (
        "its growth: time for each text, × that of the few",
        Figure(grown.value * share, most=1, processor=(grown.processor or 0.0) * share),
    )


def _rebuild() -> tuple[Times, int]:
    backend, counts = backend_of(corpus.LANGUAGE), list[int]()
    wall, processor = _timed(lambda: counts.append(worker.rebuild(backend)))
    return Times(Line("wall", [wall]), Line("processor", [processor])), counts[0]
