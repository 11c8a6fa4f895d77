"""One door for each dangerous thing: nobody else holds its key."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

APPS = ("articles", "flows", "search", "contact", "helpcenter")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            yield path.relative_to(settings.BASE_DIR).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Every module and every name of a module that the source imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def importers(*names: str) -> set[str]:
    return {path for path, tree in sources() if any(found in imported(tree) for found in names)}


def importers_below(package: str) -> set[str]:
    return {
        path for path, tree in sources() if any(f"{name}.".startswith(f"{package}.") for name in imported(tree))
    }


def templates() -> list[Path]:
    return sorted((settings.BASE_DIR / "templates").rglob("*.html"))


class DoorTests(SimpleTestCase):
    def test_only_the_markdown_module_calls_markup_safe(self):
        assert importers("django.utils.safestring.mark_safe", "django.utils.html.mark_safe") == {
            "articles/markdown.py"
        }
        for path in templates():
            text = path.read_text(encoding="utf-8")
            assert "|safe" not in text and "autoescape off" not in text, path

    def test_only_the_mail_module_sends_mail(self):
        assert importers_below("django.core.mail") | importers_below("smtplib") == {
            "contact/mail.py",
            "contact/mailservers.py",
        }

    def test_only_the_guarded_fetcher_asks_other_sites(self):
        assert importers_below("http.client") | importers("urllib.request.urlopen") == {"articles/fetching.py"}
        assert not importers_below("urllib.request") | importers_below("requests") | importers_below("httpx")
        # What it finds out is asked for by the worker's duty alone.
        assert importers("fetching.ask", "articles.fetching.ask") == set()
        assert {path for path, tree in sources() if "fetching.ask(" in ast.unparse(tree)} == {
            "articles/linkcheck.py"
        }

    def test_only_the_copier_opens_what_strangers_sent(self):
        assert importers_below("pikepdf") | importers_below("pillow_heif") == {"contact/copier.py"}
        opening_pictures = {path for path in importers_below("PIL") if path.startswith("contact/")}
        assert opening_pictures == {"contact/copier.py", "contact/thumbnails.py"}  # the latter of our own copies
        copier = ast.parse((settings.BASE_DIR / "contact/copier.py").read_text(encoding="utf-8"))
        assert not {name for name in imported(copier) if name.startswith(("django", "contact"))}

    def test_only_two_modules_reach_the_files_of_customers(self):
        assert importers("storage.attachments", "contact.storage.attachments") == {
            "contact/attachment.py",
            "contact/files.py",
        }

    def test_only_search_knows_the_engine(self):
        assert {path.split("/")[0] for path in importers_below("whoosh") | importers_below("haystack")} == {
            "search"
        }
        assert importers_below("whoosh") == {
            *("search/analysis.py", "search/documents.py", "search/engine.py", "search/generation.py")
        }

    def test_the_pages_hold_no_style_and_no_script_of_their_own(self):
        mails = settings.BASE_DIR / "templates" / "contact" / "email"  # they have no other place for theirs
        for path in templates():
            if path.parent == mails:
                continue
            text = path.read_text(encoding="utf-8")
            assert " style=" not in text and "<style" not in text, path
            assert "<script>" not in text and " onclick=" not in text, path

    def test_the_check_would_notice(self):
        tree = ast.parse("from django.utils.safestring import mark_safe\nimport whoosh.query")
        assert imported(tree) >= {"django.utils.safestring.mark_safe", "whoosh.query"}
