"""Channels for editors, and how often an answer made a request needless."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.labels import LabelsMixin

from .models import Channel, SolvedCount


@admin.register(Channel)
class ChannelAdmin(LabelsMixin, admin.ModelAdmin):
    list_display = ["__str__", "kind", "address", "hours", "position", "is_open"]
    fields = [
        "kind",
        "label",
        "key",
        "address",
        "hours",
        "answer",
        "answer_hours",
        "calls_per_window",
        "notes",
        "position",
        "is_open",
    ]


@admin.register(SolvedCount)
class SolvedCountAdmin(admin.ModelAdmin):
    list_display = ["day", "answer", "language", "count"]
    list_display_links = None
    list_filter = ["language"]
    date_hierarchy = "day"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
