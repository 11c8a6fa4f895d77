"""From Markdown to HTML: the one door through which a text becomes markup, and the only `mark_safe`.

Raw HTML is not markup here but text; what Markdown itself makes is sanitised once more by nh3.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import markdown
import nh3
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from . import facts
from .links import Link, resolve
from .models import Image

MAX_LENGTH = 50_000
DECORATION = "-"  # in the place of the words for a picture that says nothing
# Python-Markdown's time grows with the square of these; no text for readers has as many.
MOST_BRACKETS, MOST_HEADINGS = 1_000, 200
HEADINGS = re.compile(r"^ {0,3}(?:#|=+\s*$|-+\s*$)", re.MULTILINE)
TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "hr",
        "br",
        "em",
        "strong",
    ),
    *("a", "img", "picture", "source", "section", "div", "span", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "source": {"type", "srcset", "sizes"},
    "section": {"tabindex", "aria-label"},
    "ol": {"start"},
    "th": {"scope"},
    **{heading: {"id"} for heading in ("h2", "h3", "h4", "h5", "h6")},
}
SIZES = "(min-width: 46rem) 42rem, 94vw"  # how wide a picture can become: the text column, else the screen
ALIGNED = {"left", "right", "center"}
CLASSES = {
    "section": {"table"},
    "div": {"admonition", "note", "tip", "warning"},
    "p": {"admonition-title"},
    "th": ALIGNED,
    "td": ALIGNED,
    "span": {"missing"},
}
SAFE_SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A text as readers see it; `missing` lists what it names and readers cannot reach."""

    html: SafeString
    headings: tuple[Heading, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def answer(self) -> SafeString:
        """The first paragraph, which an article answers in; empty where the text begins otherwise."""
        end = self.html.find("</p>") + len("</p>")
        return mark_safe(self.html[:end] if self.html.startswith("<p>") else "")  # noqa: S308

    @property
    def rest(self) -> SafeString:
        return mark_safe(self.html[len(self.answer) :])  # noqa: S308


def render(text: str, language: str) -> Rendered:
    """The Markdown as safe HTML in the language, with its links, images and facts filled in."""
    text = text[:MAX_LENGTH]
    if is_too_much(text):
        return _as_typed(text)
    house = House(language, facts.values(text, language))
    machine = converter(house)
    try:
        with override(language):
            made = machine.convert(text)
    except RecursionError:
        return _as_typed(text)
    clean = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SAFE_SCHEMES,
        link_rel="noopener noreferrer",
    )
    headings = tuple(Heading(token["id"], html.unescape(token["name"])) for token in vars(machine)["toc_tokens"])
    return Rendered(mark_safe(clean), headings, tuple(sorted(house.missing)))  # noqa: S308


def is_too_much(text: str) -> bool:
    """Whether it is shown as it was typed, since laying it out would take too long."""
    return text.count("[") > MOST_BRACKETS or len(HEADINGS.findall(text)) > MOST_HEADINGS


def converter(house: House) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=["tables", "sane_lists", "admonition", "fenced_code", "toc", house],
        extension_configs={
            "toc": {"marker": "", "toc_depth": "2-2", "slugify": _anchor},
            "tables": {"use_align_attribute": True},
        },
        output_format="html",
    )


def _as_typed(text: str) -> Rendered:
    """Beyond what Markdown can take: shown as it was typed, rather than not at all."""
    return Rendered(mark_safe(f"<pre>{escape(text)}</pre>"))  # noqa: S308


def plain_text(text: str, language: str) -> str:
    """The words of the Markdown without markup, its facts filled in: for search, mails and descriptions."""
    lines = re.sub(r"<br>|</(p|li|h\d|td|th|pre)>", " \n", render(text, language).html)
    return re.sub(r"\s*\n\s*", "\n", html.unescape(strip_tags(lines))).strip()


class House(Extension):
    """Our dialect: facts; links and images by key; headings from the second level; no raw HTML."""

    def __init__(self, language: str, known_facts: Mapping[str, str]) -> None:
        super().__init__()
        self.language = language
        self.known_facts = known_facts
        self.missing: set[str] = set()

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Facts(facts.PLACE.pattern, self), "facts", 175)
        md.treeprocessors.register(_Tidy(md, self), "tidy", 15)


