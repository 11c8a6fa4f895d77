"""By when we answer: pure."""

from datetime import date, timedelta

SATURDAY = 5


def answer_by(sent: date, working_days: int) -> date:
    """The last day of the promise: so many working days, Monday to Friday, after the day of sending."""
    day = sent
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            working_days -= 1
    return day
