"""What a number of votes says.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

SURE = 1.96  # standard deviations: 95 of 100 times


@dataclass(frozen=True)
class Tally:
    yes: int = 0
    no: int = 0

    def __bool__(self) -> bool:
        return self.total > 0

    @property
    def total(self) -> int:
        return self.yes + self.no

    @property
    def share_of_no(self) -> int:
        """In percent."""
        return round(100 * self.no / self.total) if self.total else 0

    @property
    def badness(self) -> float:
        """The share of No that it has at least, 95 of 100 times (Wilson's lower bound): few votes say little."""
        if not self.total:
            return 0.0
        share, n = self.no / self.total, self.total
        middle = share + SURE**2 / (2 * n)
        spread = SURE * sqrt((share * (1 - share) + SURE**2 / (4 * n)) / n)
        return (middle - spread) / (1 + SURE**2 / n)
