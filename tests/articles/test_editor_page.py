"""What the editor's page asks for: previews in both colours, things to point at, a place for pictures."""

import io
import re
import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from PIL import Image as Picture

from articles import picking
from articles.models import Image, Unsaved
from tests.factories import make_article, make_fact, make_flow, make_staff, make_translation

CHOOSE = "/admin/articles/article/choose"
ADD = "/admin/articles/article/picture/"


def drawn(colour: str = "red") -> SimpleUploadedFile:
    file = io.BytesIO()
    Picture.new("RGB", (600, 300), colour).save(file, "PNG")
    return SimpleUploadedFile("Screenshot 1.png", file.getvalue())


class ChoosingTests(TestCase):
    def setUp(self) -> None:
        self.client.force_login(make_staff("author"))

    def found(self, kind: str, asked: str = "", language: str = "es") -> list[dict[str, Any]]:
        answer = self.client.get(f"{CHOOSE}/{kind}/", {"q": asked, "language": language}).json()
        self.said = answer["said"]
        return list(answer["found"])

    def titles(self, kind: str, asked: str = "", language: str = "es") -> list[str]:
        return [one["title"] for one in self.found(kind, asked, language)]

    def test_finds_articles_without_accents_and_by_their_keywords(self):
        article = make_article(key="returns")
        make_translation(
            article, "es", title="¿Cómo devolver un artículo?", keywords="reembolso\ncambiar de opinión"
        )
        make_translation(article, "en", title="How to return?")
        make_translation(title="Other", language="es")
        for asked in ("articulo devolver", "OPINION", "returns", "artículo"):
            assert self.titles("links", asked) == ["¿Cómo devolver un artículo?"], asked
        assert self.found("links", "devolver")[0]["insert"] == "article:returns"
        assert self.found("links", "return?") == []
        assert self.said == "Nothing found. Try fewer or other words."

    def test_what_is_written_in_another_language_alone_is_found_and_says_so(self):
        make_translation(language="en", title="Only English", published=False)
        assert self.found("links", "only")[0]["note"] == "Article in English · readers do not see it"

    def test_flows_stand_beside_articles(self):
        make_flow("late", title={"en": "Late parcel", "es": "Envío con retraso"})
        make_flow("draft", title={"en": "Draft", "es": "Borrador de envío"}, published=False)
        make_translation(language="es", title="Gastos de envío")
        found = {one["insert"].partition(":")[0]: one["note"] for one in self.found("links", "envio")}
        assert found.keys() == {"article", "flow"}
        assert self.titles("links", "envio") == ["Envío con retraso", "Gastos de envío", "Borrador de envío"]
        assert self.found("links", "borrador")[0]["note"] == "Guide · readers do not see it"

    def test_facts_show_what_they_say_now(self):
        make_fact("return_days", 30)
        make_fact("hours", phrase={"en": "9 to 6", "es": "de 9 a 18 h"})
        assert self.found("facts", "return days") == [
            {"insert": "{{ return_days }}", "title": "return_days", "note": "30", "picture": ""}
        ]
        assert self.titles("facts", "de 9") == ["hours"]

    def test_the_number_of_queries_is_the_same_whatever_there_is(self):
        counts = []
        for _time in range(2):
            for number in range(15):
                make_translation(title=f"Title {number}")
                make_fact(f"fact_{PolicyFactNumber.next()}", number)
                make_flow()
            with self.assertNumQueries(picking_queries("links")):
                self.client.get(f"{CHOOSE}/links/", {"language": "en"})
            with self.assertNumQueries(picking_queries("facts")):
                self.client.get(f"{CHOOSE}/facts/")
            counts.append(len(self.found("links", "title", "en")))
        assert counts == [picking.MOST, picking.MOST]
        assert "One more word finds the others" in self.said

    def test_each_kind_is_for_those_who_may_see_it(self):
        make_translation(title="Seen")
        self.client.force_login(make_staff("agent"))
        assert self.titles("links", "", "en") == ["Seen"]
        assert self.client.get(f"{CHOOSE}/facts/").status_code == 403
        assert self.client.get(f"{CHOOSE}/nothing/").status_code == 404
        self.client.logout()
        assert self.client.get(f"{CHOOSE}/links/").status_code == 302


class PolicyFactNumber:
    number = 0

    @classmethod
    def next(cls) -> int:
        cls.number += 1
        return cls.number


def picking_queries(kind: str) -> int:
    """The session, the person and two for their permissions; then one for each kind, but two for facts."""
    return 4 + {"links": 2, "facts": 2}[kind]


