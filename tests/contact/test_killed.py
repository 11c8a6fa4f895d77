"""D4: the web process is killed while customers upload and send.  What was acknowledged is stored, with its files
and its mails."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from django.db import connection
from django.test import TransactionTestCase

from contact.models import ContactRequest, Delivery, DraftRequest
from tests.contact.server import ready_drafts, web_server
from tests.factories import make_topic


class KilledUploadsTests(TransactionTestCase):
    kills = 3
    customers = 12

    def customer(self, server, draft, has_ended):
        """Uploads a file until there is an answer, then changes nothing and sends; what was in the file."""
        content = f"Mine is {draft.token}"
        while not has_ended.is_set() and server.upload(draft, "mine.txt", content).status != 200:
            time.sleep(0.1)
        shown = DraftRequest.objects.get(pk=draft.pk).digest
        connection.close()
        while not has_ended.is_set() and server.send(draft._replace(digest=shown))[0] != 302:
            time.sleep(0.1)
        return draft.pk, content

    def test_every_acknowledged_request_has_its_file_on_the_disk(self):
        drafts = ready_drafts(self.customers, make_topic())
        has_ended = Event()
        with web_server(workers=2) as server, ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(self.customer, server, draft, has_ended) for draft in drafts]
            killed = 0
            while killed < self.kills and not all(answer.done() for answer in answers):
                time.sleep(0.3)
                killed += server.kill_workers()
                server.wait()
            sent = [answer.result(60) for answer in answers]
            has_ended.set()
            for pk, content in sent:
                [file] = ContactRequest.objects.get(pk=pk).attachments.all()
                stored = Path(server.place, "attachments", file.path).read_bytes()
                assert stored == content.encode()
                assert hashlib.sha256(stored).hexdigest() == file.sha256
        print(f"{killed} kills, {len(sent)} customers with a file each")  # noqa: T201
        assert killed > 0


class KilledTests(TransactionTestCase):
    kills = 4
    customers = 40

    def customer(self, server, draft, has_ended):
        """Presses Send until there is an answer, as people do; where it led, and how often there was none."""
        unanswered = 0
        while not has_ended.is_set():
            status, location = server.send(draft)
            if status == 302:
                return draft.pk, location, unanswered
            unanswered += 1
            time.sleep(0.1)
        return draft.pk, "", unanswered

    def test_every_acknowledged_request_is_stored_once_with_its_deliveries(self):
        drafts = ready_drafts(self.customers, make_topic())
        has_ended = Event()
        with web_server(workers=2) as server, ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(self.customer, server, draft, has_ended) for draft in drafts]
            killed = 0
            while killed < self.kills and not all(answer.done() for answer in answers):
                time.sleep(0.15)
                killed += server.kill_workers()
                server.wait()
            answered = [answer.result(60) for answer in answers]
            has_ended.set()
        unanswered = sum(times for _pk, _location, times in answered)
        print(f"{killed} kills, {len(answered)} customers, {unanswered} times without an answer")  # noqa: T201
        for pk, location, _times in answered:
            assert location == ContactRequest.objects.get(pk=pk).get_absolute_url()
            assert Delivery.objects.filter(request=pk).count() == 2
        assert ContactRequest.objects.count() == self.customers
        assert killed > 0

    def test_who_tells_the_customer_first_loses_requests(self):
        [draft] = ready_drafts(1, make_topic())
        with web_server("tests.contact.naive_wsgi") as server:
            status, _location = server.send(draft, "/hasty/")
            server.kill_workers()
        connection.close()
        assert status == 302
        assert not ContactRequest.objects.exists()
