"""8 writers, 200 times each, and 8 readers on one SQLite file (S1)."""

from tests.contact import test_writers


class ManyWritesTests(test_writers.WritersTests):
    times = 200
