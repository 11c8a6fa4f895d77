"""`make bench` runs: nobody else would notice that it does not."""

import json
import subprocess
import sys

from django.conf import settings

SETS = {
    "shop/documents.jsonl": [
        {"id": "a", "title": "Return a parcel", "body": "Print the label.", "language": "en"},
        {"id": "b", "title": "Ask for a refund", "body": "The bank takes days.", "language": "en"},
    ],
    "shop/queries.jsonl": [{"query": "parcel label", "expected": ["a"], "language": "en"}],
    "elsewhere/queries.jsonl": [{"query": "who invented the violin", "expected": [], "language": "en"}],
}


def test_bench_prints_its_tables_at_a_small_size(tmp_path):
    for name, rows in SETS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks", "--size", "30", "--times", "5", "--relevance", str(tmp_path)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in (
        *("article page", "contact: send (mail server down)", "SQLite FTS5, p50 ms", "ours, warm, p50 as × FTS5"),
        *("stock Haystack + Whoosh", "suggestion, p95 ms", "corrected right", "memory of a web process, MB"),
        *("checks of one text", "with 30 articles"),
        *("its growth", "elsewhere (en): honest page, asked of the demo", "shop (en): recall@5 lost by typos"),
    ):
        assert line in done.stdout, line
