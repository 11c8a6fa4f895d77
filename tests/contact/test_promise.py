from datetime import date

from django.test import SimpleTestCase

from contact.promise import answer_by

FRIDAY = date(2026, 11, 20)


class PromiseTests(SimpleTestCase):
    def test_counts_from_the_day_after(self):
        assert answer_by(date(2026, 11, 16), 1) == date(2026, 11, 17)

    def test_leaves_out_the_weekend(self):
        assert answer_by(FRIDAY, 1) == date(2026, 11, 23)
        assert answer_by(FRIDAY, 6) == date(2026, 11, 30)

    def test_a_request_of_the_weekend_counts_from_monday(self):
        assert answer_by(date(2026, 11, 21), 2) == date(2026, 11, 24)

    def test_never_ends_on_a_weekend(self):
        days = [answer_by(date(2026, 11, day), number) for day in range(1, 29) for number in range(1, 16)]
        assert all(day.weekday() < 5 for day in days)
