"""What is looked at before a text is published, and whether a finding stops it.  Pure: the settings read it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Check(StrEnum):
    """One thing that is looked at, by its name in HELPCENTER_CHECKS."""

    LINKS = "links"
    ANCHORS = "anchors"
    FACTS = "facts"
    EXTERNAL = "external"
    ALTERNATIVES = "alternatives"
    HEADINGS = "headings"
    TITLE = "title"
    SUMMARY = "summary"
    KEYWORDS = "keywords"
    READABILITY = "readability"
    SENTENCES = "sentences"
    PERSONAL = "personal"
    DUPLICATES = "duplicates"


class Weight(StrEnum):
    BLOCK = "block"
    ADVISE = "advise"
    OFF = "off"


# What a reader would stumble over stops a text; the rest is advice.
BLOCKING = {Check.LINKS, Check.ANCHORS, Check.FACTS, Check.ALTERNATIVES}
DEFAULTS = {check: Weight.BLOCK if check in BLOCKING else Weight.ADVISE for check in Check}


def read_weights(given: Mapping[str, str]) -> dict[Check, Weight]:
    """The weight of every check, the given ones in place of the defaults; ValueError says what cannot be right."""
    known, weights = list(Check), list(Weight)
    for name, weight in given.items():
        if name not in known:
            raise ValueError(f"HELPCENTER_CHECKS: there is no check “{name}”, only {', '.join(known)}")
        if weight not in weights:
            raise ValueError(f"HELPCENTER_CHECKS: “{name}” can be {', '.join(weights)}, not “{weight}”")
    return DEFAULTS | {Check(name): Weight(weight) for name, weight in given.items()}
