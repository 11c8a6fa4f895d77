"""Reading content files (docs/content-files.md): every mistake is reported with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.conf import settings
from django.db import models
from django.utils.timezone import is_naive, make_aware

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, order=True)
class Mistake:
    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass
class Report:
    """The mistakes found so far, of all files of one folder."""

    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)  # what is loaded all the same

    def add(self, path: Path, line: int, sentence: str) -> None:
        self.mistakes.append(self._found(path, line, sentence))

    def warn(self, path: Path, line: int, sentence: str) -> None:
        self.warnings.append(self._found(path, line, sentence))

    def _found(self, path: Path, line: int, sentence: str) -> Mistake:
        return Mistake(path.relative_to(self.folder).as_posix(), line, sentence)


class Fields(dict[str, Any]):
    """A mapping of a content file that knows its lines; what is wrong in it goes into the report.

    A field that is missing or wrong reads as an empty value of its kind, so that one reading finds all mistakes.
    """

    def __init__(self, path: Path, report: Report, line: int) -> None:
        super().__init__()
        self.path, self.report, self.line = path, report, line
        self.lines: dict[str, int] = {}

    def mistake(self, sentence: str, name: str = "") -> None:
        self.report.add(self.path, self.lines.get(name, self.line), sentence)

    def warn(self, sentence: str, name: str = "") -> None:
        self.report.warn(self.path, self.lines.get(name, self.line), sentence)

    def expect(self, *names: str) -> None:
        """Only these names may stand here."""
        for name in self.keys() - set(names):
            self.mistake(f"“{name}” is not known here. Use {', '.join(names)}.", name)

    def _of(self, name: str, kinds: type | tuple[type, ...], what: str, default: Any, *, required: bool) -> Any:
        value = self.get(name)
        if value is None:
            if required:
                self.mistake(f"“{name}” is missing.", name)
            return default
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            self.mistake(f"“{name}” must be {what}.", name)
            return default
        return value

    def text(self, name: str, *, required: bool = False, most: int = 0) -> str:
        value = str(self._of(name, (str, int, float), "text", "", required=required)).strip()
        if most and len(value) > most:
            self.mistake(f"“{name}” has {len(value)} characters; {most} are the most.", name)
            return value[:most]  # PostgreSQL would end the import here, before the other mistakes are found
        return value

    def number(self, name: str, default: int | None = 0) -> Any:
        value = self._of(name, int, "a whole number", default, required=False)
        if isinstance(value, int) and value < 0:
            self.mistake(f"“{name}” must not be negative.", name)
        return value

    def flag(self, name: str) -> bool:
        return bool(self._of(name, bool, "true or false", False, required=False))

    def items_of(self, name: str) -> list[Any]:
        return list(self._of(name, list, "a list", [], required=False))

    def moment(self, name: str) -> datetime | None:
        """Without a zone it is that of the site; a day begins at midnight there."""
        value = self._of(name, (datetime, date), "a moment like 2026-09-01 09:00:00+00:00", None, required=False)
        if isinstance(value, datetime):
            return make_aware(value) if is_naive(value) else value
        return make_aware(datetime.combine(value, time())) if value else None

    def choice(self, name: str, choices: list[str], default: str = "") -> str:
        value = self.text(name) or default
        if value not in choices:
            self.mistake(f"“{name}” must be one of: {', '.join(choices)}.", name)
            return choices[0]
        return value

    def label(self, name: str, *, required: bool = False) -> dict[str, str]:
        """A text by language; a plain string is one in the default language."""
        value = self._of(name, (str, Fields), "a text by language", {}, required=required)
        if isinstance(value, str):
            return {settings.LANGUAGE_CODE: value.strip()}
        for code in value:
            if code not in dict(settings.LANGUAGES):
                value.mistake(f"“{code}” is none of the site's languages.", code)
        return {code: words for code in value if (words := value.text(code))}

    def inner(self, name: str) -> Fields | None:
        """The mapping that stands there, if one does."""
        found: Fields | None = self._of(name, Fields, "a mapping", None, required=False)
        return found

    def children(self, name: str) -> Iterator[tuple[str, Fields]]:
        """The mappings in a mapping, with their names."""
        inner = self.inner(name)
        yield from inner.mappings() if inner is not None else ()

    def mappings(self) -> Iterator[tuple[str, Fields]]:
        for name, value in self.items():
            if isinstance(value, Fields):
                yield name, value
            else:
                self.mistake(f"“{name}” must be a mapping.", name)


class _Loader(yaml.SafeLoader):
    """Makes Fields of mappings, and takes a key given twice for the mistake that it is."""

    path: Path
    report: Report
    first_line: int


def _construct_fields(loader: _Loader, node: yaml.MappingNode) -> Iterator[Fields]:
    fields = Fields(loader.path, loader.report, loader.first_line + node.start_mark.line)
    yield fields
    for key_node, value_node in node.value:
        name = str(loader.construct_object(key_node, deep=True))
        fields.lines[name] = loader.first_line + key_node.start_mark.line
        if name in fields:
            fields.mistake(f"“{name}” stands here twice.", name)
        fields[name] = loader.construct_object(value_node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_fields)


def read_text(path: Path) -> str:
    """What the file says, with the mark that some editors put in front or without; it is UTF-8."""
    return path.read_text(encoding="utf-8-sig")


def read_yaml(path: Path, report: Report, text: str | None = None, first_line: int = 1) -> Any:
    """What the YAML file (or the given part of it) says; None, and a mistake in the report, if it is not YAML."""
    loader = None
    try:
        loader = _Loader(read_text(path) if text is None else text)
        loader.path, loader.report, loader.first_line = path, report, first_line
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report.add(path, first_line + (mark.line if mark else 0), f"This is not YAML: {error.problem}.")
    except (yaml.YAMLError, ValueError) as error:
        report.add(path, first_line, f"This cannot be read: {error}.")
    finally:
        if loader:
            loader.dispose()
    return None


def read_fields(path: Path, report: Report) -> Fields:
    """The mapping that a YAML file consists of; an empty one where there is no such file."""
    value = read_yaml(path, report) if path.is_file() else None
    if isinstance(value, Fields):
        return value
    if value is not None:
        report.add(path, 1, "This file must be a mapping.")
    return Fields(path, report, 1)


def read_front_matter(path: Path, report: Report) -> tuple[Fields, str, int]:
    """The fields between the `---` lines, the body below them and the number of its first line."""
    lines = read_text(path).splitlines()
    empty = Fields(path, report, 1)
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        report.add(path, 1, "The file must begin with fields between two lines of “---”.")
        return empty, "", 1
    end = lines.index("---", 1)
    value = read_yaml(path, report, "\n".join(lines[1:end]), first_line=2)
    body = "\n".join(lines[end + 1 :]).strip("\n")
    return value if isinstance(value, Fields) else empty, body + "\n", end + 2


def put(model: type[Row], key: dict[str, Any], values: dict[str, Any]) -> Row:
    """The row with this key has these values; it is saved only if that changes something."""
    row = model._default_manager.filter(**key).first() or model(**key)
    if row.pk and all(_same(getattr(row, name), value) for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def _same(stored: Any, given: Any) -> bool:
    return bool(getattr(stored, "data", stored) == given or (not stored and not given))
