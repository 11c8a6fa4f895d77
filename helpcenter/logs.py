"""What goes into the log: where it broke, and nothing that anybody typed."""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType
from typing import TypeAlias

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

# Their words come from Python or from the database about itself; others may quote a value, hence a customer.
TELLING = (OperationalError, ImproperlyConfigured, ImportError, AttributeError, NameError)
# Whoever knows the rest may read the request, or what is not published yet.
RECEIPT = re.compile(r"(/contact/requests/|/preview/(?:articles|flows)/)[^\s/?#]+")

Error: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Tracebacks without the words of the errors, and receipts without the part that opens them."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have left its own text here
        line = super().format(record)
        record.exc_text = None
        return RECEIPT.sub(r"\1…", line)

    def formatException(self, ei: Error) -> str:
        return "".join(_lines(ei[1])).rstrip("\n") if ei[1] else ""


def _lines(error: BaseException) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_lines(cause), "\nwhich led to:\n\n"] if cause else []
    # Of the first line, since PostgreSQL quotes the statement in the next ones.
    words = f": {error}".partition("\n")[0] if isinstance(error, TELLING) else ""
    return [*before, *traceback.format_tb(error.__traceback__), f"{type(error).__name__}{words}\n"]
