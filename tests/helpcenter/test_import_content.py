"""Content files: loaded by key, twice the same as once, all or nothing, every mistake with its line."""

import shutil
import tempfile
from pathlib import Path
from unittest import skipUnless

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, Category, Deed, Image, OldSlug, PolicyFact, Translation
from flows.models import Flow, FlowVersion, Option, Step, Topic
from helpcenter.content import import_folder
from tests.factories import both, make_staff

DEMO = settings.BASE_DIR / "fixtures" / "demo"
MODELS = [Category, PolicyFact, Article, Translation, OldSlug, Image, Topic, Flow, FlowVersion, Step, Option]


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


class FolderTestCase(TestCase):
    """A copy of the demo help center to change."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp()) / "demo"
        shutil.copytree(DEMO, self.folder)
        self.addCleanup(shutil.rmtree, self.folder.parent)

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


class DemoTests(TestCase):
    def test_loads_and_twice_is_the_same_as_once(self):
        assert import_folder(DEMO) == []
        before, changed = counts(), list(Translation.objects.values_list("pk", "changed_at"))
        assert import_folder(DEMO) == []
        assert counts() == before
        assert list(Translation.objects.values_list("pk", "changed_at")) == changed

    def test_everything_is_in_both_languages(self):
        import_folder(DEMO)
        keys = {
            language: set(
                Translation.objects.published().in_language(language).values_list("article__key", flat=True)
            )
            for language in ("en", "es")
        }
        assert len(keys["en"]) >= 12
        assert keys["en"] == keys["es"]
        assert (
            Flow.objects.offered("en").count() == Flow.objects.offered("es").count() == Flow.objects.count() >= 3
        )

    def test_the_trail_names_each_flow_by_its_title(self):
        import_folder(DEMO)
        labels = set(Deed.objects.filter(subject_type__model="flow").values_list("label", flat=True))
        assert "A charge I don’t recognise" in labels
        assert labels == {str(flow) for flow in Flow.objects.all()}

    def test_no_text_names_what_readers_cannot_reach(self):
        import_folder(DEMO)
        from articles.markdown import render

        for translation in Translation.objects.all():
            assert render(translation.body, translation.language).missing == (), translation.slug


class ChangedTests(FolderTestCase):
    def test_a_changed_flow_becomes_a_new_published_version(self):
        import_folder(self.folder)
        name = "flows/parcel-says-delivered.yaml"
        title = Flow.objects.get(slug="parcel-says-delivered").published_version.steps.first().title.localize("en")
        self.replace(name, title, "Where was it sent?")
        assert import_folder(self.folder) == []
        flow = Flow.objects.get(slug="parcel-says-delivered")
        assert flow.published_version.number == 2
        assert flow.published_version.steps.first().title.localize("en") == "Where was it sent?"

    def test_a_draft_that_somebody_is_writing_stays(self):
        import_folder(self.folder)
        name = "flows/parcel-says-delivered.yaml"
        flow = Flow.objects.get(slug="parcel-says-delivered")
        shown = flow.published_version.steps.first().title.localize("en")
        draft = flow.make_draft(make_staff("editor"))
        draft.steps.filter(pk=draft.steps.first().pk).update(title=both("What I am writing"))
        assert import_folder(self.folder) == []
        assert Flow.objects.get(pk=flow.pk).published_version.number == 1
        self.replace(name, shown, "Where was it sent?")
        assert import_folder(self.folder) == []
        flow.refresh_from_db()
        assert flow.published_version.number == 2
        assert flow.published_version.steps.first().title.localize("en") == "Where was it sent?"
        draft.refresh_from_db()
        assert (flow.draft_version, draft.number) == (draft, 3)
        assert draft.steps.first().title.localize("en") == "What I am writing (en)"

    def test_a_draft_in_a_file_does_not_take_the_place_of_somebodys(self):
        import_folder(self.folder)
        name = "flows/parcel-says-delivered.yaml"
        flow = Flow.objects.get(slug="parcel-says-delivered")
        draft = flow.make_draft(make_staff("editor", "eva"))
        draft.steps.filter(pk=draft.steps.first().pk).update(title=both("What I am writing"))
        self.replace(name, "published: true", "published: false")
        warnings = []
        assert import_folder(self.folder, warnings) == []
        assert [str(one) for one in warnings] == [
            f"{name}:1: eva is writing a draft version, which stays. Discard it to load this one."
        ]
        assert flow.draft_version.steps.first().title.localize("en") == "What I am writing (en)"
        draft.delete()
        assert import_folder(self.folder, warnings) == []
        assert flow.draft_version.author is None

    def test_a_moment_without_a_zone_is_that_of_the_site(self):
        old = "published_at: 2026-09-07 09:00:00+00:00"
        new = "published_at: 2026-07-01 09:00:00\nwithdrawn_at: 2099-12-31"
        self.replace("articles/how-to-return.en.md", old, new)
        with timezone.override("America/Mexico_City"):
            assert import_folder(self.folder) == []
            text = Translation.objects.get(article__key="how-to-return", language="en")
            found = [timezone.localtime(moment) for moment in (text.published_at, text.withdrawn_at)]
        assert [f"{moment:%Y-%m-%d %H:%M}" for moment in found] == ["2026-07-01 09:00", "2099-12-31 00:00"]

    def test_a_changed_slug_leaves_the_old_address_working(self):
        import_folder(self.folder)
        old = Translation.objects.get(article__key="how-to-return", language="en").slug
        self.replace("articles/how-to-return.en.md", f"slug: {old}", "slug: send-it-back")
        assert import_folder(self.folder) == []
        self.assertRedirects(
            self.client.get(f"/en/articles/{old}/"), "/en/articles/send-it-back/", status_code=301
        )


class MistakeTests(FolderTestCase):
    def mistakes(self) -> list[str]:
        return [str(mistake) for mistake in import_folder(self.folder)]

    def line_of(self, name: str, words: str) -> int:
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)

    def test_nothing_is_loaded_when_anything_is_wrong(self):
        self.replace("articles/how-to-return.en.md", "category:", "kategory:")
        assert self.mistakes()
        assert set(counts().values()) == {0}

    def test_each_names_its_file_and_line(self):
        article, flow = "articles/how-to-return.es.md", "flows/ereader-problem.yaml"
        self.replace(article, "\n---\n", "\n---\nVer [esto](article:nowhere) y {{ no_such_fact }}.\n")
        self.replace(flow, "to: charge", "to: nowhere-at-all")
        self.replace("facts.yaml", "number:", "numbre:")
        self.replace("categories.yaml", "icon: parcel", "icon: truck")
        found = self.mistakes()
        line = self.line_of(article, "article:nowhere")
        assert f"{article}:{line}: There is no article “nowhere”." in found
        assert f"{article}:{line}: There is no policy fact “no_such_fact”." in found
        assert any(
            mistake.startswith(f"{flow}:") and "does not say which step follows" in mistake for mistake in found
        )
        line = self.line_of("facts.yaml", "numbre:")
        assert any(mistake.startswith(f"facts.yaml:{line}: “numbre” is not known here") for mistake in found)
        line = self.line_of("categories.yaml", "icon: truck")
        assert any(mistake.startswith(f"categories.yaml:{line}: “icon” must be one of") for mistake in found)

    def test_broken_yaml_and_a_key_given_twice_are_named(self):
        (self.folder / "facts.yaml").write_text("days: {number: 3}\nother: [\n", encoding="utf-8")
        self.replace("articles/how-to-return.en.md", "\nslug:", "\nslug: twice\nslug:")
        found = self.mistakes()
        assert any(mistake.startswith("facts.yaml:") and "This is not YAML" in mistake for mistake in found)
        assert any("“slug” stands here twice" in mistake for mistake in found)

    def test_what_is_not_utf_8_is_named_with_its_line(self):
        names = ["articles/how-to-return.es.md", "flows/ereader-problem.yaml", "topics.yaml"]
        for name in names:
            path = self.folder / name
            path.write_bytes(path.read_bytes().replace(b"\n", "\n# contraseña\n".encode("latin-1"), 1))
        (self.folder / "articles" / "folder.en.md").mkdir()
        said = [f"{name}:2: This is not UTF-8. Save the file as UTF-8." for name in names]
        assert self.mistakes() == ["articles/folder.en.md:1: This cannot be read: Is a directory.", *said]

    def test_what_is_too_long_is_a_sentence_on_every_database(self):
        name = "articles/how-to-return.en.md"
        self.replace(name, "\ntitle: ", f"\ntitle: {'x' * 200} ")
        self.replace("search.yaml", "{question: ", f"{{question: {'x' * 200} ")
        found = self.mistakes()
        line = self.line_of(name, "xxx")
        assert any(one.startswith(f"{name}:{line}: “title” has") for one in found)
        line = self.line_of("search.yaml", "xxx")
        assert any(one.startswith(f"search.yaml:{line}: “question” has") for one in found)
        assert len(found) == 2

    @skipUnless(connection.vendor == "postgresql", "SQLite takes any number")
    def test_what_only_the_database_refuses_is_a_sentence_too(self):
        for language in ("en", "es"):
            name = f"articles/how-to-return.{language}.md"
            self.replace(name, "\nposition:", "\nposition: 3000000000\n# position:")
        (found,) = self.mistakes()
        assert found == ".:1: The database does not take a value of these files: integer out of range."
        assert set(counts().values()) == {0}

    def test_a_sign_that_no_yaml_has_is_named_and_a_mark_in_front_is_no_mistake(self):
        (self.folder / "search.yaml").write_bytes(b"a: b\x07")
        marked = self.folder / "articles" / "how-to-return.en.md"
        marked.write_bytes(b"\xef\xbb\xbf" + marked.read_bytes())
        found = "\n".join(map(str, import_folder(self.folder)))
        assert "search.yaml:1: This cannot be read" in found
        assert "between two lines" not in found

    def test_names_and_numbers_that_nothing_could_hold_are_named(self):
        for name in ("article.en.md", "ñame.en.md"):
            path = self.folder / "articles" / f"an {name}"
            path.write_bytes((self.folder / "articles" / "how-to-return.en.md").read_bytes())
        (self.folder / "media" / ".DS_Store").write_bytes(b"no picture, and not meant as one")
        picture = next((self.folder / "media").glob("*.svg"))
        (self.folder / "media" / "my photo.svg").write_bytes(picture.read_bytes())
        (self.folder / "facts.yaml").write_text(
            "third: {number: 0.333}\nall: {number: 1000000000000}\nnone: {number: .nan}", encoding="utf-8"
        )
        found = "\n".join(map(str, import_folder(self.folder)))
        for place in ("articles/an article.en.md:", "articles/an ñame.en.md:", "media/my photo.svg:1:"):
            assert place in found
        for line in (1, 2, 3):
            assert f"facts.yaml:{line}: " in found
        assert ".DS_Store" not in found

    def test_kinds_that_do_not_fit_are_sentences_not_errors(self):
        self.replace("articles/how-to-return.en.md", "keywords:", "keywords: 7\nposition: many\nx:")
        (self.folder / "topics.yaml").write_text("- a list\n", encoding="utf-8")
        (self.folder / "flows" / "odd.yaml").write_text("steps: {a: 1, b: {kind: dance}}\n", encoding="utf-8")
        (self.folder / "media" / "odd.png").write_bytes(b"no picture")
        found = "\n".join(self.mistakes())
        for words in (
            "“keywords” must be a list",
            "“position” must be a whole number",
            "This file must be a mapping",
        ):
            assert words in found
        assert "“kind” must be one of: question, try, date, outcome." in found
        assert "media/odd.png:1: This is not a picture" in found

    def test_a_wait_names_one_unit_and_a_number_that_exists(self):
        name = "flows/parcel-says-delivered.yaml"
        for wrong, sentence in (
            ("hours: no_such_fact", "There is no fact “no_such_fact” with a number."),
            ("hours: support_hours", "There is no fact “support_hours” with a number."),
            ("hours: 2\n      days: 2", "A wait has one of: hours, days, working-days."),
            ("weeks: 2", "“weeks” is not known here"),
            ("hours: 9999", "A date needs its wait rule"),
        ):
            self.replace(name, "hours: delivered_wait_hours", wrong)
            with self.subTest(wrong):
                assert any(mistake.startswith(f"{name}:") and sentence in mistake for mistake in self.mistakes())
            self.replace(name, wrong, "hours: delivered_wait_hours")

    def test_the_command_says_them_and_fails(self):
        self.replace("articles/how-to-return.en.md", "category:", "kategory:")
        with pytest.raises(CommandError, match=r"how-to-return.en.md:\d+: “kategory” is not known here"):
            call_command("import_content", str(self.folder))
