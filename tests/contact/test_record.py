"""The record: a zip that can be read, checked and compared without us."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile

from django.test import Client, TestCase, override_settings

from contact.facts import facts
from contact.models import ContactRequest
from contact.record import archive
from contact.storage import attachments
from tests.contact.customer import a_request, choose_topic, fill_in, press_send
from tests.contact.uploads import OwnStorage, file, upload
from tests.factories import make_staff, make_topic

HOSTILE = "<script>alert(1)</script><img src=https://evil.example/x.png>"


class RecordTests(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("late", details=["order-number"], answer_days=2)
        self.sent = a_request(self.client, self.topic, message=HOSTILE)
        self.link = f"{self.sent.get_absolute_url()}record.zip"

    def files(self) -> dict[str, bytes]:
        response = self.client.get(self.link)
        with zipfile.ZipFile(io.BytesIO(response.content)) as folder:
            assert folder.testzip() is None
            return {name: folder.read(name) for name in folder.namelist()}

    def test_is_downloaded_from_the_requests_page_by_whoever_holds_its_link(self):
        self.assertContains(Client().get(self.sent.get_absolute_url()), f'href="{self.link}"')
        response = Client().get(self.link)
        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"] == f'attachment; filename="{self.sent.reference}.zip"'
        assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("no-store", "noindex")
        assert not response.cookies

    def test_a_changed_link_is_not_found(self):
        for wrong in (self.link.replace(".", "0.", 1), f"/en/contact/requests/{self.sent.reference}/record.zip"):
            assert Client().get(wrong).status_code == 404

    def test_holds_a_page_and_the_facts_with_the_checksum_of_each_file(self):
        files = self.files()
        assert list(files) == ["request.html", "request.json", "SHA256SUMS"]
        sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
        assert sums == {
            name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"
        }
        said = json.loads(files["request.json"])
        assert facts(self.sent).items() <= said.items()
        page = {"name": "request.html", "bytes": len(files["request.html"]), "sha256": sums["request.html"]}
        assert said["manifest"] == [page]

    def test_its_page_needs_nothing_from_elsewhere_and_runs_nothing(self):
        page = self.files()["request.html"].decode()
        assert "&lt;script&gt;alert(1)" in page
        assert not re.search(r"<(script|img|link|iframe|object)|\ssrc=|\son\w+=", re.sub("&lt;.*?&gt;", "", page))
        for words in (self.sent.reference, "My order-number", f"{self.sent.promise.day} "):
            assert words in page

    def test_is_the_same_bytes_for_the_same_request_whatever_the_language_of_the_reader(self):
        again = [self.client.get(link).content for link in (self.link, self.link.replace("/en/", "/es/"))]
        assert again == [self.client.get(self.link).content] * 2

    def test_is_in_the_language_of_the_request(self):
        ContactRequest.objects.update(language="es")
        assert '<html lang="es">' in self.files()["request.html"].decode()

    def test_holds_what_was_sent_again(self):
        before = self.client.get(self.link).content
        fill_in(self.client, self.topic, message="Mended words")
        press_send(self.client)
        files = self.files()
        assert "Mended words" in files["request.html"].decode()
        said = json.loads(files["request.json"])["sent_again"]
        assert "Mended words" in [row["value"] for row in said[0]["content"]]
        assert self.client.get(self.link).content != before


class FilesTests(OwnStorage, TestCase):
    """The files that were sent with it; none that a virus scanner has not seen."""

    def setUp(self) -> None:
        super().setUp()
        topic = make_topic(details=["order-number"])
        choose_topic(self.client, topic)
        upload(self.client, file("Mañana.jpg"))
        fill_in(self.client, topic)
        press_send(self.client)
        self.sent = ContactRequest.objects.get()

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(archive(self.sent))) as folder:
            return {name: folder.read(name) for name in folder.namelist()}

    def test_are_there_with_their_checksums(self):
        stored, found = self.sent.files[0], self.files()
        assert hashlib.sha256(found["files/1-Mañana.jpg"]).hexdigest() == stored.sha256
        assert f"{stored.sha256}  files/1-Mañana.jpg" in found["SHA256SUMS"].decode()
        assert "Mañana.jpg" in found["request.html"].decode()

    def test_one_that_cannot_be_read_keeps_nobody_from_the_rest(self):
        attachments().delete(self.sent.files[0].path)
        with self.assertLogs("contact.record", "ERROR"):
            found = self.files()
        assert list(found) == ["request.html", "request.json", "SHA256SUMS"]
        assert "Mañana.jpg" in found["request.html"].decode()

    def test_are_shown_to_the_agent(self):
        self.client.force_login(make_staff("agent"))
        page = self.client.get(f"/admin/contact/contactrequest/{self.sent.pk}/change/")
        self.assertContains(page, "Mañana.jpg</a>")
        self.assertContains(page, "/thumbnail/")

    @override_settings(SCANNER="tcp://127.0.0.1:1")
    def test_withheld_ones_are_left_out(self):
        assert not [name for name in self.files() if name.startswith("files/")]
