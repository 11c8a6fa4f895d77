"""The only sender of mail: writes the deliveries, hands one to the mail server, or puts it into a folder."""

from __future__ import annotations

import os
import secrets
import smtplib
import tempfile
from collections.abc import Sequence
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator

from . import typed
from .models import ContactRequest, Delivery, LaterVersion
from .words import carried, rows, weekday

SUBJECT_LENGTH = 150


class NeverSendable(Exception):
    """It can never be sent, however often it is tried; says why."""


class Unreachable(Exception):
    """The mail server did not do its part; the mail is not to blame."""


def to_support(request: ContactRequest) -> Delivery:
    """The request for the agents, in the site's language; a reply goes to the customer."""
    context: dict[str, Any] = {
        "sent": request,
        "block": _block(request),
        "admin_url": _admin_url(request),
        "summary": Truncator(typed.one_line(request.message)).chars(60),
    }
    with translation.override(settings.LANGUAGE_CODE):
        context["carried"] = carried(request)
        return _delivery("support", settings.SUPPORT_EMAIL, request, context, _reply_to_customer(request))


def later_version(version: LaterVersion) -> Delivery:
    """What came later under a request that support has already."""
    request = version.request
    context = {"sent": request, "version": version, "admin_url": _admin_url(request)}
    with translation.override(settings.LANGUAGE_CODE):
        return _delivery("later", settings.SUPPORT_EMAIL, request, context, _reply_to_customer(request))


def to_customer(request: ContactRequest) -> Delivery:
    """The confirmation in the customer's language, with a copy of what was sent."""
    headers = {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": settings.SUPPORT_EMAIL,
    }
    with translation.override(request.language):
        context = {
            "sent": request,
            "rows": [row for row in rows(request) if row.value],
            "brand": settings.HELPCENTER_NAME,
            "answer_by": weekday(request.promise),
            "receipt_url": f"{settings.SITE_URL}{request.get_absolute_url()}",
        }
        return _delivery("confirmation", typed.ascii_address(request.email), request, context, headers)


def send(delivery: Delivery) -> None:
    """It has left.  NeverSendable where it never can; Unreachable or the server's words where it may later."""
    message = EmailMessage(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.recipient],
        headers={**delivery.headers, "Message-ID": delivery.message_id},
    )
    try:
        message.message()
    except Exception as error:
        raise NeverSendable(f"{type(error).__name__}: {error}") from error
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise _refusal(code, reason) from error
    except smtplib.SMTPSenderRefused as error:  # the sender is always us: the settings are to blame, not the mail
        raise Unreachable(f"{error.smtp_code} {error.smtp_error!r}") from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise NeverSendable(f"{type(error).__name__}: {error}") from error
    except OSError as error:  # smtplib's errors and time-outs are OSErrors too
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    finally:
        _close(connection)


def _refusal(code: int, reason: bytes | str) -> Exception:
    words = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    said = f"{code} {typed.one_line(words)}"
    return NeverSendable(said) if 500 <= code < 600 else smtplib.SMTPException(said)


def _close(connection: Any) -> None:
    """The server has said yes or no by now: what happens on leaving must not make us send it again."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return


def _delivery(
    name: str, recipient: str, request: ContactRequest, context: dict[str, Any], headers: dict[str, str]
) -> Delivery:
    subject = render_to_string(f"contact/email/{name}_subject.txt", context)
    return Delivery(
        request=request,
        recipient=recipient,
        subject=Truncator(typed.one_line(subject)).chars(SUBJECT_LENGTH),
        body=render_to_string(f"contact/email/{name}_body.txt", context).strip() + "\n",
        headers=headers,
        message_id=_new_message_id(),
    )


def _new_message_id() -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{secrets.token_hex(16)}@{domain}>"


def _reply_to_customer(request: ContactRequest) -> dict[str, str]:
    return {"Reply-To": formataddr((request.name, typed.ascii_address(request.email)))}


def _block(request: ContactRequest) -> list[tuple[str, str]]:
    """What rules and scripts read: names that are the same in every language, and one value to a name."""
    values = [
        ("Reference", request.reference),
        ("Topic", request.topic_name),
        ("Topic-Key", request.topic.key if request.topic else ""),
        ("Language", request.language),
        ("Name", request.name),
        ("E-mail", request.email),
        ("Answer-By", request.promise.isoformat()),
        ("Remedy", request.remedy),
        *((f"Detail-{detail['key'].title()}", detail["value"]) for detail in request.details),
    ]
    # A further line is indented, so that no value can pass for another name.
    return [(name, value.replace("\n", "\n    ")) for name, value in values if value]


def _admin_url(request: ContactRequest) -> str:
    return f"{settings.SITE_URL}{reverse('admin:contact_contactrequest_change', args=[request.pk])}"


class FolderBackend(BaseEmailBackend):
    """Where no mail server is set: each message is a file in EMAIL_FILE_PATH, for its owner's eyes only."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(folder, message.message().as_bytes())
        return len(email_messages)

    def _write(self, folder: Path, content: bytes) -> None:
        """The whole file is there under its name, or none of it."""
        name = f"{timezone.localtime():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(folder / name)
