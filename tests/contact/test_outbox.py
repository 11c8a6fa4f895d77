from datetime import timedelta
from threading import Thread

from django.db import connection
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django.utils import timezone

from contact.delivery import NeverSendable
from contact.models import Delivery
from contact.outbox import deliver_due, wait_after
from tests.contact import naive_outbox
from tests.contact.smtp import Inbox, free_port, mail_goes_to, mail_server, silent_server

HOUR = timedelta(hours=1)


def make_delivery(number=1, **fields):
    values = {
        "recipient": f"to{number}@example.org",
        "subject": f"Subject {number}",
        "body": f"Body {number}",
        "message_id": f"<{number}@example.org>",
    }
    return Delivery.objects.create(**values | fields)


def time_passes(by):
    Delivery.objects.undelivered().update(due_at=timezone.now() - by)


class OutboxTests(TestCase):
    def test_what_is_due_leaves_once(self):
        make_delivery(1)
        make_delivery(2)
        with mail_server(Inbox()) as inbox:
            deliver_due()
            deliver_due()
        assert inbox.recipients == ["to1@example.org", "to2@example.org"]
        assert not Delivery.objects.undelivered().exists()

    def test_with_the_server_down_it_waits_and_is_delivered_once_when_it_is_up(self):
        make_delivery()
        port = free_port()
        with mail_goes_to(port), self.assertLogs("contact.outbox"):
            for _try in range(3):
                deliver_due()
                time_passes(HOUR)
        waiting = Delivery.objects.undelivered().get()
        assert waiting.attempts == 3
        assert "ConnectionRefusedError" in waiting.last_error
        with mail_server(Inbox(), port) as inbox:
            deliver_due()
            deliver_due()
        assert [message["Message-ID"] for message in inbox.messages] == ["<1@example.org>"]
        assert Delivery.objects.get().state == "delivered"

    def test_all_tries_have_one_message_id(self):
        answers = iter(["451 later", "250 OK"])
        make_delivery()
        seen = []
        with mail_server(Inbox(lambda recipient: next(answers))) as inbox:
            for _try in range(2):
                seen.append(Delivery.objects.get().message_id)
                deliver_due()
                time_passes(HOUR)
        assert Delivery.objects.get().attempts == 2
        assert [message["Message-ID"] for message in inbox.messages] == seen[:1] == seen[1:]

    def test_a_temporary_refusal_waits_and_does_not_hold_up_others(self):
        for number in (1, 2, 3):
            make_delivery(number)
        with (
            mail_server(Inbox(lambda address: "451 later" if "to1" in address else "250 OK")) as inbox,
            self.assertLogs("contact.outbox"),
        ):
            deliver_due()
        assert inbox.recipients == ["to2@example.org", "to3@example.org"]
        waiting = Delivery.objects.undelivered().get()
        assert waiting.due_at > timezone.now() + timedelta(seconds=5)
        assert "451 later" in waiting.last_error

    def test_a_final_refusal_is_seen_and_does_not_hold_up_others(self):
        for number in (1, 2, 3):
            make_delivery(number)
        with (
            mail_server(Inbox(lambda address: "550 no such user" if "to1" in address else "250 OK")) as inbox,
            self.assertLogs("contact.outbox"),
        ):
            deliver_due()
            time_passes(HOUR)
            deliver_due()
        assert inbox.recipients == ["to2@example.org", "to3@example.org"]
        failed = Delivery.objects.get(recipient="to1@example.org")
        assert (failed.state, failed.attempts, failed.last_error) == ("failed", 1, "550 no such user")

    def test_what_can_never_be_sent_is_set_aside_at_once(self):
        make_delivery(1, subject="two\nlines")
        make_delivery(2, recipient="no\naddress")
        make_delivery(3, headers={"Reply-To": "a@example.org\r\nBcc: x@example.org"})
        make_delivery(4)
        make_delivery(5, recipient="to5@example.org, x@example.com")
        with mail_server(Inbox()) as inbox, self.assertLogs("contact.outbox"):
            deliver_due()
        assert inbox.recipients == ["to4@example.org"]
        aside = Delivery.objects.in_state("quarantined")
        assert {delivery.state for delivery in aside} == {"quarantined"}
        assert sorted(delivery.attempts for delivery in aside if delivery.last_error) == [1, 1, 1, 1]

    def test_an_outbox_without_a_place_for_it_would_stop_there(self):
        make_delivery(1, subject="two\nlines")
        make_delivery(2)
        with mail_server(Inbox()) as inbox:
            for _round in range(2):
                with self.assertRaises(NeverSendable):
                    naive_outbox.deliver_due()
        assert inbox.recipients == []

    def test_a_server_that_hangs_is_left_after_one_try_a_round(self):
        make_delivery(1)
        make_delivery(2)
        with (
            silent_server() as port,
            mail_goes_to(port),
            self.settings(EMAIL_TIMEOUT=0.2),
            self.assertLogs("contact.outbox"),
        ):
            deliver_due()
        assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]

    def test_after_48_hours_it_is_given_up_and_can_be_sent_again(self):
        make_delivery(give_up_at=timezone.now() - HOUR)
        port = free_port()
        with mail_goes_to(port), self.assertLogs("contact.outbox"):
            deliver_due()
        assert Delivery.objects.get().state == "failed"
        assert Delivery.objects.send_again() == 1
        assert Delivery.objects.get().give_up_at > timezone.now() + timedelta(hours=47)
        with mail_server(Inbox(), port) as inbox:
            deliver_due()
        assert len(inbox.messages) == 1

    def test_what_was_delivered_is_not_sent_again(self):
        make_delivery(delivered_at=timezone.now())
        assert Delivery.objects.send_again() == 0

    def test_what_is_being_sent_at_this_moment_is_not_sent_twice(self):
        make_delivery()
        held = Delivery.objects.claim(timezone.now())
        assert Delivery.objects.send_again() == 0
        assert Delivery.objects.claim(timezone.now()) is None
        held.mark_failed("550")
        assert Delivery.objects.send_again() == 1

    def test_what_kills_every_worker_is_given_up_too(self):
        make_delivery(due_at=timezone.now() - 2 * HOUR, give_up_at=timezone.now() - HOUR)
        assert Delivery.objects.claim(timezone.now() - HOUR).attempts == 1
        assert Delivery.objects.claim(timezone.now()) is None
        assert Delivery.objects.get().state == "failed"

    def test_a_kind_that_nobody_sends_is_set_aside(self):
        make_delivery(kind="pigeon")
        with self.assertLogs("contact.outbox"):
            deliver_due()
        assert Delivery.objects.get().state == "quarantined"
        assert "pigeon" in Delivery.objects.get().last_error

    def test_the_log_names_no_address(self):
        make_delivery(recipient="canary@example.org")
        with (
            mail_server(Inbox(lambda address: f"550 {address} unknown")),
            self.assertLogs("contact.outbox") as logs,
        ):
            deliver_due()
        assert "canary" not in "".join(logs.output)
        assert "canary" in Delivery.objects.get().last_error


