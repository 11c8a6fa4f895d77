import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search import cases
from search.evaluation import Mistake, evaluate_files


class Command(BaseCommand):
    help = (
        "Says as one JSON object how well search answers questions of which the answer is known: "
        "those of the files, or else the search cases of the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=Path, help="JSON lines: id, language, title, body, category")
        parser.add_argument("--queries", type=Path, help="JSON lines: query, expected (ids), language")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of the documents and queries")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["language"] not in settings.SEARCH_ALIASES:
            raise CommandError(f"--language must be one of {', '.join(settings.SEARCH_ALIASES)}.")
        if bool(options["documents"]) != bool(options["queries"]):
            raise CommandError("Give both --documents and --queries, or neither for the site's search cases.")
        try:
            found = self._found(options)
        except Mistake as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(json.dumps(found))

    def _found(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["documents"]:
            return evaluate_files(options["documents"], options["queries"], options["language"])
        return cases.evaluate(options["language"])
