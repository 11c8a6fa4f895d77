"""The tools of `benchmarks.audit` that come from npm: html-validate and Lighthouse, and what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGES = {"html-validate": "10.17.0", "lighthouse": "12.8.2"}
PLACE = settings.BASE_DIR / "var" / "node"
RULES = Path(__file__).with_name("htmlvalidate.mjs")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LONGEST = 180  # seconds for one page
# What Django's own templates and widgets do, by rule: the elements that they do it in.
OF_DJANGO = {
    "prefer-button": r"^#(login-form|changelist-search|changelist-form|logout-form)|_form > div.* > input",
    "prefer-tbody": r"#nav-sidebar|#content-main > div:nth-child\(\d+\) > table",
    "prefer-native-element": r"#changelist-form .*> span.*> a$",
    "wcag/h63": r"^#result_list > tbody .*> th$",
    "wcag/h30": r"^#(add|change|delete|view)_id_|^#result_list > thead .*> a",
    "wcag/h32": r"^#changelist-form$",
    "wcag/h71": r"^#(\w+_form > div.*|\w+-(\d+|group|empty)) > fieldset",
    "unique-landmark": r"^#changelist > .*nav$",
}


@dataclass(frozen=True)
class Finding:
    """Something on a page that html-validate complains of."""

    rule: str
    words: str
    element: str

    @property
    def is_of_django(self) -> bool:
        return self.rule in OF_DJANGO and re.search(OF_DJANGO[self.rule], self.element) is not None


@dataclass(frozen=True)
class Report:
    """What Lighthouse says of a page: points of 100, kilobytes that came over the line, and how far it shifted."""

    points: dict[str, int]
    kilobytes: dict[str, float]
    shift: float
    lost: list[str]  # the audits that cost points


def install() -> None:
    """The packages are there at these versions, in a folder that git ignores."""
    if not shutil.which("npm"):
        sys.exit("The audit needs Node 20 or newer, with npm.")
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    note = PLACE / "installed.json"
    if note.is_file() and json.loads(note.read_text()) == wanted:
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    quiet = ("--no-audit", "--no-fund", "--silent")
    subprocess.run(["npm", "install", "--prefix", str(PLACE), "--no-save", *quiet, *wanted], check=True)
    note.write_text(json.dumps(wanted))


def validate(folder: Path) -> dict[str, list[Finding]]:
    """By the file's name, what html-validate finds in each of the folder's; the others are left out."""
    tool = PLACE / "node_modules" / ".bin" / "html-validate"
    said = folder.with_suffix(".json")  # through a pipe it loses the end of what is long
    command = [str(tool), "--config", str(RULES), "--formatter", f"json={said}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not said.is_file():
        sys.exit(f"html-validate failed: {done.stderr}")
    return {
        Path(found["filePath"]).name: [
            Finding(one["ruleId"], one["message"], one.get("selector") or f"line {one['line']}")
            for one in found["messages"]
        ]
        for found in json.loads(said.read_text())
    }


def lighthouse(address: str, categories: list[str]) -> Report:
    """Of a page as a phone sees it that has never been here."""
    tool = PLACE / "node_modules" / ".bin" / "lighthouse"
    said = PLACE / "lighthouse.json"  # through a pipe it loses the end of what is long
    said.unlink(missing_ok=True)
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")  # which it refuses to root
    options = ["--quiet", "--output=json", f"--output-path={said}", f"--only-categories={','.join(categories)}"]
    command = [str(tool), address, f"--chrome-flags={flags}", *options]
    environment = os.environ | {"CHROME_PATH": _browser()}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=LONGEST)
    if not said.is_file():
        sys.exit(f"Lighthouse failed at {address}: {done.stderr[-2000:]}")
    return _read(json.loads(said.read_text()))


def _read(said: dict[str, Any]) -> Report:
    audits, categories = said["audits"], said["categories"]
    points = {name: round(100 * (found["score"] or 0)) for name, found in categories.items()}
    weights = [(one["id"], one["weight"]) for found in categories.values() for one in found["auditRefs"]]
    lost = [name for name, weight in weights if weight and _costs_points(audits[name])]
    kilobytes = {"document": 0.0, "stylesheet": 0.0, "script": 0.0}
    for one in audits["network-requests"].get("details", {}).get("items", []):
        kind = one.get("resourceType", "").lower()
        if kind in kilobytes:
            kilobytes[kind] += one["transferSize"] / 1000
    # On a machine that is too busy a run may come to nothing: it has no points, and another one may.
    shift = audits["cumulative-layout-shift"].get("numericValue", inf)
    return Report(points, kilobytes, shift, lost)


def _costs_points(audit: dict[str, Any]) -> bool:
    return audit["score"] != 1 and audit["scoreDisplayMode"] not in ("notApplicable", "informative", "manual")


def _browser() -> str:
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not named:
        sys.exit("The audit needs Chromium or Chrome: install one, or set CHROMIUM to its path.")
    return named
