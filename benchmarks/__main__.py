"""`make bench`: how long the pages take on a help center of a given size, in one process, without a network.

Search is asked the same questions as SQLite FTS5, stock Haystack + Whoosh and, if it is installed, tantivy; with
`--relevance` also questions of which the answer is known. The checks of a text are measured on the whole site, and
on what is left of it with 50 articles.

Everything is written to a temporary folder that is deleted afterwards. Times depend on the machine, so each is
also given as a multiple of the article page's; nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", type=int, default=5000, help="articles to generate (5000)")
    parser.add_argument("--relevance", type=Path, help="a folder of sets: */documents.jsonl and */queries.jsonl")
    parser.add_argument("--times", type=int, default=100, help="that each page is asked for (100)")
    options = parser.parse_args()
    if min(options.size, options.times) < 1:
        parser.error("--size and --times must be at least 1")
    if options.relevance and not options.relevance.is_dir():
        parser.error(f"{options.relevance} is no folder")
    with tempfile.TemporaryDirectory(prefix="helpcenter-bench-") as place:
        set_up(Path(place))
        _run(options.size, options.times, options.relevance)


def _run(size: int, times: int, sets: Path | None) -> None:
    from . import checks, measure, relevance, search  # only now: they import models

    measure.run(size, times)
    search.report(size, times)
    if sets:
        relevance.report(sets)
    checks.report(size, times)


def set_up(place: Path, **more: str) -> None:
    """The site's own settings, but in this place, on SQLite, and with a mail server that nobody answers at."""
    for name in [name for name in os.environ if name.startswith("HELPCENTER_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "helpcenter.settings",
        "HELPCENTER_VAR": str(place),
        "HELPCENTER_SECRET_KEY": "only-for-the-bench-" + "k" * 40,
        "HELPCENTER_FASTEST_REQUEST": "0",
        "HELPCENTER_REQUESTS_PER_EMAIL": "1000000",
        "HELPCENTER_EMAIL_URL": "smtp://127.0.0.1:9",
        **more,
    }
    django.setup()


if __name__ == "__main__":
    main()
