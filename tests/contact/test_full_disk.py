"""S3 for uploads: no room where files come in, are copied or stored; said in words, nothing half stored."""

import os
import resource
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import skipUnless

from django.core.files.base import ContentFile
from django.test import TestCase

from contact.storage import attachments
from tests.contact.customer import choose_topic, fill_in, the_draft, typed
from tests.contact.uploads import OwnStorage, file, storage_in, stored, upload
from tests.factories import make_topic

TEXT = b"0123456789abcdef" * 4096  # 64 KB


def can_mount() -> bool:
    """Whether we may make a disk of our own, as root of a machine may."""
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as place:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, check=False)  # noqa: S603, S607
        if mounted.returncode == 0:
            subprocess.run(["umount", place], check=True)  # noqa: S603, S607
        return mounted.returncode == 0


@contextmanager
def small_disk(kilobytes):
    """A real disk with room for that much."""
    with tempfile.TemporaryDirectory() as place:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place]
        subprocess.run(mount, check=True)  # noqa: S603
        try:
            yield Path(place)
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S603, S607


@contextmanager
def no_file_over(size):
    """The system refuses to write more than that into any file of this process, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


class WithTopic(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def assert_said(self, page):
        self.assertContains(page, "We cannot store “log.txt” at the moment.", count=1)
        assert not the_draft().files


@skipUnless(can_mount(), "only root can make a small disk")
class FullDiskTests(WithTopic):
    def test_no_room_to_come_in(self):
        with small_disk(16) as place, storage_in(place), self.assertLogs("contact"):
            self.assert_said(upload(self.client, file("log.txt", TEXT)))

    def test_no_room_for_the_copy(self):
        with small_disk(100) as place, storage_in(place), self.assertLogs("contact"):
            self.assert_said(upload(self.client, file("log.txt", TEXT)))
            assert stored() == {}

    def test_no_room_to_store_it_and_it_goes_on_when_there_is_room_again(self):
        with small_disk(160) as place, storage_in(place):
            with self.assertLogs("contact"):
                self.assert_said(upload(self.client, file("log.txt", TEXT)))
            assert stored() == {}  # no half of it
            upload(self.client, file("small.txt", b"small"))
            assert [each.name for each in the_draft().files] == ["small.txt"]

    def test_what_was_typed_is_kept_and_the_request_goes_on_without_it(self):
        with small_disk(16) as place, storage_in(place), self.assertLogs("contact"):
            fields = typed(self.topic, message="Typed") | {"files": file("log.txt", TEXT)}
            page = self.client.get(self.client.post("/en/contact/details/", fields)["Location"])
            self.assertContains(page, "We cannot store “log.txt” at the moment.", count=2)
            self.assertContains(page, "Typed")
        assert fill_in(self.client, self.topic)["Location"] == "/en/contact/check/"


class NoRoomTests(WithTopic):
    """The same for everybody who is not root."""

    def test_the_storage_keeps_no_half(self):
        with no_file_over(10_000):
            for content in (TEXT, TEXT[:20_000]):
                with self.assertRaises(OSError):
                    attachments().save("ab/abc", ContentFile(content))
        assert not list((self.folder / "attachments" / "ab").iterdir())
        assert attachments().save("ab/abc", ContentFile(TEXT)) == "ab/abc"

    def test_before_the_disk_is_full_files_stop_and_requests_go_on(self):
        with self.settings(KEPT_FREE=10**18), self.assertLogs("contact"):
            self.assert_said(upload(self.client, file("log.txt", TEXT)))
        assert fill_in(self.client, self.topic)["Location"] == "/en/contact/check/"

    def test_a_folder_that_cannot_be_entered_is_the_same(self):
        (self.folder / "attachments").write_bytes(b"a file where the folder should be")
        with self.assertLogs("contact"):
            self.assert_said(upload(self.client, file("log.txt", TEXT)))
