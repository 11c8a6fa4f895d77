import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from search.evaluation import Mistake, evaluate_files


class Command(BaseCommand):
    help = "Says as one JSON object how well search answers questions of which the answer is known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=Path, help="JSON lines: id, language, title, body, category")
        parser.add_argument("--queries", type=Path, help="JSON lines: query, expected (ids), language")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of the documents and queries")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["language"] not in settings.SEARCH_ALIASES:
            raise CommandError(f"--language must be one of {', '.join(settings.SEARCH_ALIASES)}.")
        try:
            found = evaluate_files(options["documents"], options["queries"], options["language"])
        except Mistake as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(json.dumps(found))
