"""The only sender of mail: writes the deliveries, and hands one to the mail server."""

from __future__ import annotations

import json
import logging
import secrets
import smtplib
from collections.abc import Iterator
from email.headerregistry import Address
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator

from articles import brand
from articles.models import Notification

from . import status, typed
from .attachment import Attachment
from .delivery import Delivery, NeverSendable, Refused, Unreachable
from .earlier import Earlier, of_same_address
from .facts import FORMAT, block, facts, lines, named_files
from .facts import call as call_facts
from .models import ContactRequest, LaterVersion
from .secrets_in_text import find
from .words import call, carried, for_agents, weekday
from .words import rows as all_rows

SUBJECT_LENGTH = 150
TOO_LARGE = 552
SIGN_IN_FIRST = (530, 534, 535, 538)  # the settings are to blame

logger = logging.getLogger(__name__)


def to_support(request: ContactRequest, before: list[Earlier]) -> Delivery:
    """The request for the agents, with the earlier ones on the same thing; a reply goes to the customer.

    Its headings are in the site's language, whatever the customer's; their own words are as they wrote them.
    """
    references = [one.request.reference for one in before]
    about = [("Earlier-Requests", ", ".join(references))] if before else []
    with translation.override(settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "sent": request,
            "named": block(request) + about,
            "lines": lines(request) + [f"{name}: {value}" for name, value in about],
            "earlier": [(one, _admin_url(one.request)) for one in before],
            "admin_url": _admin_url(request),
            "summary": _summary(request),
            "carried": for_agents(carried(request))[0],
        }
        delivery = _delivery("support", settings.SUPPORT_EMAIL, request, context, _reply_to_customer(request))
    delivery.facts = facts(request) | {"admin_url": context["admin_url"], "earlier_requests": references}
    return delivery


def later_version(version: LaterVersion, changed: ContactRequest) -> Delivery:
    """What came later under a request that support has already; the address may be what was corrected in it."""
    request = version.request
    with translation.override(settings.LANGUAGE_CODE):
        rows = [row for row in for_agents(all_rows(changed))[0] if row.value]
        context = {"sent": request, "rows": rows, "admin_url": _admin_url(request)}
        delivery = _delivery("later", settings.SUPPORT_EMAIL, request, context, _reply_to_customer(changed))
    delivery.facts = {"format": FORMAT, "reference": request.reference, "sent_again": version.content}
    delivery.facts["files"] = named_files(request)
    return delivery


def about_call(request: ContactRequest, before: ContactRequest) -> Delivery:
    """A call that was asked for, moved or cancelled after the request was sent; `before` has the one it was."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "sent": request,
            "now": call(request),
            "before": call(before),
            "admin_url": _admin_url(request),
        }
        delivery = _delivery("call", settings.SUPPORT_EMAIL, request, context, _reply_to_customer(request))
    facts_of_call = call_facts(request) or None
    delivery.facts = {"format": FORMAT, "reference": request.reference, "call": facts_of_call}
    return delivery


def to_customer(request: ContactRequest, before: list[Earlier]) -> Delivery:
    """The confirmation in the customer's language, with a copy of what was sent."""
    with translation.override(request.language):
        context = {
            "sent": request,
            "rows": [row for row in all_rows(request) if row.value],
            "brand": brand.name(),
            "answer_by": weekday(request.promise),
            **status.call(request),
            "callback_url": f"{settings.SITE_URL}{request.callback_url}",
            "receipt_url": f"{settings.SITE_URL}{request.get_absolute_url()}",
            "earlier": of_same_address(request, before),
        }
        return _automatic("confirmation", request, context)


def call_to_customer(request: ContactRequest) -> Delivery:
    """What has become of the call, to keep: who moved it in a hurry looks for the time in their mails."""
    with translation.override(request.language):
        context = {
            "sent": request,
            **status.call(request),
            "brand": brand.name(),
            "answer_by": "" if request.answered_at else weekday(request.promise),
            "callback_url": f"{settings.SITE_URL}{request.callback_url}",
            "receipt_url": f"{settings.SITE_URL}{request.get_absolute_url()}",
        }
        return _automatic("your_call", request, context)