class _Facts(InlineProcessor):
    def __init__(self, pattern: str, house: House) -> None:
        super().__init__(pattern)
        self.house = house

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        words = self.house.known_facts.get(m[1])
        if words is None:
            self.house.missing.add(f"{{{{ {m[1]} }}}}")
        return m[0] if words is None else words, m.start(0), m.end(0)


class _Tidy(Treeprocessor):
    """Works on the tree that Markdown made, so that no form of writing a link gets past it."""

    def __init__(self, md: markdown.Markdown, house: House) -> None:
        super().__init__(md)
        self.house = house

    def run(self, root: Element) -> None:
        found: defaultdict[str, list[Element]] = defaultdict(list)
        for element in root.iter():
            found[element.tag].append(element)
        for heading in found["h1"]:
            heading.tag = "h2"
        self._link(found["a"])
        self._picture(found["img"])
        for title in found["p"]:
            _translate_callout(title)
        for cell in found["th"] + found["td"]:
            _align(cell)
        for number, table in enumerate(found["table"], 1):
            _wrap(table, f" {number}" if len(found["table"]) > 1 else "")

    def _link(self, anchors: list[Element]) -> None:
        wanted: defaultdict[str, dict[str, list[tuple[Element, str]]]] = defaultdict(lambda: defaultdict(list))
        for anchor in anchors:
            kind, _colon, rest = anchor.get("href", "").partition(":")
            if kind in ("article", "flow"):
                key, hash_sign, fragment = rest.partition("#")
                wanted[kind][key].append((anchor, hash_sign + fragment))
        for kind, places in wanted.items():
            links = resolve(kind, places.keys(), self.house.language)
            for key, uses in places.items():
                for anchor, fragment in uses:
                    self._point(anchor, links.get(key), f"{kind}:{key}", fragment)

    def _point(self, anchor: Element, link: Link | None, reference: str, fragment: str) -> None:
        if link is None:
            self.house.missing.add(reference)
            anchor.tag, anchor.attrib = "span", {"class": "missing"}
            return
        anchor.set("href", link.url + fragment)
        if link.language:
            anchor.set("hreflang", link.language)

    def _picture(self, pictures: list[Element]) -> None:
        names = {picture.get("src", "").removeprefix("image:") for picture in pictures}
        images = {image.name: image for image in Image.objects.filter(name__in=names)} if names else {}
        for picture in pictures:
            source = picture.get("src", "")
            if picture.get("alt", "").strip() == DECORATION:
                picture.set("alt", "")
            image = images.get(source.removeprefix("image:")) if source.startswith("image:") else None
            if image is None:
                # A foreign picture would tell a third party who reads what.
                self.house.missing.add(source)
                picture.tag, picture.text, picture.attrib = (
                    "span",
                    picture.get("alt", ""),
                    {"class": "missing"},
                )
                continue
            _show(picture, image)


def _show(picture: Element, image: Image) -> None:
    """In the width that fits the reader's screen, with its size known beforehand, so that nothing jumps."""
    inner = Element("img", picture.attrib)
    inner.set("src", image.get_absolute_url())
    inner.set("width", str(image.width))
    inner.set("height", str(image.height))
    inner.set("loading", "lazy")
    picture.tag, picture.attrib = "picture", {}
    if image.srcset:
        picture.append(Element("source", {"type": "image/webp", "srcset": image.srcset, "sizes": SIZES}))
    picture.append(inner)


def _anchor(words: str, separator: str) -> str:
    """An id that cannot be mistaken for one of the page's own."""
    return f"s-{slugify(words, separator)}"


def _translate_callout(title: Element) -> None:
    if title.get("class") == "admonition-title" and title.text in ("Note", "Tip", "Warning"):
        title.text = {"Note": gettext("Note"), "Tip": gettext("Tip"), "Warning": gettext("Warning")}[title.text]


def _align(cell: Element) -> None:
    if align := cell.attrib.pop("align", ""):
        cell.set("class", align)
    if cell.tag == "th":
        cell.set("scope", "col")


def _wrap(table: Element, number: str) -> None:
    """The table in a region that scrolls by itself on a narrow screen, by keyboard too; no two have one name."""
    inner = Element("table", table.attrib)
    inner.extend(list(table))
    table.tag = "section"
    table.attrib = {"class": "table", "tabindex": "0", "aria-label": gettext("Table") + number}
    table[:] = [inner]
