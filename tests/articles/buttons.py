"""Which buttons a form of a page has: Enter in one of its fields presses the first of them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Buttons(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.owners: dict[str, str] = {}  # of fields, by their ids
        self._form = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._form = given.get("id", "")
        owner = given.get("form", self._form)
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag in ("button", "input") and kind == "submit":
            self.found.setdefault(owner, []).append(f"{given.get('name', '')}={given.get('value', '')}")
        elif "id" in given:
            self.owners[given["id"]] = owner

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""


def buttons_of(html: str, form: str) -> list[str]:
    """As name=value, in their order, of the form with this id."""
    return _Buttons(html).found.get(form, [])


def form_of(html: str, field: str) -> str:
    """The id of the form that this field belongs to."""
    return _Buttons(html).owners[field]
