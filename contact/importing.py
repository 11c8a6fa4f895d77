"""Channels from content files: `channels.yaml`."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError

from articles.contentfiles import Fields, Report, put, read_fields

from .models import Channel

CHANNEL = ("kind", "label", "address", "notes", "hours", "answer", "answer_hours", "calls_per_window", "offered")


def import_contact(folder: Path, report: Report) -> None:
    """What the folder says of this app is in the database, but for what the report tells."""
    for position, (key, fields) in enumerate(read_fields(folder / "channels.yaml", report).mappings()):
        _import_channel(key, fields, position)


def _import_channel(key: str, fields: Fields, position: int) -> None:
    fields.expect(*CHANNEL)
    values = {
        "kind": fields.choice("kind", Channel.Kind.values),
        "label": fields.label("label", required=True),
        "address": fields.text("address", most=200),
        "notes": fields.label("notes"),
        "hours": fields.text("hours", most=200),
        "answer": fields.label("answer"),
        "answer_hours": fields.number("answer_hours", None),
        "calls_per_window": fields.number("calls_per_window", None),
        "position": position,
        "is_open": fields.flag("offered") if "offered" in fields else True,
    }
    try:
        Channel(key=key, **values).full_clean(validate_unique=False)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            for sentence in sentences if values["label"] or name != "label" else []:
                fields.mistake(sentence, name)
        return
    put(Channel, {"key": key}, values)
