"""Loading a folder of content files into all the apps that they speak of."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import transaction

from articles import facts
from articles.contentfiles import Mistake, Report
from articles.importing import import_articles
from articles.models import Article, Image, PolicyFact
from contact.importing import import_contact
from flows.importing import import_flows
from flows.models import Flow
from search.importing import import_search

REFERENCE = re.compile(r"\]\(\s*<?(article|flow|image):([^\s)>#]+)")


def import_folder(folder: Path, warnings: list[Mistake] | None = None) -> list[Mistake]:
    """The folder is loaded and the answer empty, or nothing has changed and these are the mistakes.

    `warnings` then has what was loaded and yet should be looked at.
    """
    report = Report(folder)
    with transaction.atomic():
        import_articles(folder, report)
        import_flows(folder, report)
        import_search(folder, report)
        import_contact(folder, report)
        _check_references(folder, report)
        if report.mistakes:
            transaction.set_rollback(True)
    if warnings is not None:
        warnings += sorted(report.warnings)
    return sorted(report.mistakes)


def _check_references(folder: Path, report: Report) -> None:
    """What a text of the folder names by key exists, in the folder or in the database."""
    known = {
        "article": set(Article.objects.values_list("key", flat=True)),
        "flow": set(Flow.objects.values_list("slug", flat=True)),
        "image": set(Image.objects.values_list("name", flat=True)),
    }
    known_facts = set(PolicyFact.objects.values_list("key", flat=True))
    for path in sorted([*(folder / "articles").glob("*.md"), *(folder / "flows").glob("*.yaml")]):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            for kind, key in REFERENCE.findall(line):
                if key not in known[kind]:
                    report.add(path, number, f"There is no {kind} “{key}”.")
            for key in sorted(facts.used_in(line) - known_facts):
                report.add(path, number, f"There is no policy fact “{key}”.")
