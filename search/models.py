"""What has changed in the content: rows that the worker applies to every index."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=7)


class IndexChangeQuerySet(models.QuerySet["IndexChange"]):
    def after(self, pk: int) -> Self:
        return self.filter(pk__gt=pk).order_by("pk")

    def old(self) -> Self:
        """Those that an index which has not seen them no longer needs: it compares itself as a whole."""
        return self.filter(changed_at__lt=timezone.now() - KEPT)

    def newest(self) -> int:
        """The number of the last change; 0 before the first one."""
        return self.aggregate(newest=models.Max("pk"))["newest"] or 0


class IndexChange(models.Model):
    """Something that search may show was saved or deleted.  Append-only."""

    label = models.CharField(_("model"), max_length=100)
    object_pk = models.BigIntegerField(_("number of the object"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    objects = IndexChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("index change")
        verbose_name_plural = _("index changes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.label} {self.object_pk}"
