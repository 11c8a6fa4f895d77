from datetime import date, timedelta

from django.test import SimpleTestCase, TestCase, override_settings

from contact import promise
from contact.models import Delivery
from flows import clock
from flows.waiting import Opening
from tests.contact.customer import EMAIL, a_request
from tests.factories import make_topic

FRIDAY = date(2026, 11, 20)
EVERY_WEEK = Opening()


def answer_by(sent, working_days, opening=EVERY_WEEK):
    return promise.answer_by(sent, working_days, opening)


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

    def test_where_no_day_is_a_working_day_it_still_ends(self):
        class Always:
            def __contains__(self, day):
                return True

        assert answer_by(FRIDAY, 3, Opening(holidays=Always())) == FRIDAY


@override_settings(COUNTRY="ES", REGION="MD")
class HolidayTests(SimpleTestCase):
    def test_leaves_out_the_holidays_of_the_country(self):
        # Tuesday 8 December is a holiday; in Madrid, Monday 7 December 2026 stands in for Sunday 6.
        assert answer_by(date(2026, 12, 4), 1, clock.opening()) == date(2026, 12, 9)

    def test_goes_over_the_end_of_the_year(self):
        # Christmas is a Friday, 1 January a Friday, and 6 January a Wednesday.
        assert answer_by(date(2026, 12, 24), 2, clock.opening()) == date(2026, 12, 29)
        assert answer_by(date(2026, 12, 31), 1, clock.opening()) == date(2027, 1, 4)
        assert answer_by(date(2026, 12, 31), 3, clock.opening()) == date(2027, 1, 7)

    def test_a_holiday_of_one_region_counts_there_alone(self):
        second_of_may = date(2025, 5, 1)  # the day after is Madrid's own, a Friday
        assert answer_by(second_of_may, 1, clock.opening()) == date(2025, 5, 5)
        with override_settings(REGION="CT"):
            assert answer_by(second_of_may, 1, clock.opening()) == date(2025, 5, 2)

    def test_without_a_country_only_weekends_are_left_out(self):
        with override_settings(COUNTRY="", REGION=""):
            assert answer_by(date(2026, 12, 24), 1, clock.opening()) == date(2026, 12, 25)

    def test_never_ends_on_a_holiday_through_two_years(self):
        opening = clock.opening()
        days = [date(2026, 1, 1) + timedelta(days=ahead) for ahead in range(730)]
        assert all(opening.is_working_day(answer_by(day, count, opening)) for day in days for count in (1, 3, 15))


class SentTests(TestCase):
    def test_what_is_sent_promises_the_working_day_of_the_site(self):
        sent = a_request(topic=make_topic(details=["item"], answer_days=5))
        day = clock.site_time(sent.created_at).date()
        assert sent.promise == answer_by(day, 5, clock.opening())
        assert f"{sent.promise.day} {sent.promise:%B %Y}" in Delivery.objects.get(recipient=EMAIL).body