class PictureTests(TestCase):
    def setUp(self) -> None:
        self.enterContext(self.settings(MEDIA_ROOT=self.enterContext(tempfile.TemporaryDirectory())))
        self.client.force_login(make_staff("author"))

    def add(self, **given: Any) -> Any:
        return self.client.post(ADD, {"file": drawn(), "alt": "", "name": ""} | given)

    def test_a_picture_is_stored_and_named_after_what_it_shows(self):
        assert self.add(alt="The button «Send»").json() == {"name": "the-button-send.png", "said": ""}
        assert Image.objects.get().widths == [480, 600]

    def test_the_name_that_was_given_comes_first(self):
        assert self.add(alt="What it shows", name="Send button").json()["name"] == "send-button.png"

    def test_the_same_picture_is_the_one_that_is_here(self):
        self.add(alt="First")
        assert self.add(alt="Second").json() == {
            "name": "first.png",
            "said": "This picture was here already, as “first.png”.",
        }
        assert Image.objects.count() == 1

    def test_what_is_wrong_with_it_is_said(self):
        answer = self.add(file=SimpleUploadedFile("x.png", b"<svg onload=hit()>"))
        assert (answer.status_code, answer.json()) == (
            400,
            {"error": "This is not a picture in PNG, JPEG, WebP or GIF."},
        )
        assert self.client.post(ADD).json() == {"error": "Choose a picture."}
        with override_settings(FILE_SIZE=50):
            assert "too large: 50\xa0bytes" in self.add().json()["error"]
        assert not Image.objects.exists()

    def test_a_name_that_texts_cannot_use_is_refused_on_the_page_of_the_pictures_too(self):
        answer = self.client.post("/admin/articles/image/add/", {"name": "my (new) photo.png", "file": drawn()})
        self.assertContains(answer, "Use letters, digits, dots, hyphens and underscores only.")
        self.client.post("/admin/articles/image/add/", {"name": "my-photo.png", "file": drawn()})
        assert Image.objects.get().widths == [480, 600]

    def test_is_for_those_who_may_add_pictures(self):
        for group in ("agent", "translator-es"):
            self.client.force_login(make_staff(group))
            assert self.add().status_code == 403
        assert self.client.get(ADD).status_code == 405
        assert not Image.objects.exists()


class PreviewTests(TestCase):
    def preview(self, **given: str) -> Any:
        data = {"preview": "t-0", "t-0-language": "es", "t-0-title": "Título", "t-0-body": "Texto"}
        return self.client.post("/admin/articles/article/preview/", data | given)

    def test_shows_the_colours_that_were_asked_for(self):
        self.client.force_login(make_staff("author"))
        assert '<html lang="es" class="dark">' in self.preview(**{"_colours-t-0": "dark"}).content.decode()
        for nothing in ({}, {"_colours-t-0": '"><script>'}):
            assert '<html lang="es">' in self.preview(**nothing).content.decode()

    def test_both_ways_to_the_dark_colours_are_the_same(self):
        css = (settings.BASE_DIR / "static/css/site.css").read_text()
        browser, asked = re.findall(r":root(?::not\(\.light\)|\.dark) \{([^}]*)\}", css)
        assert browser.split() == asked.split()
        assert "--paper" in asked
        assert css.count("prefers-color-scheme") == 1

    def test_a_translator_sees_the_own_language_alone(self):
        self.client.force_login(make_staff("translator-es"))
        assert self.preview().status_code == 200
        assert self.preview(**{"t-0-language": "en"}).status_code == 403


class FormTests(TestCase):
    """The tools are at the text for those who may use them, and nothing of them is posted."""

    def page(self, group: str) -> str:
        article = make_article()
        make_translation(article)
        self.client.force_login(make_staff(group))
        return self.client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()

    def test_an_author_finds_all_of_it(self):
        page = self.page("author")
        for part in (
            'id="toolbar"',
            'id="choose-links"',
            'id="choose-facts"',
            'id="picture-file"',
            "writing-help",
        ):
            assert part in page, part
        assert page.index("</form>") < page.index("<dialog")
        assert f'data-most="{settings.FILE_SIZE}"' in page

    def test_who_may_only_look_sees_no_tools(self):
        page = self.page("agent")
        assert 'id="picture-file"' not in page
        assert "<textarea" not in page

    def test_a_translator_has_them_beside_the_source(self):
        article = make_article(source_language="en")
        make_translation(article, "en")
        self.client.force_login(make_staff("translator-es"))
        page = self.client.get(f"/admin/articles/article/{article.pk}/translate/es/").content.decode()
        assert 'id="choose-links"' in page
        assert 'id="picture-file"' not in page

    def test_what_the_preview_is_set_to_is_not_kept_with_what_is_typed(self):
        self.client.force_login(make_staff("author"))
        typed = {"seen": "{}", "place": "/admin/x/", "t-0-body": "Typed", "_colours-t-0": "dark"}
        self.client.post("/admin/articles/article/keep/", typed)
        assert Unsaved.objects.get().fields.keys() == {"seen", "t-0-body"}
