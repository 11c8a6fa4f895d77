"""The forms of a page as browsers and programs see them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str]


class Form(HTMLParser):
    """The page's form with that action; `values` are what a browser would send, untouched."""

    def __init__(self, page: Any, action: str) -> None:
        super().__init__()
        self.action = action
        self.is_inside = False
        self.fields: dict[str, Attributes] = {}  # in their order, radios by their first
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("action") == self.action
        elif self.is_inside and tag in ("input", "textarea") and given.get("type") != "radio" and "name" in given:
            self.fields[given["name"]] = given

    @property
    def hidden(self) -> dict[str, str]:
        return {
            name: given.get("value", "") for name, given in self.fields.items() if given.get("type") == "hidden"
        }

    @property
    def open(self) -> dict[str, Attributes]:
        """What can be typed into, whether or not anybody sees it."""
        return {name: given for name, given in self.fields.items() if given.get("type") != "hidden"}
