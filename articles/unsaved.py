"""What is being written and by whom: kept every few seconds, and on every save that did not succeed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.utils import timezone

KEPT = timedelta(days=30)
MOST = 50  # forms of one person: more than anybody comes back to, and a bound on what is stored
# Translated in place, one a language; a key is for who has written no title yet.
TITLES = [re.compile(rf"(?:^|-)(?:{name})(?:_\d+)?$") for name in ("title|name|label|question", "key")]
THERE = timedelta(seconds=45)  # how long after the last sign of life somebody is taken to be at a form


class UnsavedQuerySet(models.QuerySet["Unsaved"]):
    def old(self) -> Self:
        return self.filter(kept_at__lt=timezone.now() - KEPT)

    def too_many(self, user: Any) -> Self:
        """Those of the user that are older than the newest so many."""
        newest = self.filter(user=user).order_by("-kept_at", "-pk").values_list("pk", flat=True)[:MOST]
        return self.filter(user=user).exclude(pk__in=list(newest))


class Unsaved(models.Model):
    """What somebody has typed into a form of the admin and not saved yet; one for each person and form."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)  # the form's path
    fields = models.JSONField()  # name → the values that the browser would post
    kept_at = models.DateTimeField(default=timezone.now)

    objects = UnsavedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_unsaved_per_form")]

    def __str__(self) -> str:
        return self.place

    @property
    def about(self) -> str:
        """The first title or name that was typed, by which its writer knows it again; empty without one."""
        titles = (
            values[0] for told in TITLES for name, values in self.fields.items() if told.search(name) and values
        )
        return next((title.strip() for title in titles if title.strip()), "")


class PresenceQuerySet(models.QuerySet["Presence"]):
    def there(self, place: str) -> Self:
        recent = timezone.now() - THERE
        return self.filter(place=place, seen_at__gt=recent).select_related("user").order_by("user__username")


class Presence(models.Model):
    """Somebody has a form open; its last sign of life."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)  # when they last saved it

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "place"], name="one_presence_per_form")]

    def __str__(self) -> str:
        return self.place


def keep(user: Any, place: str, fields: dict[str, list[str]]) -> Unsaved:
    """What is typed in the form at this place is kept until it is saved, thrown away, or one of too many."""
    kept, is_new = Unsaved.objects.update_or_create(
        {"fields": fields, "kept_at": timezone.now()}, user=user, place=place
    )
    if is_new:
        Unsaved.objects.too_many(user).delete()
    return kept


def drop(user: Any, place: str) -> None:
    Unsaved.objects.filter(user=user, place=place).delete()


def kept_at(user: Any, place: str) -> Unsaved | None:
    return Unsaved.objects.filter(user=user, place=place).first()


def others_at(user: Any, place: str) -> list[str]:
    """The user is here from now on; the names of the others who are, too."""
    Presence.objects.update_or_create({"seen_at": timezone.now()}, user=user, place=place)
    return [one.user.get_username() for one in Presence.objects.there(place).exclude(user=user)]


def saved(user: Any, place: str) -> None:
    """Nothing is unsaved there any more, and the user has gone on."""
    drop(user, place)
    now = timezone.now()
    Presence.objects.filter(user=user, place=place).update(saved_at=now, seen_at=now - THERE)


def saved_at(user: Any, place: str) -> float:
    """When the user last saved that form, in seconds; what their browser still holds of it may be older."""
    found = Presence.objects.filter(user=user, place=place, saved_at__isnull=False).first()
    return found.saved_at.timestamp() if found and found.saved_at else 0.0


def forget_old() -> None:
    """What nobody came back for, and who left without a word; looked at once an hour.  A worker's duty."""
    if cache.add("articles.unsaved.forget_old", True, timeout=3600):
        Unsaved.objects.old().delete()
        Presence.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()
