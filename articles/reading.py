"""What a text's Markdown holds, and on which line: links, pictures, headings, unknown facts, prose.  No queries.

What is a link is read from the tree that Markdown makes, so that code and escapes are none; its line is then
looked for in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor

from . import facts
from .markdown import MAX_LENGTH, House, converter, is_too_much

# None of these may look twice at what it has seen: texts have up to 50,000 characters, and people wait.
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
CODE = re.compile(r"(?<!`)(`{1,4})(?!`)[^`\n]+\1(?!`)")
TITLE = re.compile(r"[ >]*#{1,6}")
UNDERLINE = re.compile(r"[ >]*(?:=+|-+)[ \t]*\Z")
TITLES = ("h1", "h2", "h3", "h4", "h5", "h6")

IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
DEFINITION = re.compile(r"^ {0,3}\[[^\[\]\n]+\]:[^\n]*", re.MULTILINE)
ADDRESS = re.compile(r"<?\b(?:https?://|mailto:|tel:)[^\s>]+>?")
EMPHASIS = re.compile(r"(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|`")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
QUOTE = re.compile(r"^[\s>]+")
CALLOUT = re.compile(r"^\s*!!!")
RULE = re.compile(r"^[-*_=\s]+$")


@dataclass(frozen=True)
class Reference:
    """A link or a picture: where it leads, with its words."""

    target: str
    words: str
    line: int | None


@dataclass(frozen=True)
class Heading:
    level: int
    words: str
    anchor: str
    line: int | None


@dataclass(frozen=True)
class Held:
    """All that a text holds."""

    links: tuple[Reference, ...] = ()
    pictures: tuple[Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    unknown_facts: tuple[tuple[str, int], ...] = ()

    @property
    def anchors(self) -> set[str]:
        return {heading.anchor for heading in self.headings}

    def keys(self, kind: str) -> set[str]:
        """The keys that links of this kind name."""
        return {split(link.target)[1] for link in self.links if split(link.target)[0] == kind}

    @property
    def external(self) -> list[Reference]:
        return [link for link in self.links if re.match(r"https?:", link.target, re.IGNORECASE)]


def split(target: str) -> tuple[str, str, str]:
    """`article:key#anchor` as kind, key and anchor; of anything else the kind is empty."""
    kind, colon, rest = target.partition(":")
    if not colon or kind not in ("article", "flow", "image"):
        return "", "", target.partition("#")[2] if target.startswith("#") else ""
    key, _hash, anchor = rest.partition("#")
    return kind, key, anchor


def read(text: str, known_facts: Mapping[str, str]) -> Held:
    """What readers find in the text: nothing in one that is too much to be laid out, nor behind what is shown."""
    text = text[:MAX_LENGTH]
    if is_too_much(text):
        return Held()
    house = _Reader(known_facts)
    try:
        converter(house).convert(text)
    except RecursionError:
        return Held()
    places = _Places(text)
    lines = places.of_headings(len(house.headings))
    return Held(
        links=tuple(Reference(href, words, places.next(href)) for href, words in house.links),
        pictures=tuple(Reference(source, words, places.next(source)) for source, words in house.pictures),
        headings=tuple(
            Heading(level, words, anchor, lines[number] if lines else places.next(words))
            for number, (level, words, anchor) in enumerate(house.headings)
        ),
        unknown_facts=tuple(
            (found[1], places.line_at(found.start()))
            for found in facts.PLACE.finditer(places.source)
            if found[1] not in known_facts
        ),
    )


class _Reader(House):
    """The same dialect, whose tree is read instead of being made ready for readers."""

    def __init__(self, known_facts: Mapping[str, str]) -> None:
        super().__init__("", known_facts)
        self.links: list[tuple[str, str]] = []
        self.pictures: list[tuple[str, str]] = []
        self.headings: list[tuple[int, str, str]] = []

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        super().extendMarkdown(md)
        md.treeprocessors.deregister("tidy")
        md.treeprocessors.register(_Read(md, self), "read", -1)  # when ids are made and escapes undone


class _Read(Treeprocessor):
    def __init__(self, md: markdown.Markdown, house: _Reader) -> None:
        super().__init__(md)
        self.house = house

    def run(self, root: Element) -> None:
        for element in root.iter():
            words = "".join(element.itertext()).strip()
            if element.tag == "a":
                self.house.links.append((element.get("href", ""), words))
            elif element.tag == "img":
                self.house.pictures.append((element.get("src", ""), element.get("alt", "").strip()))
            elif element.tag in TITLES:
                self.house.headings.append((int(element.tag[1]), words, element.get("id", "")))


def line_of(needle: str, text: str) -> int | None:
    """The line on which this stands first, code left out; None where it is written otherwise.  Quick."""
    return _Places(text).next(needle)


class _Places:
    """Where in the source things stand, code left out; what comes up twice has its own place each time."""

    def __init__(self, text: str) -> None:
        self.source = without_code(text)
        self._after: dict[str, int] = {}

    def next(self, needle: str) -> int | None:
        whole = re.compile(re.escape(needle) + r"(?![\w-])")  # article:gift is not in article:gift-card
        found = whole.search(self.source, self._after.get(needle, 0)) if needle else None
        if found is None:
            return None
        self._after[needle] = found.end()
        return self.line_at(found.start())

    def of_headings(self, count: int) -> list[int]:
        """The lines of that many headings; empty where the source seems to have another number of them."""
        lines = title_lines(self.source)
        return lines if len(lines) == count else []

    def line_at(self, offset: int) -> int:
        return self.source.count("\n", 0, offset) + 1


def without_code(text: str) -> str:
    """The text with spaces in the place of its code, so that everything else stays where it is."""
    lines = text.split("\n")
    for first, last in _fenced(lines):
        lines[first : last + 1] = [" " * len(line) for line in lines[first : last + 1]]
    return CODE.sub(lambda found: " " * len(found[0]), "\n".join(lines))


def _fenced(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each block of code; one that is not closed is none."""
    ends: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if found := FENCE.match(line):
            marks = line.strip()
            if marks == found[1]:  # nothing stands behind the marks that end one
                ends.setdefault(marks, []).append(number)
    number = 0
    while number < len(lines):
        found = FENCE.match(lines[number])
        closing = ends.get(found[1], []) if found else []
        at = bisect_right(closing, number)
        if at < len(closing):
            yield number, closing[at]
            number = closing[at]
        number += 1


