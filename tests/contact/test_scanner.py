"""U4: a virus scanner that speaks clamd's protocol: it finds something, hangs, is absent, or talks nonsense."""

import time
from datetime import timedelta
from unittest.mock import patch

from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from contact import scanning
from contact.attachment import Attachment
from contact.checks import scanner_answers, scanner_has_an_address
from contact.models import ContactRequest
from contact.storage import attachments
from tests.contact.clamd import scanner
from tests.contact.customer import choose_topic, fill_in, press_send, the_draft
from tests.contact.smtp import free_port
from tests.contact.uploads import EICAR, OwnStorage, content_of, file, stored, upload
from tests.factories import make_staff, make_topic

NONSENSE = (
    b"stream: OK I think\0",
    b"stream: FOUND OK\0",
    b"OK\0",
    b"INSTREAM size limit exceeded. ERROR\0",
    b"stream: Heuristics ERROR\0",
    b"stream: OK",
    b"\0",
    b"",
)


def hangs(_content):
    return None


class WithTopic(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def upload(self, content=b"All is well", name="log.txt"):
        return upload(self.client, file(name, content))

    def send(self):
        fill_in(self.client, self.topic)
        receipt = press_send(self.client)["Location"]
        assert "/requests/" in receipt
        return receipt

    def agents_answer(self):
        """What an agent sees of the file, and the status of its download."""
        agent = self.client_class()
        agent.force_login(make_staff("agent"))
        sent = ContactRequest.objects.get()
        page = agent.get(f"/admin/contact/contactrequest/{sent.pk}/change/").content.decode()
        [attachment] = sent.attachments.all()
        place = f"/admin/contact/contactrequest/{sent.pk}/files/{attachment.pk}/"
        response = agent.get(place)
        content_of(response)
        return page, response.status_code


class ScannedTests(WithTopic):
    def test_what_is_clean_is_given_out_and_said_to_be_scanned(self):
        with scanner() as server:
            self.upload()
            self.send()
            page, status = self.agents_answer()
        assert server.scanned == [b"All is well"]
        assert "scanned, nothing found" in page and status == 200

    def test_what_is_infected_is_refused_and_nowhere(self):
        with scanner():
            page = self.upload(EICAR, "letter.txt")
            self.assertContains(page, "Our virus scanner found something in “letter.txt”")
            self.assertContains(page, "Send a screenshot of it instead.")
        assert not Attachment.objects.exists() and stored() == {}

    def test_over_a_unix_socket_too(self):
        with scanner(path=self.folder / "clamd.ctl"):
            assert "found something" in self.upload(EICAR).content.decode()
            self.upload()
            assert not the_draft().files[0].is_withheld

    def test_a_large_file_arrives_whole(self):
        content = b"0123456789" * 50_000
        with scanner() as server:
            self.upload(content)
        assert server.scanned == [content]


class SilentTests(WithTopic):
    """The file is kept, the request goes on, and nobody gets the file until it has been scanned."""

    def assert_withheld_and_sent(self):
        receipt = self.send()
        page, status = self.agents_answer()
        assert "not scanned yet, withheld until then" in page and "scanned, nothing found" not in page
        assert status == 404
        shown = self.client.get(receipt)
        self.assertContains(shown, "log.txt")
        self.assertNotContains(shown, f"/files/{Attachment.objects.get().pk}/")

    @override_settings(SCANNER=f"tcp://127.0.0.1:{free_port()}")
    def test_absent(self):
        self.upload()
        self.assert_withheld_and_sent()

    @override_settings(SCANNER="unix:///nowhere/clamd.ctl")
    def test_absent_on_a_unix_socket(self):
        self.upload()
        self.assert_withheld_and_sent()

    def test_hanging_costs_the_customer_a_bounded_time_and_once(self):
        with scanner(hangs), patch.object(scanning.scan, "__defaults__", (0.4,)):
            began = time.monotonic()
            self.upload()
            assert 0.4 <= time.monotonic() - began < 2
            began = time.monotonic()
            self.upload(b"Another one", "other.txt")
            assert time.monotonic() - began < 0.4
            the_draft().files[1].delete()
            self.assert_withheld_and_sent()

    def test_nonsense_is_never_taken_for_clean(self):
        for said in NONSENSE:
            with scanner(lambda _content, said=said: said), patch.object(scanning.scan, "__defaults__", (0.2,)):
                self.upload(repr(said).encode(), "log.txt")
                [attachment] = the_draft().files
                assert attachment.is_withheld and not attachment.scanned_at, said
                attachment.delete()

    def test_without_a_scanner_files_are_given_out_and_nothing_is_claimed(self):
        self.upload()
        self.send()
        page, status = self.agents_answer()
        assert "not scanned" in page and "scanned, nothing found" not in page and "withheld" not in page
        assert status == 200


class LaterTests(WithTopic):
    def setUp(self):
        super().setUp()
        with override_settings(SCANNER=f"tcp://127.0.0.1:{free_port()}"):
            self.upload(EICAR, "bad.txt")
            self.upload(b"good", "good.txt")
        for name in (scanning.AWAY, scanning.PUT_OFF):
            self.addCleanup(scanning.cache.delete, name)
            scanning.cache.delete(name)

    def work(self):
        with self.assertLogs("contact.scanning", "WARNING"):
            assert scanning.scan_due() is None

    def test_the_worker_scans_what_is_waiting(self):
        self.send()
        with scanner() as server:
            self.work()
            assert len(server.scanned) == 2
            bad, good = ContactRequest.objects.get().files
            assert bad.is_withheld and not good.is_withheld
            agent = self.client_class()
            agent.force_login(make_staff("agent"))
            page = agent.get(f"/admin/contact/contactrequest/{bad.request_id}/change/")
            self.assertContains(page, "infected: Eicar-Test-Signature. Withheld.")
            scanning.scan_due()
            assert len(server.scanned) == 2
        assert bad.is_withheld  # without a scanner, too
        assert Attachment.objects.get(pk=bad.pk).is_withheld

    def test_what_was_not_sent_yet_is_removed_and_its_owner_told(self):
        with scanner():
            self.work()
        page = self.client.get("/en/contact/details/")
        self.assertContains(page, "Our virus scanner found something in “bad.txt”", count=2)
        assert [each.name for each in the_draft().files] == ["good.txt"]

    def test_an_absent_scanner_is_asked_again_later(self):
        with override_settings(SCANNER=f"tcp://127.0.0.1:{free_port()}"), self.assertLogs("contact.scanning"):
            assert scanning.scan_due() == scanning.AGAIN
        assert Attachment.objects.waiting_for_scan().count() == 2

    def assert_only_the_first_waits(self):
        """It is looked at again later, and until then the scanner is there for the others."""
        assert [each.name for each in Attachment.objects.waiting_for_scan()] == ["bad.txt"]
        assert not scanning.cache.get(scanning.AWAY)
        with self.assertNoLogs("contact.scanning"):
            assert scanning.scan_due() is None

    def test_a_file_that_cannot_be_read_holds_up_no_other(self):
        path = Attachment.objects.get(name="bad.txt").path
        attachments().delete(path)
        with scanner():
            with self.assertLogs("contact.scanning", "ERROR"):
                assert scanning.scan_due() is None
            self.assert_only_the_first_waits()

    def test_a_file_that_the_scanner_makes_nothing_of_holds_up_no_other(self):
        def answer(content):
            return b"INSTREAM size limit exceeded. ERROR\0" if content == EICAR else b"stream: OK\0"

        with scanner(answer):
            self.work()
            self.assert_only_the_first_waits()
        with scanner():
            scanning.cache.delete(scanning.PUT_OFF)
            self.work()
        assert not Attachment.objects.waiting_for_scan().exists()

    def test_monitoring_hears_of_files_that_wait(self):
        Attachment.objects.update(added_at=timezone.now() - timedelta(minutes=20))
        call_command("check_deliveries", verbosity=0)
        with scanner(), self.assertRaises(SystemExit):
            call_command("check_deliveries", verbosity=0)


class CheckTests(TestCase):
    def test_an_address_that_is_none_stops_the_start(self):
        for address in ("127.0.0.1:3310", "tcp://127.0.0.1", "http://x:1", "unix://relative", "tcp://h:99999"):
            with override_settings(SCANNER=address):
                assert [found.id for found in scanner_has_an_address()] == ["contact.E003"], address
        for address in ("", "tcp://127.0.0.1:3310", "unix:///run/clamav/clamd.ctl", "tcp://[::1]:3310"):
            with override_settings(SCANNER=address):
                assert scanner_has_an_address() == []

    def test_one_that_does_not_answer_is_told(self):
        with override_settings(SCANNER=f"tcp://127.0.0.1:{free_port()}"):
            assert [found.id for found in scanner_answers()] == ["contact.W005"]
        with scanner():
            assert scanner_answers() == []
