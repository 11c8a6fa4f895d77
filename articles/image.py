"""Pictures of texts, as rows; articles/pictures.py makes them."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Image(models.Model):
    """A picture for texts, stored under the SHA-256 of its bytes: ![what it shows](image:name)."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Texts use it: image:name."))
    sha256 = models.CharField(max_length=64, editable=False)
    extension = models.CharField(max_length=5, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    # In which it is stored as WebP too; null: nobody has looked yet, empty: it is drawn, moves, or is too high.
    widths = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("image", args=[self.file_name])

    @property
    def file_name(self) -> str:
        return f"{self.sha256}.{self.extension}"

    @property
    def path(self) -> str:
        """Where the storage keeps it."""
        return f"images/{self.file_name}"

    @property
    def thumbnail_url(self) -> str:
        """The smallest that there is of it."""
        return reverse("image", args=[f"{self.sha256}-{self.widths[0]}.webp" if self.widths else self.file_name])

    def path_of_width(self, width: int) -> str:
        return f"images/{self.sha256}-{width}.webp"

    @property
    def srcset(self) -> str:
        """What a browser chooses from, as WebP; empty where there is only the picture itself."""
        addresses = (
            (width, reverse("image", args=[f"{self.sha256}-{width}.webp"])) for width in self.widths or []
        )
        return ", ".join(f"{address} {width}w" for width, address in addresses)

    @property
    def content_type(self) -> str:
        return "image/svg+xml" if self.extension == "svg" else f"image/{self.extension.replace('jpg', 'jpeg')}"
