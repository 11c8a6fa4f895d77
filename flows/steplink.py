"""Which links to other sites the steps of a flow hold: in the version that customers walk, and in the draft."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from articles.models import ExternalLink

IS_DRAFT = Q(step__version__published_at=None)
IS_WALKED = Q(step__version__flow__published_version=F("step__version"))


class StepLinkQuerySet(models.QuerySet["StepLink"]):
    def current(self) -> Self:
        """Those of published and of draft versions; nobody reads the others again."""
        return self.filter(IS_DRAFT | IS_WALKED)

    def with_other(self) -> Self:
        """With whether the same step of the other version holds the link too."""
        same = {name: OuterRef(name) for name in ("link", "step__slug", "step__version__flow")}
        others = StepLink.objects.current().filter(**same).exclude(pk=OuterRef("pk"))
        return self.annotate(is_in_other=Exists(others))

    def places(self) -> Self:
        """One row for each place: of a step that both versions have it is the draft's, where it is mended."""
        return self.current().with_other().filter(IS_DRAFT | Q(is_in_other=False))


class StepLink(models.Model):
    """A step's text holds an external link, in whatever language."""

    link = models.ForeignKey(ExternalLink, on_delete=models.CASCADE, related_name="step_links")
    step = models.ForeignKey("flows.Step", on_delete=models.CASCADE, related_name="step_links")

    is_derived = True

    objects = StepLinkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "step"], name="one_step_link")]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.link_id}"


class StepLinksRead(models.Model):
    """With which text a step's links are in the table; it is compared in the database."""

    step = models.OneToOneField(
        "flows.Step", primary_key=True, on_delete=models.CASCADE, related_name="links_read"
    )
    body = models.TextField()  # as the column of the step has it

    is_derived = True

    def __str__(self) -> str:
        return str(self.step_id)