def about_content(notification: Notification) -> Delivery:
    """Who must act on a text, and where, for one of the staff, in the site's language."""
    deed = notification.deed
    context = {"deed": deed, "sentence": notification.sentence, "url": f"{settings.SITE_URL}{notification.path}"}
    with translation.override(settings.LANGUAGE_CODE):
        # As it is written: one that is no address is quarantined, and holds up no other mail.
        recipient = notification.recipient.email
        return _delivery("content", recipient, None, context, {"Auto-Submitted": "auto-generated"})


def send(delivery: Delivery) -> None:
    """It has left.  NeverSendable, Refused or Unreachable where it has not; any other error: perhaps later."""
    message = _message(delivery)
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
    except smtplib.SMTPSenderRefused as error:
        # The sender is always us: the settings are to blame, unless the mail is too large for the server.
        said = f"{error.smtp_code} {error.smtp_error!r}"
        raise (Refused if error.smtp_code == TOO_LARGE else Unreachable)(said) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise NeverSendable(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _message(delivery: Delivery) -> EmailMessage:
    """The message as it leaves, to exactly one address; NeverSendable where it can be none."""
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.body,
        to=[delivery.recipient],
        headers={**delivery.headers, "Message-ID": delivery.message_id},
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    if delivery.facts is not None:
        written = json.dumps(delivery.facts, ensure_ascii=False, indent=2)
        message.attach("request.json", written.encode(), "application/json")
        for attachment in _attached(delivery.facts.get("files", [])):
            message.attach(*attachment)
    try:
        Address(addr_spec=delivery.recipient.encode("ascii").decode())  # one, not a list of them
        message.message().as_bytes()
    except Exception as error:
        raise NeverSendable(f"{type(error).__name__}: {error}") from error
    return message


def _attached(named: list[dict[str, Any]]) -> Iterator[tuple[str, bytes, str]]:
    """The files that go with the mail: as many as the setting lets, and none that is withheld just now."""
    room = settings.ATTACH_FILES
    for attachment in Attachment.objects.filter(pk__in=[each["id"] for each in named]) if room else []:
        room -= attachment.size
        if room < 0:
            return
        try:
            if not attachment.is_withheld:
                with attachment.open() as file:
                    yield attachment.name, file.read(), attachment.kind
        except OSError:  # the mail has a link to it, and does not wait for it
            logger.exception("The file %s could not be attached.", attachment.pk)


def _refusal(code: int, reason: bytes | str) -> Exception:
    words = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    said = f"{code} {typed.one_line(words)}"
    if code in SIGN_IN_FIRST:
        return Unreachable(said)
    return Refused(said) if 500 <= code < 600 else smtplib.SMTPException(said)


def _delivery(
    name: str, recipient: str, request: ContactRequest | None, context: dict[str, Any], headers: dict[str, str]
) -> Delivery:
    said = render_to_string(f"contact/email/{name}_subject.txt", context)
    subject = Truncator(typed.header(said)).chars(SUBJECT_LENGTH)
    return Delivery(
        request=request,
        recipient=recipient,
        subject=subject,
        body=render_to_string(f"contact/email/{name}_body.txt", context).strip() + "\n",
        html=render_to_string(f"contact/email/{name}_body.html", context | {"subject": subject}).strip() + "\n",
        headers=headers,
        message_id=_new_message_id(),
    )


def _summary(request: ContactRequest) -> str:
    """The first words, where no secret was left in: servers log subjects, and telephones show them when locked."""
    first = request.message or request.worded
    return "" if find(first) else Truncator(typed.one_line(first)).chars(60)


def _automatic(name: str, request: ContactRequest, context: dict[str, Any]) -> Delivery:
    """A mail to the customer that nobody wrote; it counts for what their mailbox gets in a day."""
    headers = {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": settings.SUPPORT_EMAIL,
    }
    delivery = _delivery(name, typed.ascii_address(request.email), request, context, headers)
    delivery.mailbox = typed.mailbox(delivery.recipient)
    return delivery


def _new_message_id() -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{secrets.token_hex(16)}@{domain}>"


def _reply_to_customer(request: ContactRequest) -> dict[str, str]:
    return {"Reply-To": formataddr((typed.header(request.name), typed.ascii_address(request.email)))}


def _admin_url(request: ContactRequest) -> str:
    return f"{settings.SITE_URL}{reverse('admin:contact_contactrequest_change', args=[request.pk])}"
