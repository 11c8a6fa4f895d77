"""B1: programs are refused, people are not; all of them go through the pages, one after the other."""

from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from unittest.mock import patch

from django.test import Client, TestCase, override_settings
from django.utils import timezone

from contact.models import ContactRequest, LaterVersion
from contact.spam import LATER_VERSIONS
from tests.contact.customer import choose_topic, fill_in, hidden, typed
from tests.contact.forms import Form
from tests.factories import STEPS, make_flow, make_topic

TOPIC, DETAILS, CHECK = "/en/contact/", "/en/contact/details/", "/en/contact/check/"
FLOW = {"flow": "lost", "start": "no"}
SITE = override_settings(FASTEST_REQUEST=2.0, REQUESTS_PER_EMAIL=10, REQUESTS_PER_NETWORK=20, TRUSTED_PROXIES=1)


@contextmanager
def after(seconds):
    """So long after now, for all that looks at the clock."""
    moment = timezone.now() + timedelta(seconds=seconds)
    with (
        patch("django.utils.timezone.now", lambda: moment),
        patch("django.core.signing.time.time", moment.timestamp),
    ):
        yield


class Visits(TestCase):
    def setUp(self):
        self.topic = make_topic(key="lost", details=["order-number"])
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})

    def stored(self):
        return ContactRequest.objects.count() + LaterVersion.objects.count()


@SITE
class ProgramsTests(Visits):
    programs = 100  # the soak has 10,000

    def setUp(self):
        super().setUp()
        self.seen = Client()  # whom the replaying ones have listened to
        page = self.seen.get(TOPIC)
        self.started = Form(page, TOPIC).hidden["started"]
        with after(60):
            choose_topic(self.seen, self.topic, started=self.started)
            fill_in(self.seen, self.topic)
            self.sent = hidden(self.seen.get(CHECK))
            assert self.seen.post(CHECK, self.sent).status_code == 302
        ContactRequest.objects.update(created_at=timezone.now())
        self.details = typed(self.topic) | {"draft": self.sent["draft"], "started": self.started}

    def fills_in_everything(self, number):
        """Takes its time, but fills in whatever can be filled in."""
        client = Client()
        client.get(DETAILS, FLOW)
        form = Form(client.get(DETAILS), DETAILS)
        with after(60):
            client.post(DETAILS, form.hidden | dict.fromkeys(form.open, f"bot{number}@example.org"))
            self.presses_send(client)

    def is_fast(self, number):
        """The whole path in 0.3 seconds."""
        client = Client()
        started = Form(client.get(TOPIC), TOPIC).hidden["started"] if number % 2 else ""
        with after(0.3):
            choose_topic(client, self.topic, started=started)
            fill_in(client, self.topic, email=f"bot{number}@example.org")
            self.presses_send(client)

    def replays_the_last_form(self, _number):
        with after(120):
            Client().post(CHECK, self.sent)

    def replays_the_first_form(self, number):
        """A proof of time that somebody else has used."""
        client = Client()
        with after(120):
            choose_topic(client, self.topic, started=self.started)
            fill_in(client, self.topic, email=f"bot{number}@example.org")
            self.presses_send(client)

    def replays_with_other_words(self, number):
        """The draft that somebody has sent, again and again with words of its own, as fast as it can or slowly."""
        client = Client()
        with after(number // 10 * 3 if number % 2 else 0.5):
            client.post(DETAILS, self.details | {"message": f"Buy {number}", "email": f"bot{number}@example.org"})
            self.presses_send(client, draft=self.sent["draft"])

    def presses_send(self, client, **more):
        page = client.get(CHECK)
        if page.status_code == 200:
            client.post(CHECK, hidden(page) | more)

    def run_all(self, programs):
        """How many of so many programs got something stored."""
        before = self.stored()
        kinds = (
            self.fills_in_everything,
            self.is_fast,
            self.replays_the_last_form,
            self.replays_the_first_form,
            self.replays_with_other_words,
        )
        for number, act in enumerate(islice(cycle(kinds), programs)):
            act(number)
        return self.stored() - before

    def test_are_refused(self):
        passed = self.run_all(self.programs)
        print(f"{self.programs} programs: {passed} passed, {1 - passed / self.programs:.2%} refused")  # noqa: T201
        assert passed <= max(LATER_VERSIONS, self.programs * 0.005)

    def test_without_the_guards_they_would_pass(self):
        with self.settings(FASTEST_REQUEST=0.0), patch("contact.spam.TRAP", "no such field"):
            passed = self.run_all(10)
        assert passed == 8  # all but those who send what was sent


@SITE
class PeopleTests(Visits):
    people = 20  # the soak has 200
    PACES = (4, 60, 4 * 60 * 60, 23 * 60 * 60)  # seconds from the first page to Send

    def visit(self, number, pace, *, has_scripts, is_filled_in, comes_from_a_flow):
        """The answer to Send of one person with an address of their own."""
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": f"198.51.100.{number}"})
        if comes_from_a_flow:
            client.get(DETAILS, FLOW)
        else:
            form = Form(client.get(TOPIC), TOPIC)
            with after(pace * 0.3):
                client.post(TOPIC, form.hidden | {"topic": self.topic.key})
        form = Form(client.get(DETAILS), DETAILS)
        words = self.words(form, number, is_filled_in)
        with after(pace * 0.8):
            if has_scripts:
                client.post("/en/contact/save/", form.hidden | words | {"message": "It is"})
            client.post(DETAILS, form.hidden | words)
        with after(pace):
            return client.post(CHECK, hidden(client.get(CHECK)))

    def words(self, form, number, is_filled_in):
        """What a person types; autofill puts something wherever the page does not forbid it."""
        typed = {"message": "It is not here.", "detail-order-number": "1", "email": f"ana{number}@example.org"}
        if not is_filled_in:
            return typed
        may_be_filled = {name for name, given in form.open.items() if given.get("autocomplete") != "off"}
        return dict.fromkeys(may_be_filled, "Ana") | typed

    def test_no_person_is_refused(self):
        statuses = []
        for number in range(self.people):
            answer = self.visit(
                number,
                self.PACES[number % 4],
                has_scripts=number % 3 == 0,
                is_filled_in=number % 5 < 2,
                comes_from_a_flow=number % 7 < 3,
            )
            statuses.append(answer.status_code)
        print(f"{self.people} people: {self.people - statuses.count(302)} refused")  # noqa: T201
        assert set(statuses) == {302}
        assert ContactRequest.objects.count() == self.people

    def test_one_who_looks_like_a_program_would_be_seen_to_be_refused(self):
        answer = self.visit(1, 0.3, has_scripts=False, is_filled_in=False, comes_from_a_flow=True)
        assert answer.status_code == 429

    def test_autofill_without_a_ban_would_fill_the_trap(self):
        choose_topic(self.client, self.topic)
        form = Form(self.client.get(DETAILS), DETAILS)
        assert "subject" in form.open
        assert "subject" not in self.words(form, 1, is_filled_in=True)
        del form.fields["subject"]["autocomplete"]
        assert "subject" in self.words(form, 1, is_filled_in=True)
