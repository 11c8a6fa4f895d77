"""A request for rules and scripts: lines of a name and a value, and the same as one JSON object."""

from __future__ import annotations

from typing import Any

from flows.clock import site_time

from .models import ContactRequest

FORMAT = 1  # raised when a name goes or changes its meaning; a new one may come at any time


def block(request: ContactRequest) -> list[tuple[str, str]]:
    """Names that are the same in every language, and one value to a name; empty values are left out."""
    values = [
        ("Reference", request.reference),
        ("Topic", request.topic_title),
        ("Topic-Key", request.topic.key if request.topic else ""),
        ("Language", request.language),
        ("Name", request.name),
        ("E-mail", request.email),
        ("Answer-By", request.promise.isoformat()),
        ("Remedy", request.remedy),
        ("Files", ", ".join(each.in_words for each in request.files)),
        *((f"Call-{name.title()}", value) for name, value in call(request).items()),
        *((f"Detail-{detail['key'].title()}", detail["value"]) for detail in request.details),
    ]
    return [(name, value) for name, value in values if value]


def call(request: ContactRequest) -> dict[str, str]:
    """The call that was asked for; nothing where none was."""
    if request.callback_at is None or request.callback_until is None:
        return {}
    return {
        "number": request.callback_number,
        "from": site_time(request.callback_at).isoformat(timespec="minutes"),
        "until": site_time(request.callback_until).isoformat(timespec="minutes"),
        "language": request.callback_language,
    }


def lines(request: ContactRequest) -> list[str]:
    """The block as text; a further line is indented, so that no value can pass for another name."""
    return [f"{name}: " + value.replace("\n", "\n    ") for name, value in block(request)]


def named_files(request: ContactRequest) -> list[dict[str, Any]]:
    """What a mail says of the files; it may also carry them."""
    return [
        {"id": str(each.pk), "name": each.name, "type": each.kind, "size": each.size} for each in request.files
    ]


def facts(request: ContactRequest) -> dict[str, Any]:
    """Everything that was sent, by name; empty values too."""
    return {
        "format": FORMAT,
        "reference": request.reference,
        "sent_at": request.created_at.isoformat(),
        "topic": {"key": request.topic.key if request.topic else "", "name": request.topic_name},
        "language": request.language,
        "name": request.name,
        "email": request.email,
        "answer_by": request.promise.isoformat(),
        "remedy": request.remedy,
        "call": call(request) or None,
        "details": {detail["key"]: detail["value"] for detail in request.details},
        "worded": request.worded,
        "message": request.message,
        "files": named_files(request),
        "tried": request.tried,
        "flow": {"title": request.flow_title, "trail": request.trail},
        "article": request.article_title,
        "searched_for": request.search_words,
    }
