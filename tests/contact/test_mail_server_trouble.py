"""D2, short: whatever the mail server does, each mail ends where it should, in time, and none holds up another."""

import time
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.test import TestCase, TransactionTestCase
from django.utils import timezone

from contact import mail, outbox
from contact.delivery import Unreachable
from contact.models import Delivery
from contact.outbox import deliver_due
from tests.contact.customer import choose_topic, fill_in, press_send
from tests.contact.smtp import free_port, mail_goes_to, rough_server, silent_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers
from tests.factories import make_topic

MOODS = {
    "good": "250",
    "later": "451",
    "never": "550",
    "hang": "hang",
    "drip": "drip",
    "before": "drop before",
    "after": "drop after",
    "slow": "0.3",
}


def mood_of(recipient):
    return MOODS[recipient.partition("@")[0]]


def try_each_once():
    for _round in range(2 * len(MOODS)):
        deliver_due()


class TroubleTests(TestCase):
    def setUp(self):
        for name in MOODS:
            make_delivery(name, recipient=f"{name}@example.org")

    def test_each_mood_has_its_end(self):
        with rough_server(mood_of) as server, self.settings(EMAIL_TIMEOUT=1), self.assertLogs("contact.outbox"):
            try_each_once()
        states = {row.recipient.partition("@")[0]: row.state.value for row in Delivery.objects.all()}
        assert states == {
            **dict.fromkeys(("good", "after", "slow"), "delivered"),
            **dict.fromkeys(("later", "hang", "drip", "before"), "waiting"),
            "never": "failed",
        }
        assert server.recipients == [f"{name}@example.org" for name in ("after", "good", "slow")]
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
        assert "550 said rough" in Delivery.objects.get(recipient="never@example.org").last_error
        for name in ("hang", "drip"):
            assert "took too long" in Delivery.objects.get(recipient=f"{name}@example.org").last_error

    def test_what_was_taken_before_the_line_broke_is_sent_once(self):
        Delivery.objects.exclude(recipient__startswith="after").delete()
        with rough_server(mood_of) as server:
            deliver_due()
            Delivery.objects.update(due_at=timezone.now() - timedelta(hours=1))
            deliver_due()
        assert server.recipients == ["after@example.org"]


class CutTests(TestCase):
    def assert_cut_in_time(self, mood):
        make_delivery(mood, recipient=f"{mood}@example.org")
        with rough_server(mood_of), self.settings(EMAIL_TIMEOUT=0.7), self.assertLogs("contact.outbox"):
            began = time.monotonic()
            deliver_due()
        assert 0.6 < time.monotonic() - began < 5  # the server would go on for much longer

    def test_one_that_hangs_is_cut_at_the_total(self):
        self.assert_cut_in_time("hang")

    def test_one_that_drips_is_cut_at_the_total(self):
        self.assert_cut_in_time("drip")

    def test_the_usual_time_out_waits_for_every_byte(self):
        with rough_server(mood_of) as server:
            connection = EmailBackend("127.0.0.1", server.port, timeout=0.5)
            began = time.monotonic()
            connection.send_messages([EmailMessage("s", "b", "a@example.org", ["drip@example.org"])])
        assert time.monotonic() - began > 1.9


class LaneTests(TransactionTestCase):
    def test_those_that_hang_keep_one_worker_from_nothing(self):
        for number in range(3):
            make_delivery(f"hang{number}", recipient="hang@example.org")
            make_delivery(f"good{number}", recipient="good@example.org")
        with rough_server(mood_of) as server, workers(1, server.port, EMAIL_TIMEOUT=15):
            wait_until(lambda: Delivery.objects.in_state("delivered").count() == 3, 30)
        assert len(server.taken) == 3
        assert Delivery.objects.in_state("being sent").count() == 3


class SubmitTests(TestCase):
    """D1: whoever presses Send does not wait for a mail server."""

    def seconds(self):
        topic = make_topic()
        choose_topic(self.client, topic)
        fill_in(self.client, topic)
        began = time.monotonic()
        with silent_server() as port, mail_goes_to(port), self.settings(EMAIL_TIMEOUT=1):
            assert press_send(self.client).status_code == 302
        return time.monotonic() - began

    def test_send_answers_at_once_while_the_server_hangs(self):
        assert self.seconds() < 1
        assert Delivery.objects.undelivered().count() == 2

    def test_sending_before_the_answer_would_wait(self):
        def send_now(*deliveries):
            for delivery in deliveries:
                with suppress(Unreachable):
                    mail.send(delivery)

        with patch.object(outbox, "put", send_now):
            assert self.seconds() > 2


class ServerBackTests(TestCase):
    def test_those_that_only_waited_for_the_server_are_due_as_soon_as_it_answers(self):
        for number in range(3):
            make_delivery(number)
        port = free_port()
        with mail_goes_to(port), self.assertLogs("contact.outbox"):
            for _try in range(3):
                deliver_due()
        assert Delivery.objects.filter(attempts=1, waits_for_server=True).count() == 3
        assert not Delivery.objects.due(timezone.now()).exists()
        make_delivery(4)
        with rough_server(port=port) as server:
            deliver_due()
        assert len(server.recipients) == 4

    def test_one_that_was_turned_away_itself_still_waits(self):
        make_delivery(1, recipient="later@example.org")
        make_delivery(2, recipient="good@example.org")
        with rough_server(mood_of), self.assertLogs("contact.outbox"):
            deliver_due()
        assert Delivery.objects.undelivered().get().due_at > timezone.now() + timedelta(seconds=5)
