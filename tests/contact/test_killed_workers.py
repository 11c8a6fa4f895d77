"""D5, short: workers killed with -9 while they send."""

import time

from django.test import TransactionTestCase
from django.utils import timezone

from contact.models import Delivery
from tests.contact.smtp import rough_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers

LEASE = 3
KILLS = 4
DELIVERIES = 24


def held():
    return Delivery.objects.undelivered().filter(leased_until__gt=timezone.now())


class KilledWorkersTests(TransactionTestCase):
    def test_lose_nothing_and_double_at_most_one_for_each_kill(self):
        for number in range(DELIVERIES):
            make_delivery(number)
        with (
            rough_server(lambda recipient: "0.1") as server,
            workers(2, server.port, DELIVERY_LEASE=LEASE, EMAIL_TIMEOUT=2) as running,
        ):
            for kill in range(KILLS):
                wait_until(lambda enough=4 * (kill + 1): len(server.taken) >= enough)
                running.all[-1 - kill % 2].kill()
                running.start()
            wait_until(lambda: not Delivery.objects.undelivered().exists())
        assert len(set(server.recipients)) == len(set(server.taken)) == DELIVERIES  # one Message-ID for each
        assert sum(count - 1 for count in server.doubled.values()) <= KILLS

    def test_what_one_held_is_retaken_within_the_lease_and_five_seconds(self):
        make_delivery()
        asked = []  # at RCPT and after DATA

        def mood(recipient):
            asked.append(recipient)
            return "hang" if len(asked) == 2 else "250"

        with (
            rough_server(mood) as server,
            workers(2, server.port, DELIVERY_LEASE=LEASE, EMAIL_TIMEOUT=LEASE - 0.5) as running,
        ):
            wait_until(lambda: len(asked) == 2)
            for process in running.all:
                process.kill()
            killed_at = time.monotonic()
            running.start()
            wait_until(lambda: server.taken)
            assert time.monotonic() - killed_at < LEASE + 5
        assert Delivery.objects.get().attempts == 2

    def test_with_an_endless_lease_it_would_wait_for_ever(self):
        make_delivery()
        with (
            rough_server(lambda recipient: "hang") as server,
            workers(1, server.port, DELIVERY_LEASE=3600, EMAIL_TIMEOUT=60) as running,
        ):
            wait_until(held().exists)
            running.all[0].kill()
            running.start()
            time.sleep(LEASE)
            assert Delivery.objects.get().attempts == 1
            assert Delivery.objects.release() == 1
            wait_until(lambda: Delivery.objects.get().attempts == 2)
