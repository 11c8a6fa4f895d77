"""200 parallel requests on 4 processes against a limit of 20 (B2)."""

from tests.contact import test_limits_in_parallel


class ManyAtOnceTests(test_limits_in_parallel.ProcessesTests):
    count = 200
    test_without_the_limit_all_pass = None  # the suite runs it
