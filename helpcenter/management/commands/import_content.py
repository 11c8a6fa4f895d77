from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.contentfiles import Mistake
from helpcenter.content import import_folder


class Command(BaseCommand):
    help = "Loads a folder of content files (docs/content-files.md): all of it, or nothing and what is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        warnings: list[Mistake] = []
        if mistakes := import_folder(folder.resolve(), warnings):
            lines = "\n".join(str(mistake) for mistake in mistakes)
            raise CommandError(f"Nothing was loaded. Mend this first:\n{lines}")
        for warning in warnings:
            self.stderr.write(self.style.WARNING(f"Warning: {warning}"))
        self.stdout.write(f"Loaded {folder}.")
