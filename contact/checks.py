"""What an operator should hear before customers notice it."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import getaddresses
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from . import scanning

DEFAULT_SUPPORT = "support@localhost"


@register()
def deliveries_can_work(**_: Any) -> list[CheckMessage]:
    """What would stop every mail, or send it twice."""
    found: list[CheckMessage] = []
    if settings.DELIVERY_LEASE <= settings.EMAIL_TIMEOUT:
        said = "DELIVERY_LEASE must be longer than EMAIL_TIMEOUT, or two workers send the same delivery."
        found.append(Error(said, id="contact.E001"))
    for variable, given in (("SUPPORT", settings.SUPPORT_EMAIL), ("FROM", settings.DEFAULT_FROM_EMAIL)):
        addresses = [address for _name, address in getaddresses([given])]
        if len(addresses) != 1 or not _is_address(addresses[0]):
            said = f"HELPCENTER_{variable}_EMAIL is not one address that mail servers take: {given!r}."
            found.append(Error(said, id="contact.E002"))
    return found


@register(deploy=True)
def mails_leave_this_machine(**_: Any) -> list[CheckMessage]:
    """On a real site requests reach somebody."""
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND == "contact.mailservers.FolderBackend":
        hint = "Set HELPCENTER_EMAIL_URL. Until then mails become files, and nobody receives them."
        found.append(Warning("No mail server is set.", hint=hint, id="contact.W001"))
    if settings.SUPPORT_EMAIL == DEFAULT_SUPPORT:
        hint = "Set HELPCENTER_SUPPORT_EMAIL to the address where your agents read."
        found.append(Warning("Requests go to the default support address.", hint=hint, id="contact.W002"))
    return found


@register()
def scanner_has_an_address(**_: Any) -> list[CheckMessage]:
    if not settings.SCANNER:
        return []
    try:
        scanning.address(settings.SCANNER)
    except ValueError as error:
        return [Error(f"HELPCENTER_SCANNER: {error}.", id="contact.E003")]
    return []


@register(deploy=True)
def scanner_answers(**_: Any) -> list[CheckMessage]:
    if not settings.SCANNER or scanning.answers():
        return []
    hint = "Files are withheld until it does. Start clamd, and see that this user may connect to it."
    return [Warning("The virus scanner does not answer.", hint=hint, id="contact.W005")]


@register(deploy=True)
def browsers_can_do_the_work(**_: Any) -> list[CheckMessage]:
    if settings.IS_HTTPS or not settings.PROOF_OF_WORK:
        return []
    return [
        Warning(
            "Browsers cannot do the proof of work: they have what it needs only over HTTPS.",
            hint="Set HELPCENTER_HTTPS, or leave HELPCENTER_PROOF_OF_WORK at 0.",
            id="contact.W004",
        )
    ]


@register(deploy=True)
def proxies_are_counted(**_: Any) -> list[CheckMessage]:
    if not settings.IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "The site is behind a proxy, whose address all visitors seem to have.",
            hint="Set HELPCENTER_TRUSTED_PROXIES to the number of proxies that add to X-Forwarded-For.",
            id="contact.W003",
        )
    ]


def _is_address(text: str) -> bool:
    try:
        return bool(Address(addr_spec=text.encode("ascii").decode()).domain)
    except (ValueError, IndexError):  # the parser of Python 3.11 raises either
        return False
