"""By when we answer: pure."""

from datetime import date

from flows.waiting import Opening, working_day_after


def answer_by(sent: date, working_days: int, opening: Opening) -> date:
    """The last day of the promise: so many working days after the day of sending."""
    return working_day_after(sent, working_days, opening)
