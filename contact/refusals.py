"""Why a file is not taken: one sentence each, which names the file and says what to do instead."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MEGABYTE = 1024 * 1024


class Reason(StrEnum):
    UNKNOWN = "unknown"
    EMPTY = "empty"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    TOGETHER = "together"
    HUGE = "huge"
    ACTIVE = "active"
    LOCKED = "locked"
    INFECTED = "infected"
    NO_ROOM = "no-room"
    BUSY = "busy"
    NETWORK = "network"
    AGAIN = "again"


SENTENCES = {
    Reason.UNKNOWN: gettext_noop(
        "“%(name)s” is of a kind that we cannot take. Send a photo, a PDF or plain text, or a screenshot of it."
    ),
    Reason.EMPTY: gettext_noop("“%(name)s” is empty. Save it once more, or choose another file."),
    Reason.DAMAGED: gettext_noop(
        "“%(name)s” cannot be read; it seems to be damaged. Save it once more, or send a screenshot of it."
    ),
    Reason.TOO_LARGE: gettext_noop(
        "“%(name)s” is larger than %(size)s. Send a smaller one, or a screenshot of what matters."
    ),
    Reason.TOO_MANY: gettext_noop(
        "“%(name)s” is one too many: a request takes at most %(count)s. Remove another one first."
    ),
    Reason.TOGETHER: gettext_noop(
        "With “%(name)s” your files are larger than %(total)s. Remove another one first, or send a smaller one."
    ),
    Reason.HUGE: gettext_noop(
        "“%(name)s” is too large to be looked at here. Make it smaller, or send a screenshot of what matters."
    ),
    Reason.ACTIVE: gettext_noop(
        "“%(name)s” holds programs, forms or other files. Print it into a new PDF, or send a screenshot of it."
    ),
    Reason.LOCKED: gettext_noop(
        "“%(name)s” is protected with a password. Save it without one, or send a screenshot of it."
    ),
    Reason.INFECTED: gettext_noop(
        "Our virus scanner found something in “%(name)s”, so we do not keep it. Send a screenshot of it instead."
    ),
    Reason.NO_ROOM: gettext_noop(
        "We cannot store “%(name)s” at the moment. Try again in a few minutes, or send your request without it "
        "and then the file as a reply to our e-mail."
    ),
    Reason.BUSY: gettext_noop("Many files are arriving at this moment. Choose “%(name)s” again in a minute."),
    Reason.NETWORK: gettext_noop(
        "“%(name)s” was not taken: too many files have come from your network in the last hour. Send your request "
        "without it, and then the file as a reply to our e-mail."
    ),
    Reason.AGAIN: gettext_noop("“%(name)s” has not arrived. Please choose it again."),
}


class Refused(Exception):
    """The file is not taken; says why, and what it is called."""

    def __init__(self, reason: Reason, name: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


def sentence(reason: str, name: str) -> str:
    """The reason in words, in the reader's language."""
    known = Reason(reason) if reason in list(Reason) else Reason.AGAIN
    return _(SENTENCES[known]) % {
        "name": name,
        "count": settings.FILES,
        "size": megabytes(settings.FILE_SIZE),
        "total": megabytes(settings.FILES_SIZE),
    }


def megabytes(size: int) -> str:
    """A limit as people say it: 10 MB, not 10.0 MB."""
    return f"{size // MEGABYTE}\xa0MB" if size % MEGABYTE == 0 else filesizeformat(size)
