"""The brand is set at the desk and seen at once: name, logo, colour, how one is reached, links, languages."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Picture

from articles import brand, branddesk, colours
from articles.brand import Brand
from articles.models import Deed, OldSlug, Translation
from contact import mail
from search import results, worker
from tests.articles.desk import person
from tests.contact.customer import a_request
from tests.factories import make_article, make_flow, make_translation
from tests.search.steps import fresh_index

pytestmark = pytest.mark.ignore_template_errors

PAGE = "/admin/articles/brand/"


def posted(**given: Any) -> dict[str, Any]:
    """What the browser posts for the row as it is now, with these changes."""
    known = Brand.objects.first() or Brand()
    data = {name: getattr(known, name) for name in ("name", "accent", "support_email", "phone", "postal_address")}
    data |= {"offered": known.languages, "seen": known.changed_at.isoformat() if known.pk else ""}
    data |= {"links-TOTAL_FORMS": "3", "links-INITIAL_FORMS": "0", "links-MIN_NUM_FORMS": "0"}
    return data | {"links-MAX_NUM_FORMS": "8"} | given


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 200), **more: Any) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Picture.new("RGB", size, "red").save(drawn, kind, **more)
    return SimpleUploadedFile(f"logo.{kind.lower()}", drawn.getvalue())


class AtTheDesk(TestCase):
    def setUp(self) -> None:
        self.ana = person("editor", "ana")
        self.client.force_login(self.ana)

    def save(self, **given: Any) -> Any:
        return self.client.post(PAGE, posted(**given), follow=True)


class BrandTests(AtTheDesk):
    def test_until_something_is_set_all_is_as_the_settings_say(self):
        with self.settings(HELPCENTER_NAME="Nut Shop", SUPPORT_EMAIL="ask@example.org"):
            assert (brand.name(), brand.support_email()) == ("Nut Shop", "ask@example.org")
            page = self.client.get("/en/")
        self.assertContains(page, "Nut Shop help center")
        self.assertNotContains(page, "<address>")
        self.assertContains(page, "brand/logo.svg")

    def test_name_and_contact_facts_are_seen_on_the_next_page(self):
        address = "Main Street 1\n28001 Madrid"
        self.save(name="Nuez", phone="+34 600 100 200", support_email="hola@example.org", postal_address=address)
        page = self.client.get("/es/")
        self.assertContains(page, "Centro de ayuda de Nuez")
        self.assertContains(page, 'href="tel:+34600100200"')
        self.assertContains(page, 'href="mailto:hola@example.org"')
        self.assertContains(page, "28001 Madrid")
        self.assertContains(self.client.get("/en/privacy/"), "mailto:hola@example.org")
        deed = Deed.objects.get(by=self.ana)
        assert (deed.label, deed.what) == ("Nuez", "changed")

    def test_mails_have_the_name_and_requests_go_on_going_where_the_settings_say(self):
        with self.settings(SUPPORT_EMAIL="desk@example.org"):
            self.save(name="Nuez", support_email="hola@example.org")
            sent = a_request()
            assert "Nuez" in mail.to_customer(sent, []).body
            assert mail.to_support(sent, []).recipient == "desk@example.org"

    def test_name_and_telephone_are_one_line_each(self):
        self.save(name="Nuez\r\nBcc: eve@example.com\u2028x", phone="+34 900\n100 200")
        stored = Brand.objects.get()
        assert (stored.name, stored.phone) == ("Nuez Bcc: eve@example.com x", "+34 900 100 200")

    def test_hostile_words_are_words(self):
        self.save(name="<script>hit()</script>", postal_address='"><img src=x onerror=hit()>')
        page = self.client.get("/en/")
        self.assertNotContains(page, "<script>hit")
        self.assertNotContains(page, "<img src=x")

    def test_links_in_the_readers_language_stand_at_the_foot(self):
        given = {"links-0-label_en": "Our shop", "links-0-label_es": "Nuestra tienda"}
        self.save(**given, **{"links-0-address": "https://example.org/shop"})
        self.assertContains(self.client.get("/es/"), '<a href="https://example.org/shop">Nuestra tienda</a>')
        self.assertContains(self.client.get("/en/"), '<a href="https://example.org/shop">Our shop</a>')
        self.assertContains(self.client.get(PAGE), 'value="Nuestra tienda"')

    def test_only_links_that_run_nothing(self):
        good = ["https://example.org", "http://x.org/?a=b#c", "mailto:a@example.org", "tel:+34600", "/en/privacy/"]
        bad = ["javascript:hit()", "JaVaScRiPt:hit()", "data:text/html,x", "//evil.org", "/\\evil.org", "https://"]
        bad += [
            "java\nscript:hit()",
            "ftp://x.org",
            "page",
            "http:///x",
            "https://[",
            " vbscript:x",
            "mailto:",
            "",
        ]
        assert [address for address in good if not branddesk.is_safe(address)] == []
        assert [address for address in bad if branddesk.is_safe(address)] == []
        page = self.save(**{"links-0-label_en": "X", "links-0-address": "javascript:hit()"})
        self.assertContains(page, "Write an address that begins with")
        assert not Brand.objects.exists()

    def test_a_link_without_words_is_an_error(self):
        page = self.save(**{"links-0-address": "https://example.org"})
        self.assertContains(page, "both words and an address")

    def test_what_is_wrong_is_said_and_kept(self):
        for given in ({"accent": "red"}, {"phone": "call us"}, {"support_email": "nobody"}, {"offered": []}):
            with self.subTest(given):
                page = self.save(name="Kept", **given)
                self.assertContains(page, "This is not saved yet.")
                self.assertContains(page, 'value="Kept"')
        assert not Brand.objects.exists()

    def test_a_change_of_somebody_else_is_not_overwritten_unseen(self):
        mine = posted(name="Mine")
        self.save(name="Theirs")
        page = self.client.post(PAGE, mine)
        self.assertContains(page, "Somebody else has saved this meanwhile")
        assert brand.name() == "Theirs"
        seen = Brand.objects.get().changed_at.isoformat()
        self.assertContains(page, seen)
        self.client.post(PAGE, mine | {"seen": seen})
        assert brand.name() == "Mine"

    def test_is_for_those_who_may(self):
        for group in ("author", "agent", "translator-es"):
            self.client.force_login(person(group))
            assert self.client.get(PAGE).status_code == 403
            assert self.client.post(PAGE, posted(name="X")).status_code == 403
        assert not Brand.objects.exists()
        assert self.client.get(f"{PAGE}add/").status_code == 403


class ColourTests(AtTheDesk):
    def test_shows_it_without_saving(self):
        page = self.client.post(PAGE, posted(accent="#FFCC00", show="1"))
        self.assertContains(page, "/brand/sample-ffcc00.css")
        self.assertContains(page, "On a dark page: words on buttons")
        assert not Brand.objects.exists()

    def test_its_stylesheet_is_ours_and_kept_for_ever(self):
        assert "/brand/" not in self.client.get("/en/").content.decode().split("<body")[0].replace(
            "static/brand", ""
        )
        self.save(accent="0A5A4A")
        address = Brand.objects.get().stylesheet_url
        self.assertContains(self.client.get("/en/"), f'<link rel="stylesheet" href="{address}">')
        response = self.client.get(address)
        assert response.content.decode() == colours.stylesheet("#0a5a4a")
        assert response["Cache-Control"] == "public, immutable, max-age=31536000"
        assert response["Content-Type"] == "text/css; charset=utf-8"
        with self.assertNumQueries(0):
            self.client.get(address)
        other = self.client.get("/brand/0a5a4a-0000000000.css")
        assert "immutable" not in other["Cache-Control"]
        assert self.client.get("/brand/0a5a4g-0000000000.css").status_code == 404

    def test_contrast_is_told_while_choosing(self):
        self.assertContains(self.client.get(f"{PAGE}contrast/?accent=%23ffcc00"), "made #")
        assert self.client.get(f"{PAGE}contrast/?accent=red").status_code == 404
        self.client.force_login(person("agent"))
        assert self.client.get(f"{PAGE}contrast/?accent=%23ffcc00").status_code == 403


class LogoTests(AtTheDesk):
    def test_is_drawn_anew_in_two_sizes(self):
        self.save(logo_file=picture("JPEG", exif=b"Exif\0\0CANARY"))
        known = Brand.objects.get()
        assert (known.logo_width, known.logo_height) == (80, 40)
        for url, size in ((known.logo_url, (80, 40)), (known.logo_large_url, (160, 80))):
            response = self.client.get(url)
            data = b"".join(response.streaming_content)
            assert Picture.open(io.BytesIO(data)).size == size
            assert b"CANARY" not in data
            assert "immutable" in response["Cache-Control"]
        self.assertContains(self.client.get("/en/"), f"{known.logo_large_url} 2x")
        self.save(without_logo="on")
        self.assertContains(self.client.get("/en/"), "brand/logo.svg")

    def test_a_very_wide_one_is_no_wider_than_there_is_room(self):
        self.save(logo_file=picture(size=(4000, 100)))
        assert Brand.objects.get().logo_width == branddesk.LOGO_WIDTH

    def test_svg_and_what_is_no_picture_are_refused_in_a_sentence(self):
        svg = SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>")
        for file in (svg, picture("GIF"), picture("BMP"), SimpleUploadedFile("logo.png", b"nothing")):
            with self.subTest(file.name):
                self.assertContains(self.save(logo_file=file), "An SVG may carry scripts")
        assert not Brand.objects.exists()

    def test_no_other_file_of_the_storage_is_given_out(self):
        for name in ("..%2Fdb.sqlite3", "x.png", "a" * 64 + ".png", "a" * 64 + ".svg"):
            assert self.client.get(f"/brand/{name}").status_code == 404


class LanguageTests(AtTheDesk):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_article()
        make_translation(self.article, "en", slug="returns", title="Returns")
        make_translation(self.article, "es", slug="devoluciones", title="Devoluciones")

    def switch_off(self, code: str = "es") -> None:
        self.save(offered=[each for each in ("en", "es") if each != code])

    def test_its_pages_lead_to_the_same_ones_in_another_language(self):
        self.switch_off()
        for here, there in (
            ("/es/", "/en/"),
            ("/es/privacy/?a=b&c=%C3%B1", "/en/privacy/?a=b&c=%C3%B1"),
            ("/es//evil.org/", "/en//evil.org/"),
        ):
            self.assertRedirects(self.client.get(here), there, fetch_redirect_response=False)
        self.assertRedirects(self.client.get("/es/articles/devoluciones/", follow=True), "/en/articles/returns/")

    def test_nothing_names_it_any_more(self):
        flow = make_flow("returns")
        before = [self.client.get(url) for url in ("/en/", "/en/articles/returns/", flow.get_absolute_url())]
        assert all('hreflang="es"' in page.content.decode() for page in before)
        self.switch_off()
        for url in (
            "/en/",
            "/en/articles/returns/",
            flow.get_absolute_url(),
            "/en/search/?q=returns",
            "/en/contact/",
        ):
            self.assertNotContains(self.client.get(url), 'hreflang="es"')
        assert self.client.get("/", headers={"Accept-Language": "es"}, follow=True).redirect_chain[-1][0] == "/en/"

    def test_what_is_written_only_in_it_is_not_offered_as_the_original(self):
        make_translation(make_article(), "es", slug="solo")
        self.assertContains(self.client.get("/en/articles/solo/"), "Not available in this language yet")
        self.switch_off()
        assert self.client.get("/en/articles/solo/").status_code == 404

    def test_what_was_typed_there_meanwhile_is_taken(self):
        self.switch_off()
        assert self.client.post("/es/contact/", {"topic": ""}).status_code != 302

    def test_the_last_one_stays(self):
        page = self.save(offered=[])
        self.assertContains(page, "Leave at least one language on offer.")
        with self.settings(LANGUAGES=[("es", "Spanish")]):
            assert Brand(languages_off=["es"]).languages == ["es"]

    def test_where_the_sites_own_language_is_off_another_one_takes_its_place(self):
        self.switch_off("en")
        self.assertRedirects(self.client.get("/en/"), "/es/")

    def test_nothing_of_it_is_deleted_and_all_comes_back(self):
        self.switch_off()
        assert Translation.objects.published().count() == 1
        assert Translation.objects.count() == 2
        self.save(offered=["en", "es"])
        self.assertContains(self.client.get("/es/articles/devoluciones/"), "Devoluciones")

    def test_the_desk_says_why_readers_do_not_see_it(self):
        self.switch_off()
        self.assertContains(self.client.get("/admin/articles/article/"), "its language is switched off")

    def test_an_old_slug_in_it_is_kept(self):
        text = Translation.objects.get(language="es")
        text.slug = "nuevo"
        text.save()
        self.switch_off()
        self.assertRedirects(self.client.get("/es/articles/nuevo/", follow=True), "/en/articles/returns/")
        assert OldSlug.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_index_has_no_text_of_a_language_that_is_off(tmp_path, monkeypatch) -> None:
    fresh_index(tmp_path, monkeypatch)
    make_translation(make_article(), "es", title="Devoluciones")
    worker.compare(every=0)
    assert len(results.search("devoluciones", "es").visible) == 1
    Brand(languages_off=["es"]).save()
    assert not results.search("devoluciones", "es").visible
    worker.compare(every=0)
    Brand(languages_off=[]).save()
    assert not results.search("devoluciones", "es").visible  # it is not in the index any more
    worker.compare(every=0)
    assert len(results.search("devoluciones", "es").visible) == 1


class KnownTests(TestCase):
    def test_is_asked_for_once_in_a_while_and_not_on_every_page(self):
        brand.forget()
        for count in (1, 0):
            with CaptureQueriesContext(connection) as queries:
                self.client.get("/en/privacy/")
            assert len(queries) == count

    def test_a_change_by_another_process_is_seen_within_seconds(self):
        with self.settings(BRAND_KEPT=0):
            brand.forget()
            assert brand.name() != "Nuez"
            Brand.objects.bulk_create([Brand(pk=1, name="Nuez")])  # as another process does: nobody tells this one
            assert brand.name() == "Nuez"

    def test_without_a_database_the_last_one_stands(self):
        Brand(name="Nuez").save()
        assert brand.name() == "Nuez"
        brand.forget()

        def refuse(*_args: Any) -> None:
            raise DatabaseError("away")

        with connection.execute_wrapper(refuse):
            assert brand.name() == "Nuez"

    def test_there_is_one_row(self):
        Brand(name="One").save()
        Brand(name="Other").save()
        assert [(one.pk, one.name) for one in Brand.objects.all()] == [(1, "Other")]
        assert Brand.objects.get().changed_at > timezone.now() - timedelta(minutes=1)
