"""How far something written has come, and how much a change matters to other languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NotAllowed(Exception):
    """The rules forbid it, or it came too late; says why in sentences."""

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


class Stage(models.TextChoices):
    """How far something unapplied has come; what follows from its moments."""

    WRITING = "writing", _("being written")
    REVIEW = "review", _("waits for a review")
    RETURNED = "returned", _("changes asked for")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    APPLIED = "applied", _("published")
    REPLACED = "replaced", _("replaced")
    DISCARDED = "discarded", _("discarded")


class Significance(models.TextChoices):
    TYPO = "typo", _("Typo: nothing to translate")
    MINOR = "minor", _("Minor: translators are told")
    MAJOR = "major", _("Major: other languages are marked as outdated")
