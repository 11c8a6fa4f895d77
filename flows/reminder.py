"""A calendar file that says when to come back, and leads to the very step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MOMENT = "%Y%m%dT%H%M%SZ"
LINE = 75  # octets, says RFC 5545
LENGTH = timedelta(minutes=15)


def calendar(*, title: str, text: str, address: str, at: datetime, now: datetime) -> str:
    """One event; loaded twice it is still one, since its UID follows from the address alone."""
    uid = hashlib.sha256(address.encode()).hexdigest()[:32]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Help Center//Reminder//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}@help-center",
        f"DTSTAMP:{now.astimezone(UTC):{MOMENT}}",
        f"DTSTART:{at.astimezone(UTC):{MOMENT}}",
        # Not by the clock on the wall, which is set back in autumn.
        f"DTEND:{at.astimezone(UTC) + LENGTH:{MOMENT}}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(text)}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, no letter cut in two; each further one begins with a space."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LINE:
            yield part
            part = " "
        part += letter
    yield part
