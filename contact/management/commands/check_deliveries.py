import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from contact.health import Figures, figures


class Command(BaseCommand):
    help = "Says how the deliveries are, for monitoring; ends with 1 where one of the figures is over its limit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        limits = parser.add_argument_group("limits")
        limits.add_argument("--oldest", type=int, default=15, help="minutes that one may wait (15)")
        limits.add_argument("--failed", type=int, default=5, help="that may have failed (5)")
        limits.add_argument("--quarantined", type=int, default=0, help="that may be in quarantine (0)")
        limits.add_argument("--lost", type=int, default=0, help="mails to support that may never leave (0)")
        parser.add_argument("--hours", type=int, default=24, help="how far back what is over is counted (24)")
        parser.add_argument("--json", action="store_true", help="the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = figures(timezone.now(), timedelta(hours=options["hours"]))
        problems = list(_problems(found, options))
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not problems, **asdict(found), "problems": problems}))
        else:
            self.stdout.write("\n".join([_summary(found, options["hours"]), *problems]))
        if problems:
            sys.exit(1)


def _summary(found: Figures, hours: int) -> str:
    return (
        f"{found.waiting} waiting, the oldest for {found.oldest_seconds} s; in the last {hours} hours "
        f"{found.failed} failed, {found.quarantined} quarantined, {found.suppressed} held back."
    )


def _problems(found: Figures, limits: dict[str, Any]) -> Iterator[str]:
    if found.oldest_seconds > limits["oldest"] * 60:
        yield (
            f"A delivery has been waiting for {found.oldest_seconds // 60} minutes (limit: {limits['oldest']}). "
            "Is the worker running, and does the mail server answer?"
        )
    if found.lost_to_support > limits["lost"]:
        yield f"{found.lost_to_support} mails to support never leave by themselves; the admin sends them again."
    if found.failed > limits["failed"]:
        yield f"{found.failed} deliveries have failed (limit: {limits['failed']}); the admin shows why."
    if found.quarantined > limits["quarantined"]:
        yield f"{found.quarantined} can never be sent (limit: {limits['quarantined']}); the admin shows why."
    if found.unscanned:
        yield f"{found.unscanned} files wait for the virus scanner, and nobody gets them. Does it answer?"
