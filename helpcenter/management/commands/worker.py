from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpcenter import var
from helpcenter.worker import work_through, work_until_stopped


class Command(BaseCommand):
    help = "Does what is due: mails, the search index, what is too old to keep. Runs until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="what is due now, for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        if said := var.why_unusable():
            raise CommandError(said)  # else each duty would fail by itself, and make what it needs there
        if options["once"]:
            work_through()
        else:
            work_until_stopped()
