import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import override

from flows import checking
from flows.cases import failures
from flows.models import Flow
from flows.sentences import sentence


class Command(BaseCommand):
    help = "Checks every flow that customers walk: its problems and its cases; ends with 1 where there is any."

    @override(settings.LANGUAGE_CODE)
    def handle(self, *args: Any, **options: Any) -> None:
        found: list[str] = []
        flows = list(Flow.objects.published().select_related("published_version").prefetch_related("cases"))
        for flow in flows:
            graph = flow.graph()
            problems = [sentence(problem) for problem in checking.problems(graph)]
            found += [f"{flow.slug}: {line}" for line in [*problems, *failures(flow, graph)]]
        cases = sum(len(flow.cases.all()) for flow in flows)
        self.stdout.write("\n".join([*found, f"{len(flows)} flows, {cases} cases, {len(found)} problems."]))
        if found:
            sys.exit(1)
