"""How often something happened in flows, as rows; flows/counting.py counts."""

from __future__ import annotations

from datetime import date

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .figures import Counted


class FlowCountQuerySet(models.QuerySet["FlowCount"]):
    # One statement, and no reading before writing: several processes count at once.
    ADD = """
        INSERT INTO flows_flowcount (version_id, day, what, step, option, count) VALUES (%s, %s, %s, %s, %s, 1)
        ON CONFLICT (version_id, day, what, step, option) DO UPDATE SET count = flows_flowcount.count + 1
    """

    def add(self, version: int | None, day: date, what: Counted, step: str, option: str = "") -> None:
        """One more is counted."""
        with connection.cursor() as cursor:
            cursor.execute(self.ADD, [version, day, str(what), step, option])

    def take_back(self, version: int | None, day: date, what: Counted, step: str, option: str = "") -> None:
        """One less is counted, where any is counted on that day."""
        found = self.filter(version=version, day=day, what=what, step=step, option=option, count__gt=0)
        found.update(count=F("count") - 1)


class FlowCount(models.Model):
    """How often on one day something happened at a step of a flow version; nothing about to whom."""

    class What(models.TextChoices):
        START = Counted.START, _("started")
        ANSWER = Counted.ANSWER, _("answered")
        HAND_OFF = Counted.HAND_OFF, _("handed off")

    version = models.ForeignKey("flows.FlowVersion", on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    what = models.CharField(max_length=10, choices=What)
    step = models.SlugField(db_index=False)
    option = models.SlugField(blank=True, db_index=False)  # its key; of an answer only
    count = models.PositiveIntegerField(default=0)

    objects = FlowCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of a flow")
        verbose_name_plural = _("counts of flows")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "day", "what", "step", "option"], name="one_flow_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what} {self.step} {self.option}: {self.count}"
