"""Who of the staff may do something."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

BACKEND = "django.contrib.auth.backends.ModelBackend"


def holders(name: str) -> QuerySet[Any]:
    """All who have it, of the staff or not."""
    return get_user_model()._default_manager.with_perm(name, backend=BACKEND)


def with_permission(name: str, *, include_superusers: bool = True) -> QuerySet[Any]:
    """Those who have it, by themselves or through a group."""
    users = get_user_model()._default_manager.with_perm(
        name, include_superusers=include_superusers, backend=BACKEND
    )
    return users.filter(is_staff=True).order_by("username")
