"""The interface is whole in every language, and what is compiled is what is written."""

import ast
import re
from collections.abc import Iterator

import polib
from django.conf import settings
from django.test import SimpleTestCase

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")


GETTEXT = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}


def in_f_strings(code: str) -> Iterator[int]:
    """The lines of f-strings in which a message stands, where the tool that collects them does not look."""
    for whole in ast.walk(ast.parse(code)):
        if isinstance(whole, ast.JoinedStr):
            for call in ast.walk(whole):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT:
                    yield call.lineno


class CatalogueTests(SimpleTestCase):
    def setUp(self) -> None:
        folder = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES"
        self.written = polib.pofile(str(folder / "django.po"))
        self.compiled = polib.mofile(str(folder / "django.mo"))

    def test_nothing_is_missing_fuzzy_or_obsolete(self):
        assert len(self.written) > 300
        assert [entry.msgid for entry in self.written.untranslated_entries()] == []
        assert [entry.msgid for entry in self.written.fuzzy_entries()] == []
        assert [entry.msgid for entry in self.written.obsolete_entries()] == []

    def test_no_message_stands_where_it_is_not_collected(self):
        assert list(in_f_strings("""said = f"{_('Go on')} here\"""")) == [1]
        for app in ("articles", "flows", "search", "contact", "helpcenter"):
            for path in (settings.BASE_DIR / app).rglob("*.py"):
                assert list(in_f_strings(path.read_text(encoding="utf-8"))) == [], path

    def test_every_place_in_a_message_is_there_in_its_translation(self):
        for entry in self.written:
            texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
            wanted = set(PLACES.findall(entry.msgid_plural or entry.msgid))
            for text in texts:
                # One in the singular may be said in words.
                missing = wanted ^ set(PLACES.findall(text))
                assert not missing or (entry.msgid_plural and not set(PLACES.findall(text)) - wanted), entry.msgid

    def test_what_is_compiled_is_what_is_written(self):
        def texts(catalogue):
            return {
                (e.msgctxt, e.msgid): (e.msgstr, tuple(e.msgstr_plural.values())) for e in catalogue if e.msgid
            }

        assert texts(self.compiled) == texts(self.written)
