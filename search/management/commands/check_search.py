import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from search.engine import backends
from search.health import Figures, figures


class Command(BaseCommand):
    help = "Says how the search indexes are, for monitoring; ends with 1 where one is not what is published."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", type=int, default=0, help="texts that may not be indexed yet (0)")
        parser.add_argument("--json", action="store_true", help="the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = [figures(backend) for backend in backends()]
        problems = [problem for each in found for problem in _problems(each, options["missing"])]
        if options["json"]:
            rows = {each.language: asdict(each) for each in found}
            self.stdout.write(json.dumps({"ok": not problems, "indexes": rows, "problems": problems}))
        else:
            self.stdout.write("\n".join([*map(_summary, found), *problems]))
        if problems:
            sys.exit(1)


def _summary(found: Figures) -> str:
    if not found.generation:
        return f"{found.language}: no index yet."
    return (
        f"{found.language}: {found.indexed} of {found.published} indexed, generation {found.generation}, "
        f"{found.age_seconds} s old, {found.size_bytes / 1e6:.1f} MB, {found.pending} changes pending."
    )


def _problems(found: Figures, missing: int) -> Iterator[str]:
    if not found.generation:
        yield f"{found.language}: there is no index. Is the worker running? `manage.py rebuild_index` makes one."
    elif not found.is_readable:
        yield f"{found.language}: the index is damaged. The worker mends it within a minute."
    elif found.missing > missing:
        yield f"{found.language}: {found.missing} published texts are not in the index as they are now."
    if found.surplus:
        yield f"{found.language}: {found.surplus} texts in the index are not published; they are never shown."
