"""The write lock held for 60 s under the whole site (S2)."""

from tests.contact import test_held_lock


class LongHeldTests(test_held_lock.HeldLockTests):
    seconds = 60
    test_where_everybody_waits_the_pages_wait_too = None  # the suite runs it
