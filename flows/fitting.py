"""How much of a text fits beside something drawn: SVG neither measures nor breaks lines.  Pure, no Django."""

from __future__ import annotations

from unicodedata import east_asian_width

# In parts of the font's size, a little more than the widest of the usual fonts without serifs.
NARROW = dict.fromkeys("ijlIítf.,:;'|!()[]¡ ", 0.34)
WIDE = dict.fromkeys("mwMWÑ@%—…", 0.95)
WIDTHS = NARROW | WIDE
USUAL, CAPITAL, FULL = 0.58, 0.74, 1.05


def width(text: str, size: float) -> float:
    return size * sum(_width(letter) for letter in text)


def shortened(text: str, room: float, size: float) -> str:
    """The text, or as much of it as there is room for, and an ellipsis that says so."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def lines(text: str, room: float, size: float, most: int) -> list[str]:
    """The text in so many lines at most, broken between words; what is too long is shortened."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        found.append(shortened(line, room, size))
    return [*found, shortened(" ".join(words), room, size)] if words else found


def _width(letter: str) -> float:
    if letter in WIDTHS:
        return WIDTHS[letter]
    if east_asian_width(letter) in "WF":
        return FULL
    return CAPITAL if letter.isupper() else USUAL
