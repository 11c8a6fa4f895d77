"""What each step and each topic names in its text: rows that are written with it."""

from __future__ import annotations

from typing import Any

from django.db import models

from articles import uses
from articles.uses import Use


class StepUse(Use):
    """A step's text names something by its key."""

    step = models.ForeignKey("flows.Step", on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "kind", "key"], name="one_step_use")]
        indexes = [models.Index(fields=["kind", "key"], name="step_use_of")]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.kind}:{self.key}"


class TopicUse(Use):
    """The worded request of a topic names something by its key."""

    topic = models.ForeignKey("flows.Topic", on_delete=models.CASCADE, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "kind", "key"], name="one_topic_use")]
        indexes = [models.Index(fields=["kind", "key"], name="topic_use_of")]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.kind}:{self.key}"


def named_by(row: Any) -> set[tuple[str, str]]:
    """All that a step's or a topic's texts name, in whatever language."""
    labels = [row.body, row.wait_reason] if hasattr(row, "wait_reason") else [row.wording]
    texts: list[str] = []
    for label in labels:
        data = getattr(label, "data", label)
        texts += [data] if isinstance(data, str) else [words for words in (data or {}).values() if words]
    return uses.named_in(*texts)


def note(row: Any, *, is_new: bool = False) -> None:
    """The rows of the step or the topic say what it names; a new one that names nothing costs no query."""
    wanted = named_by(row)
    if wanted or not is_new:
        uses.write_down(row.uses, wanted, is_new=is_new)
