"""What the commands that write the indexes share."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from search.engine import Backend, backend_of


class IndexCommand(BaseCommand):
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=list(settings.SEARCH_ALIASES), help="this language's index only")

    def chosen(self, options: dict[str, Any]) -> list[Backend]:
        languages = [options["language"]] if options["language"] else settings.SEARCH_ALIASES
        return [backend_of(code) for code in languages]

    def say(self, backend: Backend, what: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(f"{backend.language}: {what}, {backend.generation().count} documents.")
