from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from flows.models import Flow


class Command(BaseCommand):
    help = "Shows a flow as text: the version that customers walk, else its draft."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="the language of its labels")

    def handle(self, *args: Any, **options: Any) -> None:
        flow = Flow.objects.select_related("published_version").filter(slug=options["slug"]).first()
        version = flow and (flow.published_version or flow.draft_version)
        if not flow or not version:
            raise CommandError(f"There is no flow “{options['slug']}” with steps.")
        title = flow.title.localize(options["language"])
        self.stdout.write(f"{title} (version {version.number})\n\n{version.graph().outline(options['language'])}")
