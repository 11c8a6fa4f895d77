"""S2: somebody holds the write lock.  Pages are read as ever, Send answers soon, what was typed is kept."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from django.test import TransactionTestCase

from contact.models import ContactRequest, Delivery
from contact.trouble import PATIENCE
from tests.contact.locks import held_write_lock
from tests.contact.server import ready_drafts, web_server, whole_site
from tests.factories import make_article, make_flow, make_topic, make_translation

PAGES = ["/en/", "/en/articles/late/", "/es/resolve/lost/start/", "/en/search/?q=parcel", "/en/contact/"]


class HeldLockTests(TransactionTestCase):
    seconds = 6  # the soak has 60
    at_once = 8  # customers who press Send in the same moment: as many as there are threads
    a_second = 2  # and in every second after that, until those who wait could see the lock released

    def setUp(self):
        self.topic = make_topic()
        make_translation(make_article(key="late"), title="My parcel is late", slug="late")
        make_flow("lost")

    def read(self, server, has_ended):
        """Seconds that each page took, one after the other."""
        answers = []
        while not has_ended.is_set():
            answers.append(server.get(PAGES[len(answers) % len(PAGES)]))
        assert {answer.status for answer in answers} == {200}
        return sorted(answer.seconds for answer in answers)

    def while_held(self, server, drafts, seconds):
        """The answers to Send, and the times of the pages, while nobody can write."""
        has_ended = Event()
        with ThreadPoolExecutor(len(drafts) + 1) as pool:
            with held_write_lock():
                reading = pool.submit(self.read, server, has_ended)
                sending = [pool.submit(server.press_send, draft) for draft in drafts[: self.at_once]]
                began = time.monotonic()
                for number, draft in enumerate(drafts[self.at_once :], 1):
                    time.sleep(max(0.0, began + number / self.a_second - time.monotonic()))
                    sending.append(pool.submit(server.press_send, draft))
                time.sleep(max(0.0, began + seconds - time.monotonic()))
                has_ended.set()
            return [future.result() for future in sending], reading.result()

    def test_pages_are_unaffected_and_a_request_comes_back_soon(self):
        later = int((self.seconds - PATIENCE - 0.5) * self.a_second)
        drafts = ready_drafts(self.at_once + later, self.topic)
        with whole_site() as server:
            for path in PAGES * 4:
                server.get(path)
            usual = self.usual(server)
            answers, pages = self.while_held(server, drafts, self.seconds)
            longest = max(answer.seconds for answer in answers)
            print(  # noqa: T201
                f"lock held for {self.seconds} s, {len(drafts)} requests: {len(pages)} pages, p95 "
                f"{at(pages, 0.95):.3f} s, longest {pages[-1]:.3f} s (p95 before: {at(usual, 0.95):.3f} s); "
                f"503 after at most {longest:.1f} s"
            )
            assert {answer.status for answer in answers} == {503}
            assert longest < 12
            assert at(pages, 0.95) < 1
            for number, answer in enumerate(answers):
                assert 0 < int(answer.headers["Retry-After"]) <= 60
                assert f"It is not here ({number})." in answer.body
            assert not ContactRequest.objects.exists()
            assert {server.press_send(draft).status for draft in drafts} == {302}
        assert ContactRequest.objects.count() == len(drafts)
        assert Delivery.objects.count() == 2 * len(drafts)

    def usual(self, server):
        has_ended = Event()
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(self.read, server, has_ended)
            time.sleep(1)
            has_ended.set()
            return reading.result()

    def test_where_everybody_waits_the_pages_wait_too(self):
        drafts = ready_drafts(self.at_once, self.topic)
        with web_server("tests.contact.patient_wsgi", workers=2) as server:
            _answers, pages = self.while_held(server, drafts, 3)
        assert pages[-1] > 2


def at(times, share):
    return times[min(len(times) - 1, int(share * len(times)))]
