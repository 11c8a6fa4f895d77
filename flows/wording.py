"""The worded request: a clear text from what is known, by a template that editors write.  Pure.

A template is sentences, each a paragraph of its own; `{order-number}` stands for a detail.  The lines of a
paragraph are alternatives: the first one whose details are all known is taken, and none where no line fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

PLACE = re.compile(r"\{([a-z0-9][a-z0-9-]*)\}")
PARAGRAPHS = re.compile(r"\n\s*\n")
FILLED = re.compile(PLACE.pattern + r"(\.?)")
ENDED = (".", "!", "?", "…")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
SHORT = 300  # characters, for a chat


@dataclass(frozen=True)
class Known:
    """A detail that was given: its label and its value as people read it.

    `is_said_in_words` where an explanation stands in place of the number, which would not fit into a sentence.
    """

    label: str
    value: str
    is_said_in_words: bool = False


def places_in(template: str) -> set[str]:
    """The keys of the details that the template names."""
    return set(PLACE.findall(template))


def sentences(template: str, known: Mapping[str, Known]) -> list[str]:
    """The sentences that what is known can fill."""
    fitting = _fitting(known)
    return [_fill(line, fitting) for line in _taken(template, fitting)]


def _taken(template: str, fitting: Mapping[str, Known]) -> list[str]:
    """Of each paragraph the line that can be filled."""
    found = []
    for paragraph in PARAGRAPHS.split(template.strip()):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        found += [line for line in lines if places_in(line) <= fitting.keys()][:1]
    return found


def _fitting(known: Mapping[str, Known]) -> dict[str, Known]:
    return {key: detail for key, detail in known.items() if detail.value and not detail.is_said_in_words}


def left_over(template: str, known: Mapping[str, Known]) -> list[str]:
    """What is known and no sentence says, each with its label: nothing that a customer told us is left out."""
    said = {key for line in _taken(template, _fitting(known)) for key in places_in(line)}
    return [
        f"{detail.label}: {_flat(detail.value)}"
        for key, detail in known.items()
        if detail.value and key not in said
    ]


def worded(template: str, known: Mapping[str, Known], tried: Sequence[str], tried_title: str, remedy: str) -> str:
    """The whole text: what happened, what else is known, what was tried, what is asked for."""
    blocks = [" ".join(sentences(template, known)), "\n".join(left_over(template, known))]
    if tried:
        blocks.append("\n".join([tried_title, *(f"– {line}" for line in tried)]))
    return "\n\n".join(block for block in [*blocks, remedy] if block)


def short(template: str, known: Mapping[str, Known], remedy: str, limit: int = SHORT) -> str:
    """As many of the sentences as fit, the remedy always; never more than the limit."""
    room = limit - (len(remedy) + 1 if remedy else 0)
    taken: list[str] = []
    for sentence in [*sentences(template, known), *left_over(template, known)]:
        ended = sentence if sentence.endswith(ENDED) else f"{sentence}."
        if len(" ".join([*taken, ended])) <= room:
            taken.append(ended)
    return _cut(" ".join(filter(None, [*taken, remedy])), limit)


def _fill(line: str, known: Mapping[str, Known]) -> str:
    """The line with what is known; where that ends a sentence already, the line's own full stop is left out."""

    def fill(place: re.Match[str]) -> str:
        value = _flat(known[place[1]].value)
        return value if value.endswith(ENDED) else value + place[2]

    return FILLED.sub(fill, line)


def _flat(value: str) -> str:
    """On one line: what was written below each other stands side by side."""
    return "; ".join(line.strip(" ;") for line in value.splitlines() if line.strip())


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"


def mistakes(template: str, keys: Iterable[str]) -> list[str]:
    """The details that the template names and the topic does not ask for."""
    return sorted(places_in(template) - set(keys))
