"""`make audit`: the HTML of every kind of page, Lighthouse on the pages of a customer, and what these weigh.

Needs Node and Chromium, and npm packages that it installs into var/node.  The site is the demo, served from a
temporary folder as in production.  Ends with 1 where something is wrong or a budget is missed.  Points for
performance depend on how busy the machine is: the best of several runs counts.
"""

from __future__ import annotations

import argparse
import logging
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from .__main__ import set_up

if TYPE_CHECKING:
    from .auditpages import Page
    from .node import Report

POINTS = 100
# Kilobytes over the line at the first view, without pictures.
MOST = {"document": 15, "stylesheet": 12, "script": 21}
MOST_OF_ALL, MOST_SHIFT = 60, 0
CATEGORIES = ["performance", "accessibility", "best-practices"]
SEO = "seo"
FRAGMENT = '<!doctype html>\n<html lang="en"><head><title>Fragment</title></head><body>{}</body></html>\n'
PATIENCE = 60  # seconds until the site answers


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--only", choices=["html", "lighthouse"], help="one half of it")
    parser.add_argument("--runs", type=int, default=3, help="of Lighthouse on a page at most (3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="helpcenter-audit-") as place:
        port = _free_port()
        site = f"http://127.0.0.1:{port}"
        set_up(Path(place) / "var", HELPCENTER_SITE_URL=site, HELPCENTER_EMAIL_URL="")  # mail into a folder
        _prepare()
        wrong = 0
        if options.only != "lighthouse":
            wrong += _html(Path(place) / "html")
        if options.only != "html":
            with _served(port):
                wrong += _lighthouse(site, options.runs)
    sys.exit(1 if wrong else 0)


def _prepare() -> None:
    """The demo, with its index and its files; whatever fails here on purpose is not told to the console."""
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from . import node

    node.install()
    setup_test_environment()  # what a page was made of stands beside it
    logging.disable(logging.ERROR)
    call_command("prepare")
    call_command("collectstatic", interactive=False, verbosity=0)


def _html(folder: Path) -> int:
    """How many things html-validate finds that are ours; each is printed."""
    from django.conf import settings

    from . import auditdesk, auditpages, node

    desk = auditdesk.desk_pages(dict(settings.LANGUAGES))
    names = _write(chain(auditpages.all_pages(), desk, auditpages.mails()), folder)
    ours, theirs = 0, Counter[str]()
    for file, findings in node.validate(folder).items():
        for found in findings:
            if found.is_of_django and "/admin/" in names[file]:
                theirs[found.rule] += 1
                continue
            ours += 1
            print(f"{names[file]}\n    {found.rule}: {found.words}\n    {found.element}")
    print(f"\nHTML: {len(names)} pages, {ours} findings")
    for rule, count in theirs.most_common():
        print(f"    in what is Django's own: {count:4} × {rule}")
    return ours


def _write(pages: Iterator[Page], folder: Path) -> dict[str, str]:
    """By the file that holds it, the name of each page; a fragment is put into a page, as scripts do."""
    names = {}
    folder.mkdir()
    for number, (name, html) in enumerate(pages):
        if not html.lstrip().lower().startswith("<!doctype"):
            html = FRAGMENT.format(html)
        (folder / f"{number:04}.html").write_text(html, encoding="utf-8")
        names[f"{number:04}.html"] = name
    return names


def _lighthouse(site: str, runs: int) -> int:
    """How many pages miss what is wanted; all are printed."""
    from django.conf import settings

    from . import auditpages

    count = 0
    pages = {
        f"{code} {name}": page
        for code, _language in settings.LANGUAGES
        for name, page in auditpages.measured(code).items()
    }
    print(f"\n{'':20}{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>6}{'HTML':>7}{'CSS':>6}{'JS':>6}{'kB':>7}{'CLS':>7}")
    for name, (address, is_indexable) in pages.items():
        report = _best(f"{site}{address}", CATEGORIES + [SEO] * is_indexable, runs)
        short = missed(report)
        count += bool(short)
        points = "".join(f"{report.points.get(category, '–'):>6}" for category in [*CATEGORIES, SEO])
        html, css, script = (report.kilobytes[kind] for kind in MOST)
        weights = f"{html:7.1f}{css:6.1f}{script:6.1f}{html + css + script:7.1f}"
        print(f"{name:20}{points}{weights}{report.shift:7.3f}  {'; '.join(short) or 'ok'}", flush=True)
    print(f"wanted: {POINTS} points; {', '.join(f'{kind} ≤ {most}' for kind, most in MOST.items())} kB")
    print(f"together ≤ {MOST_OF_ALL} kB over the line; CLS {MOST_SHIFT}")
    return count


def _best(address: str, categories: list[str], runs: int) -> Report:
    from . import node

    reports = []
    for _run in range(runs):
        reports.append(node.lighthouse(address, categories))
        if not missed(reports[-1]):
            break
    return max(reports, key=lambda report: sum(report.points.values()))


def missed(report: Report) -> list[str]:
    """Where the page misses what is wanted, with the audits that cost the points."""
    short = [f"{name} {points}" for name, points in report.points.items() if points < POINTS]
    weights = report.kilobytes
    short += [f"{kind} {weights[kind]:.1f} kB" for kind, most in MOST.items() if weights[kind] > most]
    if (total := sum(weights.values())) > MOST_OF_ALL:
        short.append(f"{total:.1f} kB")
    if report.shift > MOST_SHIFT:
        short.append(f"CLS {report.shift:.3f}")
    return short and short + report.lost


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _served(port: int) -> Iterator[None]:
    """The site answers there, as `make run` serves it."""
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            for _second in range(PATIENCE):
                if _answers(port) or server.poll() is not None:
                    break
                time.sleep(1)
            if not _answers(port):
                sys.exit("The site did not come up.")
            yield
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
