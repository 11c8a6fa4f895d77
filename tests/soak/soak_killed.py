"""200 kills of the web processes while customers press Send (D4)."""

from tests.contact import test_killed


class ManyKillsTests(test_killed.KilledTests):
    kills = 200
    customers = 4000
    test_who_tells_the_customer_first_loses_requests = None  # the suite runs it


class ManyKilledUploadsTests(test_killed.KilledUploadsTests):
    kills = 50
    customers = 400
