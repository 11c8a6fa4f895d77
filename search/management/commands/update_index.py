from argparse import ArgumentParser
from typing import Any

from search.management.indexing import IndexCommand
from search.worker import update


class Command(IndexCommand):
    help = "Compares every search index with what is published, and mends the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--remove", action="store_true", help="changes nothing: what is gone is removed anyway"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for backend in self.chosen(options):
            with backend.folder.locked():
                update(backend)
            self.say(backend, "up to date", options)
