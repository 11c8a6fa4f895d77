from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier, BoundedSemaphore
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from django.test import LiveServerTestCase, TestCase, override_settings

from contact import trouble
from contact.models import ContactRequest, Delivery, LaterVersion
from tests.contact.customer import choose_topic, fill_in, hidden, press_send
from tests.factories import make_topic

PARALLEL = 20


class ParallelTests(LiveServerTestCase):
    """Twenty equal POSTs at the same moment, through a real server with a thread for each."""

    def setUp(self):
        places = patch.object(trouble, "PLACES", BoundedSemaphore(PARALLEL))  # a web process has four threads
        places.start()
        self.addCleanup(places.stop)
        self.topic = make_topic(details=["order-number"])
        self.prepare()

    def prepare(self):
        """A new customer on the check page, whose browser is about to send."""
        self.client = self.client_class()
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        page = self.client.get("/en/contact/check/")
        token = self.client.cookies["csrftoken"].value
        self.body = urlencode(hidden(page) | {"csrfmiddlewaretoken": str(page.context["csrf_token"])})
        self.headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}; draft={self.client.cookies['draft'].value}",
        }

    def post_at_once(self, path):
        start = Barrier(PARALLEL)

        def post(_number):
            connection = HTTPConnection(urlsplit(self.live_server_url).netloc, timeout=30)
            connection.connect()
            start.wait()
            connection.request("POST", path, self.body, self.headers)
            response = connection.getresponse()
            response.read()
            connection.close()
            return response.status, response.headers["Location"]

        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(post, range(PARALLEL)))

    def test_make_one_request_with_one_receipt_for_all(self):
        answers = self.post_at_once("/en/contact/check/")
        assert {status for status, _location in answers} == {302}
        assert len({location for _status, location in answers}) == 1
        assert ContactRequest.objects.count() == 1
        assert Delivery.objects.count() == 2
        assert not LaterVersion.objects.exists()

    @override_settings(ROOT_URLCONF="tests.contact.naive_urls")
    def test_would_make_many_without_the_guard(self):
        answers = self.post_at_once("/naive/")
        assert {status for status, _location in answers} == {302}
        assert ContactRequest.objects.count() == PARALLEL


class SendingOnceTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        self.check = hidden(self.client.get("/en/contact/check/"))

    def send(self, **fields):
        return self.client.post("/en/contact/check/", self.check | fields)

    def assert_one_request(self):
        assert ContactRequest.objects.count() == 1
        assert Delivery.objects.count() == 2

    def test_sent_twice_is_sent_once(self):
        assert len({self.send()["Location"] for _time in range(20)}) == 1
        self.assert_one_request()

    def test_the_receipt_can_be_reloaded(self):
        receipt = self.send()["Location"]
        assert len({self.client.get(receipt).content for _time in range(20)}) == 1
        self.assert_one_request()

    def test_back_to_an_earlier_page_leads_to_the_receipt(self):
        receipt = self.send()["Location"]
        assert self.client.get("/en/contact/check/")["Location"] == receipt
        assert self.client.get("/en/contact/details/")["Location"] == receipt

    def test_back_and_continue_and_submit_leads_to_the_receipt(self):
        receipt = self.send()["Location"]
        again = fill_in(self.client, self.topic, draft=self.check["draft"])
        assert self.client.get(again["Location"])["Location"] == receipt
        assert self.send()["Location"] == receipt
        self.assert_one_request()

    def test_two_tabs_get_the_same_receipt_even_without_the_cookie(self):
        receipt = self.send()["Location"]
        other = self.client_class()
        assert other.post("/en/contact/check/", self.check)["Location"] == receipt
        self.assert_one_request()

    def test_a_replay_after_an_editor_changed_the_topic_is_still_a_replay(self):
        receipt = self.send()["Location"]
        self.topic.name = {"en": "Renamed", "es": "Otro"}
        self.topic.save()
        self.topic.topic_details.all().delete()
        assert self.send()["Location"] == receipt
        self.assert_one_request()

    def test_what_another_tab_changed_is_shown_before_it_is_sent(self):
        fill_in(self.client, self.topic, message="Written in another tab")
        page = self.send()
        self.assertContains(page, "was changed in another window")
        self.assertContains(page, "Written in another tab")
        assert not ContactRequest.objects.exists()
        self.client.post("/en/contact/check/", hidden(page))
        assert ContactRequest.objects.get().message == "Written in another tab"

    def test_other_words_after_sending_are_kept_and_told(self):
        receipt = self.send()["Location"]
        fill_in(self.client, self.topic, draft=self.check["draft"], message="I forgot to say this")
        page = self.client.get("/en/contact/check/")
        reference = ContactRequest.objects.get().reference
        self.assertContains(page, f"already sent this as request {reference}")
        for _time in range(3):
            assert self.client.post("/en/contact/check/", hidden(page))["Location"] == receipt
        assert ContactRequest.objects.get().message == "It is not here."
        assert {
            "key": "message",
            "label": "Your message",
            "value": "I forgot to say this",
        } in LaterVersion.objects.get().content
        self.assertContains(self.client.get(receipt), "I forgot to say this")
        told = Delivery.objects.latest("pk")
        assert (Delivery.objects.count(), told.recipient) == (3, "support@localhost")
        assert reference in told.subject
        assert "I forgot to say this" in told.body

    def test_going_back_to_the_first_words_is_a_later_version_too(self):
        receipt = self.send()["Location"]
        for message in ("It came.", "It is not here."):
            fill_in(self.client, self.topic, message=message)
            press_send(self.client)
        said = ["".join(row["value"] for row in version.content) for version in LaterVersion.objects.all()]
        assert ["It came." in words for words in said] == [True, False]
        assert Delivery.objects.count() == 2 + 2
        assert self.client.get("/en/contact/check/")["Location"] == receipt
        for _time in range(3):  # the first page, sent once more
            assert self.send()["Location"] == receipt
        assert LaterVersion.objects.count() == 2

    def test_another_topic_in_an_old_tab_is_another_request(self):
        self.send()
        other = make_topic(key="other")
        fill_in(self.client, other, draft=self.check["draft"], message="Another matter")
        press_send(self.client)
        assert ContactRequest.objects.count() == 2

    def test_without_its_deliveries_there_is_no_request(self):
        with self.settings(HELPCENTER_NAME=Unwritable()), self.assertRaises(ZeroDivisionError):
            self.send()
        assert not ContactRequest.objects.exists()

    def test_a_corrected_address_is_the_one_that_support_answers_to(self):
        self.send()
        fill_in(self.client, self.topic, draft=self.check["draft"], email="right@example.org")
        self.client.post("/en/contact/check/", hidden(self.client.get("/en/contact/check/")))
        assert Delivery.objects.latest("pk").headers["Reply-To"] == "right@example.org"


class Unwritable:
    """A brand that cannot be printed: the mail to the customer breaks after the request was stored."""

    def __str__(self) -> str:
        raise ZeroDivisionError
