"""The worker sleeps until something is due, and does not sleep past it."""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from articles.wake import wake_worker
from contact.models import Delivery
from contact.outbox import put
from helpcenter.worker import LONG_PAUSE, Sleeper
from tests.contact.smtp import rough_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL can call us")


class WakingTests(TransactionTestCase):
    def test_a_delivery_leaves_soon_after_its_commit(self):
        make_delivery(1)
        with rough_server() as server, workers(1, server.port):
            wait_until(lambda: server.taken)
            time.sleep(0.3)  # it sleeps
            with transaction.atomic():
                put(Delivery(recipient="to2@example.org", subject="s", body="b", message_id="<2@example.org>"))
            assert wait_until(lambda: len(server.taken) == 2) < 3

    def test_one_that_is_due_later_leaves_when_it_is_due(self):
        make_delivery(1, due_at=timezone.now() + timedelta(seconds=2))
        with rough_server() as server, workers(1, server.port):
            wait_until(lambda: server.taken)
            assert timedelta() < timezone.now() - Delivery.objects.get().due_at < timedelta(seconds=2)


@on_postgresql
class CallTests(TransactionTestCase):
    def slept(self, before=lambda: None):
        with Sleeper() as sleeper:
            sleeper.sleep(0)  # it listens from now on
            before()
            began = time.monotonic()
            sleeper.sleep(None)
            return time.monotonic() - began

    def test_a_commit_wakes_it(self):
        assert self.slept(wake_worker) < LONG_PAUSE / 2

    def test_a_rollback_does_not(self):
        def rolled_back():
            with transaction.atomic():
                wake_worker()
                transaction.set_rollback(True)

        assert self.slept(rolled_back) > LONG_PAUSE - 0.5

    def test_without_the_call_it_asks_by_itself(self):
        def cut_off():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE 'LISTEN%'"
                )

        with self.assertLogs("helpcenter.worker"):
            assert self.slept(cut_off) < LONG_PAUSE / 2
