"""The form of a date step: today, yesterday or a day, with a time where the rule counts hours; or not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .graph import Graph, Kind
from .waiting import NOT_KNOWN, RESPONSE, read_day, read_response

AGO = {"today": timedelta(0), "yesterday": timedelta(days=1)}
OTHER = "other"
CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?: ?([ap])\.? ?m\.?)?", re.ASCII | re.IGNORECASE)
LONGEST = 40  # letters of what was typed that are shown again


class Mistake(StrEnum):
    MISSING = "missing"
    NO_DAY = "no-day"
    NO_TIME = "no-time"
    TWO_DAYS = "two-days"
    FUTURE = "future"
    KNOWN = "known"


@dataclass(frozen=True)
class DateAnswer:
    """What was chosen and typed, as it is shown again; a response for the address, or what is wrong with it."""

    chosen: str = ""
    day: str = ""
    time: str = ""
    response: str = ""
    mistake: Mistake | None = None

    @classmethod
    def again(cls, response: str) -> DateAnswer:
        """A date given before, or that it is not known, open to be changed."""
        if response == NOT_KNOWN:
            return cls(NOT_KNOWN, response=NOT_KNOWN)
        found = RESPONSE.fullmatch(response)
        return cls(OTHER, found[1], found[2] or "", response) if found else cls()

    @classmethod
    def read(cls, slug: str, query: Mapping[str, str], now: datetime) -> DateAnswer:
        """The answer to the step of this slug in the query; the response has neither “today” nor “yesterday”."""
        chosen = query.get(slug, "")
        if RESPONSE.fullmatch(chosen):
            answer = cls.again(chosen)
            return answer if read_response(chosen, now) else answer._with(_why_not(chosen))
        typed = {part: " ".join(query.get(f"{slug}.{part}", "").split())[:LONGEST] for part in ("day", "time")}
        answer = cls(chosen, typed["day"], typed["time"])
        if chosen == NOT_KNOWN:
            # The day that Change opened the form with has not been typed now.
            is_new = answer.day not in ("", cls.again(query.get("was", "")).day)
            return answer._with(Mistake.KNOWN) if is_new else cls.again(NOT_KNOWN)
        if chosen not in AGO and answer.day:
            answer = cls(OTHER, answer.day, answer.time)
        day = now.date() - AGO[chosen] if chosen in AGO else read_day(answer.day)
        if chosen in AGO and answer.day and read_day(answer.day) != day:
            return answer._with(Mistake.TWO_DAYS)
        clock = CLOCK.fullmatch(answer.time)
        if day is None:
            return answer._with(Mistake.NO_DAY if answer.chosen == OTHER else Mistake.MISSING)
        if answer.time and not clock:
            return answer._with(Mistake.NO_TIME)
        response = day.isoformat() + (f"T{_hour(clock):02}:{clock[2]}" if clock else "")
        if read_response(response, now) is None:
            return answer._with(_why_not(response))
        return cls(answer.chosen, answer.day, answer.time, response)

    @property
    def is_picker(self) -> bool:
        """Whether a date picker can show the day; else it is a text box, so that nothing typed is lost."""
        return not self.day or bool(RESPONSE.fullmatch(self.day))

    def _with(self, mistake: Mistake) -> DateAnswer:
        return DateAnswer(self.chosen, self.day, self.time, "", mistake)


def _hour(clock: re.Match[str]) -> int:
    """The hour of 14:30, 2.30 pm or 12:30 a.m., as clocks of 24 hours say it."""
    hour, half = int(clock[1]), (clock[3] or "").lower()
    if not half or not 1 <= hour <= 12:
        return hour if not half else 99  # no such hour
    return hour % 12 + (12 if half == "p" else 0)


def responses(graph: Graph, query: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The responses in an address to steps of the graph, the dates as they stand in one."""
    found = {}
    for slug, step in graph.steps.items():
        if step.kind == Kind.DATE and (slug in query or f"{slug}.day" in query):
            found[slug] = DateAnswer.read(slug, query, now).response
        elif slug in query:
            found[slug] = query[slug]
    return found


def _why_not(response: str) -> Mistake:
    """Why a response of the right form holds no date that was."""
    found = RESPONSE.fullmatch(response)
    if not found or read_day(found[1]) is None:
        return Mistake.NO_DAY
    return Mistake.NO_TIME if found[2] and found[2] > "23:59" or (found[2] or "")[3:] > "59" else Mistake.FUTURE
