"""A brand's colour, so that everybody can read what is written in it and on it.  Pure rules of WCAG 2.2."""

from __future__ import annotations

import colorsys
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

HEX = re.compile(r"#[0-9a-f]{6}\Z")
TEXT = 4.5  # contrast of words
BLACK, WHITE = "#000000", "#ffffff"
STEPS = 200
# Whatever words may stand on in static/css/site.css, by scheme; a test compares them.
GROUNDS = {
    "light": ("#fdfbf7", "#ffffff", "#f3eee4", "#fdecea", "#fdf3dc", "#e6f2ee"),
    "dark": ("#171411", "#201c18", "#29241e", "#3b1d1a", "#33291a", "#1b2c27"),
}


@dataclass(frozen=True)
class Palette:
    """What a scheme makes of the accent."""

    accent: str
    accent_hover: str
    on_accent: str
    link: str
    link_hover: str

    @property
    def variables(self) -> str:
        names = ("accent", "accent_hover", "on_accent", "link", "link_hover")
        return " ".join(f"--{name.replace('_', '-')}: {getattr(self, name)};" for name in names)


def palette(accent: str, scheme: str) -> Palette:
    """The accent with words that can be read on it; as text and as the edge of shapes, what is nearest to it."""
    grounds = GROUNDS[scheme]
    towards_black = scheme == "light"
    words = readable_on(accent)
    link = shifted(accent, towards_black, TEXT, grounds)
    # Away from the words that stand on it, so that they never become harder to read.
    hover = _moved(accent, words == WHITE, 0.12)
    return Palette(accent, hover, words, link, _moved(link, towards_black, 0.12))


def readable_on(ground: str) -> str:
    """Black or white, whichever can be read better there; one of them always can."""
    return max(WHITE, BLACK, key=lambda words: contrast(words, ground))


def shifted(colour: str, towards_black: bool, least: float, grounds: Iterable[str]) -> str:
    """The colour itself, or the nearest darker (lighter) one that stands out enough from all the grounds."""
    grounds = list(grounds)
    for step in range(STEPS + 1):
        tried = _moved(colour, towards_black, step / STEPS)
        if all(contrast(tried, ground) >= least for ground in grounds):
            return tried
    return BLACK if towards_black else WHITE


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG counts."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def stylesheet(accent: str) -> str:
    """The accent for the reading pages; not on paper, where the page's own black stays."""
    light, dark = palette(accent, "light"), palette(accent, "dark")
    return (
        f"@media screen {{ :root {{ {light.variables} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark.variables} }} }}\n"
    )


def sample(accent: str) -> str:
    """Both schemes beside each other, for the desk."""
    rules = []
    for scheme, grounds in GROUNDS.items():
        ink, line = ("#211c15", "#d8cfbf") if scheme == "light" else ("#f0eae0", "#453d33")
        page = f"--paper: {grounds[0]}; --tint: {grounds[2]}; --ink: {ink}; --line: {line};"
        rules.append(f".brand-sample.{scheme} {{ {page} {palette(accent, scheme).variables} }}\n")
    return "".join(rules)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _moved(colour: str, towards_black: bool, share: float) -> str:
    """The same hue with so much less (more) lightness."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    lightness = lightness * (1 - share) if towards_black else lightness + (1 - lightness) * share
    rounded = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return "#" + "".join(f"{min(255, max(0, part)):02x}" for part in rounded) if share else colour


def _parts(colour: str) -> tuple[float, float, float]:
    number = int(colour[1:], 16)
    return (number >> 16) / 255, (number >> 8 & 255) / 255, (number & 255) / 255


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
