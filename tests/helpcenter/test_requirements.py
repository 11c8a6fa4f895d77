"""The lock files hold exactly what pyproject.toml asks for, each with its hashes."""

import re
import tomllib

from django.conf import settings
from django.test import SimpleTestCase
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+))?", re.MULTILINE)


def asked_for(*groups: str) -> list[Requirement]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += [line for line in project["dependency-groups"][group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


def locked(name: str) -> dict[str, str]:
    text = (settings.BASE_DIR / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(found[1]): found[2] for found in PINNED.finditer(text)}


class LockTests(SimpleTestCase):
    FILES = {"runtime": (), "test": ("test",), "development": ("test", "development")}

    def test_everything_asked_for_is_locked_to_a_version_that_fits(self):
        for name, groups in self.FILES.items():
            versions = locked(name)
            for requirement in asked_for(*groups):
                with self.subTest(file=name, requirement=str(requirement)):
                    version = versions.get(canonicalize_name(requirement.name))
                    assert version is not None, "run `make lock`"
                    assert requirement.specifier.contains(version), "run `make lock`"

    def test_every_pin_has_a_hash_and_no_place_is_named(self):
        for name in self.FILES:
            text = (settings.BASE_DIR / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
            blocks = re.split(r"\n(?=\S)", text.strip())
            assert all("--hash=sha256:" in block for block in blocks), name
            assert "://" not in text

    def test_the_three_files_agree(self):
        development = locked("development")
        for name in ("runtime", "test"):
            assert locked(name).items() <= development.items()
