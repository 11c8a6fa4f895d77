"""A worker that is told to stop finishes what it holds, and leaves the rest to others."""

import signal

from django.test import TransactionTestCase
from django.utils import timezone

from contact.models import Delivery
from tests.contact.smtp import rough_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers


class StoppedWorkersTests(TransactionTestCase):
    def test_hold_nothing_afterwards_and_doubled_nothing(self):
        for number in range(30):
            make_delivery(number)
        with rough_server(lambda recipient: "0.3") as server, workers(1, server.port) as running:
            wait_until(lambda: server.taken)
            running.all[0].send_signal(signal.SIGTERM)
            assert running.all[0].wait(5) == 0
            assert 0 < len(server.taken) < 30
            assert Delivery.objects.filter(delivered_at__isnull=False).count() == len(server.taken)
        assert not Delivery.objects.filter(leased_until__gt=timezone.now()).exists()

    def test_one_that_sleeps_stops_at_once(self):
        make_delivery()
        with rough_server() as server, workers(1, server.port) as running:
            wait_until(lambda: not Delivery.objects.undelivered().exists())
            running.all[0].send_signal(signal.SIGTERM)
            assert running.all[0].wait(2) == 0
