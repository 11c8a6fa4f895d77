"""A file of a request: a row here, its bytes in the storage under their SHA-256."""

from __future__ import annotations

import uuid
from typing import IO, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .storage import attachments


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, pk: uuid.UUID) -> Self:
        """Those of a draft, of the request that it became, and those added since."""
        return self.filter(Q(draft=pk) | Q(request=pk))

    def waiting_for_scan(self) -> Self:
        return self.filter(scanned_at=None)


class Attachment(models.Model):
    """One file: of a draft request until it is sent, then of the request.  Only harmless copies come here."""

    class Kind(models.TextChoices):
        JPEG = "image/jpeg", _("photo")
        PNG = "image/png", _("picture")
        PDF = "application/pdf", "PDF"
        TEXT = "text/plain", _("text")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(
        "DraftRequest", null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    request = models.ForeignKey(
        "ContactRequest", null=True, blank=True, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    infection = models.CharField(_("infection"), max_length=100, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft=None, request__isnull=False) | Q(draft__isnull=False, request=None),
                name="of_a_draft_or_of_a_request",
            )
        ]
        indexes = [models.Index(fields=["scanned_at"], name="attachment_scanned_at")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.kind in (self.Kind.JPEG, self.Kind.PNG)

    @property
    def is_withheld(self) -> bool:
        """Nobody gets it: it is infected, or there is a scanner that has not said yet that it is not."""
        return bool(self.infection) or bool(settings.SCANNER and not self.scanned_at)

    @property
    def state(self) -> str:
        """What is known about viruses in it; never more."""
        if self.infection:
            return _("infected: %(name)s. Withheld.") % {"name": self.infection}
        if self.scanned_at:
            return str(_("scanned, nothing found"))
        return str(_("not scanned yet, withheld until then") if settings.SCANNER else _("not scanned"))

    @property
    def in_words(self) -> str:
        """Its name and size, on one line."""
        return f"{self.name} ({filesizeformat(self.size)})"

    @property
    def path(self) -> str:
        """Where the storage keeps it; nothing of it was chosen by whoever sent it."""
        return path_of(self.sha256)

    def open(self) -> IO[bytes]:
        return attachments().open(self.path)


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
