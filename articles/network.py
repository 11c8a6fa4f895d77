"""Where a request comes from, as far as it can be believed.

In the lowest room, since votes and contact requests have limits.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV6_PREFIX = 64  # what one household or one machine is given
WITH_PORT = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")


def network_of(request: HttpRequest) -> str:
    """The network of the visitor; empty where it is unknown, and so nobody may be held to it.

    A loopback address is that of a proxy on this machine which HELPCENTER_TRUSTED_PROXIES does not count:
    all visitors have it.
    """
    address = _address(request)
    if address is None or address.is_loopback:
        return ""
    prefix = settings.IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return str(ip_network((address, prefix), strict=False))


def _address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The peer's or, behind proxies of ours, what the outermost of them saw: the rest anybody can write."""
    proxies = settings.TRUSTED_PROXIES
    told = request.headers.get("X-Forwarded-For", "").split(",")
    seen = _parse(told[-proxies]) if 0 < proxies <= len(told) else None
    return seen or _parse(request.META.get("REMOTE_ADDR", ""))


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip()
    if found := WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
