"""Pages of the desk that only show."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """What happened, or was counted, is not rewritten."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
