"""Loading a folder of content files into all the apps that they speak of."""

from __future__ import annotations

import re
from pathlib import Path

from django.db import DataError, IntegrityError, transaction

from articles import facts
from articles.contentfiles import Mistake, Report, read_text
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
    _check_encoding(folder, report)
    if report.mistakes:  # what else is wrong can only be told of files that can be read
        return sorted(report.mistakes)
    try:
        with transaction.atomic():
            _import(folder, report)
            if report.mistakes:
                transaction.set_rollback(True)
    except (DataError, IntegrityError) as error:
        said = str(error).partition("\n")[0]
        report.add(folder, 1, f"The database does not take a value of these files: {said}.")
    if warnings is not None:
        warnings += sorted(report.warnings)
    return sorted(report.mistakes)


def _import(folder: Path, report: Report) -> None:
    import_articles(folder, report)
    import_flows(folder, report)
    import_search(folder, report)
    import_contact(folder, report)
    _check_references(folder, report)


def _check_encoding(folder: Path, report: Report) -> None:
    """Every file with words in it is UTF-8."""
    for path in [*folder.glob("*.yaml"), *_texts(folder)]:
        try:
            found = path.read_bytes()
            found.decode()
        except OSError as error:
            report.add(path, 1, f"This cannot be read: {error.strerror}.")
        except UnicodeDecodeError as error:
            line = found.count(b"\n", 0, error.start) + 1
            report.add(path, line, "This is not UTF-8. Save the file as UTF-8.")


def _texts(folder: Path) -> list[Path]:
    return sorted([*(folder / "articles").glob("*.md"), *(folder / "flows").glob("*.yaml")])


def _stems(folder: Path, pattern: str) -> set[str]:
    """The keys that the names of the files begin with: of those with a mistake in them, too."""
    return {path.stem.partition(".")[0] for path in folder.glob(pattern)}


def _check_references(folder: Path, report: Report) -> None:
    """What a text of the folder names by key exists, in the folder or in the database."""
    known = {
        "article": set(Article.objects.values_list("key", flat=True)) | _stems(folder / "articles", "*.md"),
        "flow": set(Flow.objects.values_list("slug", flat=True)) | _stems(folder / "flows", "*.yaml"),
        "image": set(Image.objects.values_list("name", flat=True)),
    }
    known_facts = set(PolicyFact.objects.values_list("key", flat=True))
    for path in _texts(folder):
        for number, line in enumerate(read_text(path).splitlines(), 1):
            for kind, key in REFERENCE.findall(line):
                if key not in known[kind]:
                    report.add(path, number, f"There is no {kind} “{key}”.")
            for key in sorted(facts.used_in(line) - known_facts):
                report.add(path, number, f"There is no policy fact “{key}”.")
