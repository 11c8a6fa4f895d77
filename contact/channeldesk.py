"""Channels for editors, and how often an answer made a request needless."""

from __future__ import annotations

from django.contrib import admin

from articles.labels import LabelsMixin
from articles.readonly import ReadOnly

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
class SolvedCountAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["day", "answer", "language", "count"]
    list_display_links = None
    list_filter = ["language"]
    date_hierarchy = "day"
