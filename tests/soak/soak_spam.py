"""10,000 programs of three kinds and 200 people, all through the pages (B1)."""

from datetime import timedelta

from django.test import Client, TestCase, override_settings

from contact.models import ContactRequest
from tests.contact.customer import choose_topic, fill_in, hidden, press_send
from tests.contact.test_spam import shown_ago
from tests.factories import make_topic

BOTS, PEOPLE = 10_000, 200


@override_settings(FASTEST_REQUEST=2.0, REQUESTS_PER_EMAIL=10, REQUESTS_PER_NETWORK=20, TRUSTED_PROXIES=1)
class SpamTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        self.stolen = shown_ago(timedelta(hours=4))
        person = Client()
        assert self.walk(person, self.stolen).status_code == 302
        self.sent = hidden(self.check)

    def walk(self, client, started, **more):
        """The whole path of one visitor; the answer to the last button."""
        choose_topic(client, self.topic, started=started)
        response = fill_in(client, self.topic, **more)
        if response.status_code != 302:
            return response
        self.check = client.get("/en/contact/check/")
        return client.post("/en/contact/check/", hidden(self.check))

    def fills_in_everything(self, number):
        self.walk(Client(), shown_ago(timedelta(hours=1)), subject="x", email=f"bot{number}@e.com")

    def is_fast(self, number):
        self.walk(Client(), shown_ago(timedelta(seconds=0.3)), email=f"bot{number}@e.com")

    def replays(self, number):
        if number % 2:
            Client().post("/en/contact/check/", self.sent)
        else:
            self.walk(Client(), self.stolen, email=f"bot{number}@e.com")

    def test_programs_are_refused(self):
        before = ContactRequest.objects.count()
        for number in range(BOTS):
            (self.fills_in_everything, self.is_fast, self.replays)[number % 3](number)
        passed = ContactRequest.objects.count() - before
        print(f"{BOTS} programs: {passed} requests ({1 - passed / BOTS:.2%} refused)")  # noqa: T201
        assert passed <= BOTS * 0.005

    def test_without_the_guards_programs_would_pass(self):
        with self.settings(FASTEST_REQUEST=0.0):
            for number in range(3):
                self.is_fast(number)
        assert ContactRequest.objects.count() == 1 + 3

    def test_no_person_is_refused(self):
        paces = [timedelta(seconds=4), timedelta(minutes=5), timedelta(hours=4), timedelta(hours=23)]
        answers = []
        for number in range(PEOPLE):
            client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": f"198.51.100.{number}"})
            answer = self.walk(client, shown_ago(paces[number % 4]), email=f"person{number}@e.com")
            answers.append(answer.status_code)
        print(f"{PEOPLE} people: {PEOPLE - answers.count(302)} refused")  # noqa: T201
        assert set(answers) == {302}

    def test_a_person_who_is_taken_for_a_program_presses_again(self):
        client = Client()
        assert self.walk(client, "", email="fast@e.com").status_code == 429
        with self.settings(FASTEST_REQUEST=0.0):
            assert press_send(client).status_code == 302
