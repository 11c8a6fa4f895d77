"""D8, short: several worker processes on one outbox."""

from django.test import TransactionTestCase

from contact.models import Delivery
from tests.contact.smtp import rough_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers

WORKERS = 4
DELIVERIES = 40


class ManyWorkersTests(TransactionTestCase):
    def setUp(self):
        for number in range(DELIVERIES):
            make_delivery(number)

    def send_all(self, **given):
        with rough_server(lambda recipient: "0.02") as server:
            with workers(WORKERS, server.port, **given):
                wait_until(lambda: not Delivery.objects.undelivered().exists())
            return server

    def test_send_each_delivery_once(self):
        server = self.send_all()
        assert server.recipients == sorted(f"to{number}@example.org" for number in range(DELIVERIES))
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}

    def test_without_leases_would_send_some_twice(self):
        server = self.send_all(WORKER_DUTIES=["tests.contact.naive_outbox.deliver_due"])
        assert server.doubled
