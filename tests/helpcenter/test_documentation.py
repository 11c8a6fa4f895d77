"""What the documents say of settings, commands and files is so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

ROW = re.compile(r"^\| `(HELPCENTER_\w+)` \|", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)|src(?:set)?=\"(?!https?:)([^\"]+)\"")
CODE = re.compile(r"^(`{3,}).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (settings.BASE_DIR / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    return [*settings.BASE_DIR.glob("*.md"), *(settings.BASE_DIR / "docs").rglob("*.md")]


def variables_read(source: str) -> set[str]:
    """The variables that the source asks `env` for, by their whole names."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return {
        f"HELPCENTER_{call.args[0].value}"
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }


def targets() -> set[str]:
    return set(re.findall(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[0].split())


def lost_links(path: Path, text: str) -> Iterator[str]:
    """Relative links outside of code that lead to no file."""
    for found in LINK.findall(CODE.sub("", text)):
        link = "".join(found)
        if not (path.parent / link).exists():
            yield f"{path.name}: {link}"


class DocumentationTests(SimpleTestCase):
    def test_lists_exactly_the_settings_that_are_read(self):
        documented = ROW.findall(read("docs/deploying.md"))
        assert sorted(documented) == sorted(variables_read(read("helpcenter/settings.py")))

    def test_names_only_make_targets_that_exist(self):
        for path in documents():
            named = re.findall(r"`make ([a-z]+)|^make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert {"".join(names) for names in named} <= targets(), path

    def test_contributing_names_every_make_target(self):
        text = read("CONTRIBUTING.md")
        assert [target for target in sorted(targets()) if f"`make {target}" not in text] == []

    def test_links_lead_to_files(self):
        assert [lost for path in documents() for lost in lost_links(path, path.read_text(encoding="utf-8"))] == []

    def test_the_checks_would_notice(self):
        assert variables_read("env.bool('DEBUG', False)\nother.str('NOT')") == {"HELPCENTER_DEBUG"}
        text = '[gone](nowhere.md) `[code](x.md)` <img src="no.png"> [here](README.md#top)'
        assert list(lost_links(settings.BASE_DIR / "README.md", text)) == [
            "README.md: nowhere.md",
            "README.md: no.png",
        ]
