"""B2: a limit holds over threads, processes and machines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone

from contact.models import Allowance, ContactRequest
from tests.contact.server import ready_drafts, web_server
from tests.factories import make_topic

LIMIT = 20
AT_ONCE = 40
FROM = {"X-Forwarded-For": "198.51.100.7"}


def take(key):
    with transaction.atomic():
        return Allowance.objects.take(key, LIMIT, timedelta(hours=1), timezone.now()) is None


def naive_take(key):
    """The control: look first, then count, without a turn."""
    counted = Allowance.objects.filter(key=key).count()
    together.wait()
    if counted >= LIMIT:
        return False
    Allowance.objects.create(key=key, ends_at=timezone.now() + timedelta(hours=1))
    return True


together = Barrier(AT_ONCE)


class TakeTests(TransactionTestCase):
    def passed(self, take):
        def one(_number):
            try:
                return take("key")
            finally:
                connection.close()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sum(pool.map(one, range(AT_ONCE)))

    def test_exactly_the_limit_passes(self):
        assert self.passed(take) == LIMIT

    def test_looking_first_lets_more_pass(self):
        assert self.passed(naive_take) > LIMIT


class ProcessesTests(TransactionTestCase):
    count = 60  # the soak has 200

    def test_no_more_than_the_limit_pass_on_four_processes(self):
        drafts = ready_drafts(self.count, make_topic())
        limits = {"HELPCENTER_TRUSTED_PROXIES": "1", "HELPCENTER_REQUESTS_PER_NETWORK": str(LIMIT)}
        with web_server(workers=4, **limits) as server, ThreadPoolExecutor(self.count) as pool:
            statuses = [status for status, _location in pool.map(lambda draft: server.send(draft, **FROM), drafts)]
        passed = statuses.count(302)
        print(f"{passed} of {self.count} parallel requests passed a limit of {LIMIT}")  # noqa: T201
        assert set(statuses) <= {302, 429, 503}
        assert 0 < passed <= LIMIT
        assert ContactRequest.objects.count() == passed

    def test_without_the_limit_more_pass(self):
        """One that finds the database busy is told to come again, which is another guard."""
        drafts = ready_drafts(LIMIT + 5, make_topic())
        limits = {"HELPCENTER_TRUSTED_PROXIES": "1", "HELPCENTER_REQUESTS_PER_NETWORK": "1000"}
        with web_server(workers=4, **limits) as server, ThreadPoolExecutor(8) as pool:
            statuses = [status for status, _location in pool.map(lambda draft: server.send(draft, **FROM), drafts)]
        assert set(statuses) <= {302, 503}
        assert statuses.count(302) > LIMIT
