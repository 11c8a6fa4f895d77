"""S1: many writers that read first, and readers beside them, on one SQLite file."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase

from contact.models import DraftRequest
from tests.contact.locks import only_sqlite

WRITERS = READERS = 8


@only_sqlite
class WritersTests(TransactionTestCase):
    times = 20  # of each writer; the soak has 200

    def setUp(self):
        self.draft = DraftRequest.objects.create(language="en", message="0")

    def write(self, mode):
        """How long each write took, in seconds, and how many failed."""
        connection.ensure_connection()
        connection.transaction_mode = mode
        took, failed = [], 0
        for _time in range(self.times):
            began = time.perf_counter()
            try:
                with transaction.atomic():
                    draft = DraftRequest.objects.get(pk=self.draft.pk)
                    draft.message = str(int(draft.message) + 1)
                    draft.save()
            except OperationalError:
                failed += 1
            took.append(time.perf_counter() - began)
        connection.close()
        return took, failed

    def read(self, _number):
        failed = 0
        for _time in range(self.times):
            try:
                list(DraftRequest.objects.all())
            except OperationalError:
                failed += 1
        connection.close()
        return failed

    def run_all(self, mode):
        """Seconds of all writes, failed writes, failed reads."""
        with ThreadPoolExecutor(WRITERS + READERS) as pool:
            writing = pool.map(self.write, [mode] * WRITERS)
            reading = pool.map(self.read, range(READERS))
            written = list(writing)
            took = sorted(seconds for times, _failed in written for seconds in times)
            return took, sum(failed for _times, failed in written), sum(reading)

    def count(self):
        return int(DraftRequest.objects.get().message)

    def test_nobody_finds_the_database_locked_and_no_write_is_lost(self):
        took, failed_writes, failed_reads = self.run_all("IMMEDIATE")
        p99 = took[int(len(took) * 0.99)]
        print(f"{len(took)} writes, {failed_writes} failed, p99 {p99:.3f} s")  # noqa: T201
        assert (failed_writes, failed_reads) == (0, 0)
        assert self.count() == WRITERS * self.times
        assert p99 <= 2

    def test_without_the_setting_many_would(self):
        _took, failed_writes, _failed_reads = self.run_all(None)
        assert failed_writes > 0
        assert self.count() == WRITERS * self.times - failed_writes
