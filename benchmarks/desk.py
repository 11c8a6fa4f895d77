"""`python -m benchmarks.desk`: the desk's list and first page with 50 and with 5,000 articles, in one process.

The site has something of everything the pages show: owners, drafts, newer revisions under review, outdated
translations, what is planned, searches without an answer.  Times depend on the machine; what is wanted is at most
12 queries and at most 1.5 times the time.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from .__main__ import set_up
from .figures import Figure

MOST_QUERIES, MOST_TIMES = 12, 1.5


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs=2, default=(50, 5000), metavar=("FEW", "MANY"))
    parser.add_argument("--times", type=int, default=30, help="that each page is asked for (30)")
    options = parser.parse_args()
    measured = []
    with tempfile.TemporaryDirectory(prefix="helpcenter-bench-") as place:
        set_up(Path(place))
        from . import deskpages  # only now: it imports models

        for size in options.sizes:
            deskpages.grow(size)
            measured.append(deskpages.measure(options.times))
    few, many = measured
    print("A filtered list is measured against the whole list of the same size.")
    print(f"\n{'':46}{options.sizes[0]:>8}{options.sizes[1]:>9} articles, median ms\n")
    for name, (before, _queries) in few.items():
        after, queries = many[name]
        if name in deskpages.FILTERED:  # of few articles it shows few rows; beside the whole list it shows as many
            before = many["list of articles"][0]
        times, count = Figure(after / before, most=MOST_TIMES), Figure(queries, most=MOST_QUERIES)
        said = f"× {times.value:.2f} ({times.verdict}), {queries} queries ({count.verdict})"
        print(f"{name:46}{before:8.1f}{after:9.1f}  {said}")


if __name__ == "__main__":
    main()
