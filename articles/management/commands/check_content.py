import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from articles.inspecting import Report, inspect, text_of
from articles.models import Translation

AT_ONCE = 100  # texts


class Command(BaseCommand):
    help = "Checks every published text as before publishing; ends with 1 where something would stop it."

    @override(settings.LANGUAGE_CODE)
    def handle(self, *args: Any, **options: Any) -> None:
        texts = blocking = advising = 0
        for report in _reports():
            texts += 1
            blocking += len(report.blocking)
            advising += len(report.advising)
            for line in _lines(report):
                self.stdout.write(line)
        self.stdout.write(f"{texts} texts, {blocking} findings that stop publishing, {advising} pieces of advice.")
        if blocking:
            sys.exit(1)


def _reports() -> Iterator[Report]:
    published = Translation.objects.published().select_related("article").order_by("article__key", "language")
    rows = published.iterator(chunk_size=AT_ONCE)
    while some := [text_of(row) for row in islice(rows, AT_ONCE)]:
        yield from inspect(some)


def _lines(report: Report) -> Iterator[str]:
    for mark, found in [*(("!", one) for one in report.blocking), *((" ", one) for one in report.advising)]:
        place = f"{report.text.key}.{report.text.language}:{found.field}" + (
            f":{found.line}" if found.line else ""
        )
        yield f"{mark} {place}: [{found.check}] {found.words}"
