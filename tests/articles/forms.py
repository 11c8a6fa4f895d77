"""A form of the admin as a browser holds it: read from the page, changed, and posted."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """The values that the page's main form would post, buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.textarea = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.values[name] = given.get("value") or ("on" if kind == "checkbox" else "")
        elif tag == "textarea" and name:
            self.textarea, self.values[name] = name, ""
        elif tag == "select" and name:
            self.select = name
            if "multiple" not in given:  # of which a browser posts what is chosen, so perhaps nothing
                self.values[name] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.values[self.select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.values[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            self.values[self.textarea] = self.values[self.textarea].removeprefix("\n")
            self.textarea = ""
        elif tag == "select":
            self.select = ""


class Opened:
    """A page that somebody has open; what they type stays with it through a refused save."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.page = client.get(address)
        self.read()

    def read(self) -> None:
        assert self.page.status_code == 200, self.page.status_code
        html = self.page.content.decode()
        start = html.find("<form", html.find('id="content-main"'))
        parser = _Fields()
        parser.feed(html[start : html.find("</form>", start)])
        self.values = {name: value for name, value in parser.values.items() if "__prefix__" not in name}

    def save(self, **changes: str) -> Any:
        """Press Save with these fields changed; a page that comes back is the one that is open now."""
        self.values |= changes
        self.page = self.client.post(self.address, self.values)
        if self.page.status_code == 200:
            self.read()
        return self.page
