"""How long the checks of one text take, on the help center as it is and on what is left of it with 50 articles.

In the processor's own time: the two sizes are measured one after the other, on a machine that does more.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.findings import Text
from articles.inspecting import inspect
from articles.models import Article, Translation
from search import worker

from . import corpus
from .figures import Figure

FEW = 50
MOST_QUERIES, MOST_GROWTH = 12, 1.5
LINKED = 5  # articles, each in a part of it


def report(size: int, times: int) -> None:
    """Milliseconds and queries of a check, with all that a text can hold; afterwards few articles are left."""
    settings.CHECK_LINKS = True
    text = _text()
    lines = [(size, *_measure(text, times))]
    if size > FEW:
        _shrink()
        lines.append((FEW, *_measure(text, times)))
    print("\nchecks of one text")
    for count, milliseconds, queries in lines:
        verdict = Figure(queries, most=MOST_QUERIES).verdict
        print(f"{f'with {count} articles':36}{milliseconds:9.1f} ms{queries:6} queries  {verdict}")
    if len(lines) == 2:
        ratio = lines[0][1] / lines[1][1]
        verdict = Figure(ratio, most=MOST_GROWTH).verdict
        print(f"{f'with {size} as with {FEW}':36}{ratio:9.2f} × as long  {verdict}")


def _text() -> Text:
    """One of the generated texts of usual length, with links of every kind."""
    bench = Translation.objects.filter(article__key__startswith="bench-").order_by("pk")
    body = min(bench[:FEW], key=lambda found: abs(len(found.body.split()) - corpus.USUAL_LENGTH)).body
    links = [f"[part](article:bench-{number}#s-part)" for number in range(1, LINKED + 1)]
    links += ["[a](flow:parcel-says-delivered)", "![A plug.](image:none.png)", "<https://e.example/>"]
    body = f"{body}\n\n{' '.join(links)} {{{{ return_days }}}}"
    return Text(key="new", language=corpus.LANGUAGE, title=bench[0].title, summary="S", body=body)


def _measure(text: Text, times: int) -> tuple[float, int]:
    """The median and the number of queries, after a warm-up."""
    check = partial(inspect, [text])
    check()
    with CaptureQueriesContext(connection) as queries:
        check()
    return statistics.median(_processor_time(check) for _time in range(times)) * 1000, len(queries)


def _processor_time(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _shrink() -> None:
    gone = Article.objects.filter(key__startswith="bench-", position__gt=FEW)
    Translation.objects.filter(article__in=gone).delete()
    gone.delete()
    worker.compare(every=0)