def title_lines(source: str) -> list[int]:
    """The lines, from 1 on, that are headings: with # in front, or with a line of = or - below."""
    lines = source.split("\n")
    return [
        number
        for number, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=True), 1)
        if TITLE.match(line) or (line.strip() and UNDERLINE.match(below) and not UNDERLINE.match(line))
    ]


def without_targets(text: str) -> str:
    """The text on the same lines, its links as their words, without pictures and addresses."""
    for pattern in (IMAGE, DEFINITION):
        text = pattern.sub(_line_ends, text)
    text = LINK.sub(lambda found: found[1] + _line_ends(found)[found[1].count("\n") :], text)
    return ADDRESS.sub(" ", text)


def _line_ends(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


@dataclass
class Block:
    """A paragraph or a list item: its lines with their numbers."""

    lines: list[tuple[int, str]] = field(default_factory=list)


def blocks(text: str) -> Iterator[Block]:
    """The prose of the text, without markup, headings, tables, code and addresses."""
    source = without_targets(without_code(text))
    titles = set(title_lines(source))
    block = Block()
    for number, line in enumerate(source.split("\n")):
        bare = QUOTE.sub("", line)
        is_apart = not bare or number + 1 in titles or "|" in bare or CALLOUT.match(bare) or RULE.match(bare)
        if (is_apart or ITEM.match(bare)) and block.lines:
            yield block
            block = Block()
        if not is_apart:
            block.lines.append((number + 1, EMPHASIS.sub("", ITEM.sub("", bare)).strip()))
    if block.lines:
        yield block
