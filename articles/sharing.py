"""Secret preview links: what readers do not see yet, for people without an account, until a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAYS = (1, 7, 30)  # for how long a link may be made


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def open(self) -> Self:
        """Those that still lead somewhere."""
        return self.filter(expires_at__gt=timezone.now(), revoked_at=None)

    def to(self, subject: models.Model) -> Self:
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_pk=subject.pk)

    def signed(self, signed: str, model: type[models.Model]) -> PreviewLink | None:
        """The open link whose address this is, to a thing of this kind; None for every other."""
        try:
            pk = int(_signer().unsign(signed))
        except (signing.BadSignature, ValueError):
            return None
        kind = ContentType.objects.get_for_model(model)
        return self.open().filter(pk=pk, subject_type=kind).first()

    def revoke(self, by: Any = None) -> int:
        """None of them leads anywhere any more."""
        return self.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)


class PreviewLink(models.Model):
    """An address that shows a translation's unapplied text, or a flow's draft version, to its holders."""

    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_pk = models.BigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_pk")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_pk"], name="preview_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject_type_id} {self.subject_pk}"

    def get_absolute_url(self) -> str:
        subject: Any = self.subject
        return str(subject.preview_url(self))

    @property
    def url(self) -> str:
        """As it is given to others."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def signed(self) -> str:
        return _signer().sign(str(self.pk))


def make(subject: Any, by: Any, days: int) -> PreviewLink:
    """A new link, open for that many days."""
    return PreviewLink.objects.create(
        subject=subject, made_by=by, expires_at=timezone.now() + timedelta(days=days)
    )


def _signer() -> signing.Signer:
    return signing.Signer(salt="preview", sep=".")