class NextTests(TestCase):
    """How long the worker may sleep."""

    def test_nothing_is_known_of_an_empty_outbox(self):
        make_delivery(delivered_at=timezone.now())
        assert deliver_due() is None

    def test_is_the_first_due_or_the_first_lease_to_end(self):
        make_delivery(1, due_at=timezone.now() + timedelta(seconds=50))
        assert 49 < deliver_due() <= 50
        make_delivery(2, due_at=timezone.now() - HOUR, leased_until=timezone.now() + timedelta(seconds=20))
        assert 19 < deliver_due() <= 20

    def test_is_a_second_while_the_server_is_down(self):
        make_delivery()
        with mail_goes_to(free_port()), self.assertLogs("contact.outbox"):
            assert deliver_due() == 1


class LeaseTests(TestCase):
    def setUp(self):
        self.now = timezone.now()
        make_delivery(due_at=self.now - HOUR)

    def test_a_claimed_delivery_is_nobody_elses(self):
        assert Delivery.objects.claim(self.now).attempts == 1
        assert Delivery.objects.claim(self.now) is None
        assert Delivery.objects.get().state == "being sent"

    def test_it_is_taken_over_when_the_lease_has_ended(self):
        Delivery.objects.claim(self.now)
        assert Delivery.objects.claim(self.now + timedelta(seconds=29)) is None
        assert Delivery.objects.claim(self.now + timedelta(seconds=30)).attempts == 2

    def test_who_lost_the_lease_cannot_postpone_or_fail_it(self):
        late = Delivery.objects.claim(self.now)
        Delivery.objects.claim(self.now + timedelta(minutes=2))
        late.postpone(HOUR, "late")
        late.mark_failed("late")
        held = Delivery.objects.get()
        assert (held.last_error, held.failed_at, held.leased_until) == (
            "",
            None,
            self.now + timedelta(minutes=2.5),
        )

    def test_what_left_has_left_even_after_the_lease(self):
        late = Delivery.objects.claim(self.now)
        Delivery.objects.claim(self.now + timedelta(minutes=2))
        late.mark_delivered()
        assert Delivery.objects.get().state == "delivered"

    def test_what_was_never_tried_comes_first(self):
        Delivery.objects.update(attempts=3)
        fresh = make_delivery(2, due_at=self.now)
        assert Delivery.objects.claim(self.now) == fresh

    def test_a_held_one_can_be_released(self):
        Delivery.objects.claim(self.now)
        assert Delivery.objects.release() == 1
        assert Delivery.objects.claim(self.now).attempts == 2

    def test_nothing_is_claimed_before_it_is_due(self):
        Delivery.objects.update(due_at=self.now + HOUR)
        assert Delivery.objects.claim(self.now) is None


class ManyWorkersTests(TransactionTestCase):
    def test_four_workers_send_each_delivery_once(self):
        for number in range(40):
            make_delivery(number)

        def work():
            try:
                for _round in range(5):
                    deliver_due()
            finally:
                connection.close()

        with mail_server(Inbox()) as inbox:
            workers = [Thread(target=work) for _number in range(4)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
        assert inbox.recipients == sorted(f"to{number}@example.org" for number in range(40))
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}


class WaitTests(SimpleTestCase):
    def test_grows_from_seconds_to_hours(self):
        assert 8 <= wait_after(1).total_seconds() <= 12
        assert 16 <= wait_after(2).total_seconds() <= 24
        for attempts in (12, 100, 100_000):
            assert 5760 <= wait_after(attempts).total_seconds() <= 8640
