"""A database that was restarted has closed every connection that a process kept."""

from unittest import skipUnless
from unittest.mock import patch

from django.db import close_old_connections, connection
from django.test import TransactionTestCase

from articles.models import Category
from articles.patience import TROUBLE, best_effort, patience
from tests.factories import make_category


def close_from_the_other_end() -> None:
    """As a restart of the database does; what follows is another request."""
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
    close_old_connections()


@skipUnless(connection.vendor == "postgresql", "SQLite is a file, which nobody restarts")
class RestartTests(TransactionTestCase):
    def setUp(self) -> None:
        make_category()
        self.addCleanup(connection.close)

    def kept(self, *, is_asked: bool) -> None:
        self.enterContext(patch.dict(connection.settings_dict, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=is_asked))
        connection.close()
        assert Category.objects.exists()
        close_from_the_other_end()

    def test_the_next_request_gets_another_connection(self):
        self.kept(is_asked=True)
        with patience(1):
            assert Category.objects.exists()

    def test_what_is_counted_does_not_disturb(self):
        self.kept(is_asked=True)
        with best_effort():
            Category.objects.update(position=7)
        assert Category.objects.get().position == 7

    def test_a_dead_connection_is_trouble_that_pages_know(self):
        self.kept(is_asked=False)
        with self.assertRaises(TROUBLE), patience(1):
            assert Category.objects.exists()
