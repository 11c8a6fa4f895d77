"""Whether an address on the web answers, asked so that nobody can use us to reach what only we can reach.

A name is resolved once, only a public address of it is connected to, and that very address: a name that leads
elsewhere the next time leads us nowhere.  The same for every address that a redirect names.  No queries.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
SECONDS = 10.0  # for one method, with all its redirects
MOST_BYTES = 64 * 1024  # of one answer
MOST_REDIRECTS = 5
LONGEST = 2_000  # characters of an address
REDIRECTS = {301, 302, 303, 307, 308}
# Where a cloud answers its own machines on an address that looks like any other.
METADATA = {ip_address("168.63.129.16"), ip_address("100.100.100.200")}
NAT64 = ip_network("64:ff9b::/96")
# All that the internet routes; what lies beside it belongs to networks, as fec0::/10 that Python calls global.
ROUTED = ip_network("2000::/3")
ASSIGNED_TO_PROTOCOLS = ip_network("192.0.0.0/24")

Address = IPv4Address | IPv6Address


class Reason(StrEnum):
    """Why there is no status."""

    PRIVATE = "private"
    NOT_WEB = "not-web"
    PORT = "port"
    MALFORMED = "malformed"
    NO_HOST = "no-host"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    REDIRECTS = "redirects"
    NO_ANSWER = "no-answer"


REFUSED = {Reason.PRIVATE, Reason.NOT_WEB, Reason.MALFORMED}  # what no reader can use, either


class CannotAsk(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """The last status, or why there is none."""

    status: int | None = None
    reason: Reason | None = None


def ask(address: str, agent: str, allowed: Collection[str] = ()) -> Answer:
    """What the address answers in the end, with HEAD or, where that is not answered well, with GET.

    `allowed` are hosts with their ports, `intranet.example:8080`, that may be private.
    """
    answer = _follow(address, "HEAD", agent, allowed)
    if answer.status is not None and answer.status >= 400 and answer.status != 429:
        return _follow(address, "GET", agent, allowed)
    if answer.reason == Reason.NO_ANSWER:  # some hang up on HEAD
        return _follow(address, "GET", agent, allowed)
    return answer


def _follow(address: str, method: str, agent: str, allowed: Collection[str]) -> Answer:
    ends_at = time.monotonic() + SECONDS
    try:
        for _number in range(MOST_REDIRECTS + 1):
            status, to = _hop(address, method, agent, allowed, ends_at)
            if status not in REDIRECTS or not to:
                return Answer(status)
            address = _joined(address, to)
    except CannotAsk as error:
        return Answer(reason=error.reason)
    return Answer(reason=Reason.REDIRECTS)


def _joined(address: str, to: str) -> str:
    try:
        return urljoin(address, to)
    except ValueError as error:  # http://[
        raise CannotAsk(Reason.MALFORMED) from error


def _hop(address: str, method: str, agent: str, allowed: Collection[str], ends_at: float) -> tuple[int, str]:
    """One request: its status, and where it redirects to."""
    parts, host, port = _parts(address)
    is_allowed = f"{host}:{port}" in allowed
    if port != PORTS[parts.scheme] and not is_allowed:
        raise CannotAsk(Reason.PORT)
    target = _resolve(host, port, is_private_allowed=is_allowed)
    kind = _Secure if parts.scheme == "https" else _Plain
    connection = kind(host, port, target, ends_at)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    try:
        connection.request(method, path + query, headers={"User-Agent": agent, "Accept": "*/*"})
        response = connection.getresponse()
        return response.status, _read_as_utf8(response.getheader("Location", ""))
    except TimeoutError as error:
        raise CannotAsk(Reason.TIMEOUT) from error
    except ssl.SSLError as error:
        raise CannotAsk(Reason.CERTIFICATE) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CannotAsk(Reason.NO_ANSWER) from error
    finally:
        connection.close()


def _read_as_utf8(header: str) -> str:
    """A header that was read as Latin-1, as servers mean it."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _parts(address: str) -> tuple[SplitResult, str, int]:
    """The address in its parts, with the host as it is asked for by machines."""
    if len(address) > LONGEST:  # before the host is spelt for machines, which takes a second for 200,000 letters
        raise CannotAsk(Reason.MALFORMED)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if parts.scheme not in PORTS:
            raise CannotAsk(Reason.NOT_WEB)
        host = host if ":" in host else host.encode("idna").decode()
    except ValueError as error:  # UnicodeError too
        raise CannotAsk(Reason.MALFORMED) from error
    if not host or "@" in parts.netloc:
        raise CannotAsk(Reason.MALFORMED)
    return parts, host, port or PORTS[parts.scheme]


def host_of(address: str) -> str:
    """Whose machine it is; empty where nobody's."""
    try:
        return _parts(address)[1]
    except CannotAsk:
        return ""


def _resolve(host: str, port: int, *, is_private_allowed: bool) -> Address:
    """The address to connect to: the first that is public."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotAsk(Reason.NO_HOST) from error
    found = [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    for address in found:
        if is_private_allowed or is_public(address):
            return address
    raise CannotAsk(Reason.PRIVATE if found else Reason.NO_HOST)


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can connect to it; what an IPv6 address carries must be public too."""
    if isinstance(address, IPv6Address):
        within = IPv4Address(int(address) & 0xFFFFFFFF)
        if address.ipv4_mapped or address in NAT64:
            return is_public(within)
        if address not in ROUTED:
            return False
        if not all(map(is_public, [one for one in (address.sixtofour, *(address.teredo or ())) if one])):
            return False
    if address in METADATA or address in ASSIGNED_TO_PROTOCOLS:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Bounded(io.RawIOBase):
    """A socket's bytes, as long as there is time and not too many have come."""

    def __init__(self, sock: socket.socket, ends_at: float) -> None:
        self.sock, self.ends_at, self.left = sock, ends_at, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.left <= 0:
            raise OSError("It answers more than is read.")
        self.sock.settimeout(left)
        count = self.sock.recv_into(memoryview(buffer)[: self.left])
        self.left -= count
        return count


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was looked at, whatever the name leads to by now."""

    def __init__(self, host: str, port: int, target: Address, ends_at: float) -> None:
        super().__init__(host, port)
        self.target, self.ends_at = target, ends_at

    def connect(self) -> None:
        self.sock = socket.create_connection((str(self.target), self.port), self._left())

    def _left(self) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def response_class(  # type: ignore[override]
        self, sock: socket.socket, *args: Any, **kwargs: Any
    ) -> http.client.HTTPResponse:
        """An answer that is read within the bounds."""
        response = http.client.HTTPResponse(sock, *args, **kwargs)
        response.fp.close()
        response.fp = io.BufferedReader(_Bounded(sock, self.ends_at))  # type: ignore[arg-type]
        return response


class _Secure(_Plain):
    """The same with TLS, by the name that was asked for."""

    default_port = PORTS["https"]  # else the host is named with its port, which no browser does

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock.settimeout(self._left())
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
