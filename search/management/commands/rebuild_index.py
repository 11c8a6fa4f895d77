from argparse import ArgumentParser
from typing import Any

from search.management.indexing import IndexCommand
from search.worker import rebuild


class Command(IndexCommand):
    help = "Builds every search index anew, beside the one that is asked meanwhile; a kill changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--noinput", action="store_true", help="changes nothing: nothing is asked anyway")

    def handle(self, *args: Any, **options: Any) -> None:
        for backend in self.chosen(options):
            rebuild(backend)
            self.say(backend, "rebuilt", options)
