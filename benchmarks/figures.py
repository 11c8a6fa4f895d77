"""A figure beside the one that is wanted, and whether it is reached.  Nothing fails here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    value: float
    most: float | None = None
    least: float | None = None
    processor: float | None = None  # the same in the processor's own time

    @property
    def beside(self) -> str:
        return "" if self.processor is None else f"{self.processor:.2f}"

    @property
    def verdict(self) -> str:
        """What is wanted, and whether it is so; nothing, where nothing is wanted."""
        if self.most is not None:
            return f"≤ {self.most:g} {'ok' if self.value <= self.most else 'over'}"
        if self.least is not None:
            return f"≥ {self.least:g} {'ok' if self.value >= self.least else 'under'}"
        return ""
