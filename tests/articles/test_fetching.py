"""Asking an address of another site: real servers, and a guard that lets nobody use us to reach what is inside."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from django.test import SimpleTestCase

from articles import fetching
from articles.fetching import Answer, Reason, ask, is_public
from tests.articles.webservers import dripping, endless_headers, site

AGENT = "test"


@contextmanager
def names(**hosts: str) -> Iterator[list[str]]:
    """A resolver that knows these hosts, dots written as underscores.

    Each question after the first gets the next of the addresses, as a name does that is rebound.  Yields what was
    asked for.
    """
    real, asked = socket.getaddrinfo, []

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        known = hosts.get(str(host).replace(".", "_"))
        if known is None:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        addresses = known.split(",")
        return real(addresses[min(asked.count(host), len(addresses)) - 1], port, *args, **kwargs)

    socket.getaddrinfo = resolve
    try:
        yield asked
    finally:
        socket.getaddrinfo = real


class AnswerTests(SimpleTestCase):
    def test_a_page_answers_for_itself_and_is_asked_for_its_head_alone(self):
        with site(ok=200) as there:
            assert ask(f"{there.url}/ok?a=1", AGENT, {there.host}) == Answer(200)
            assert there.asked == ["HEAD /ok?a=1"]
            assert there.headers["User-Agent"] == AGENT
            assert not {"Cookie", "Referer", "Authorization"} & set(there.headers)

    def test_a_page_that_has_no_head_is_asked_for(self):
        with site(page=405, page_get=200) as there:
            assert ask(f"{there.url}/page", AGENT, {there.host}) == Answer(200)
            assert there.asked == ["HEAD /page", "GET /page"]

    def test_what_is_gone_is_gone_both_ways(self):
        with site(page=404) as there:
            assert ask(f"{there.url}/page", AGENT, {there.host}) == Answer(404)

    def test_redirects_are_followed_and_a_circle_ends(self):
        with site(old="/new", new=200, a="/b", b="/a") as there:
            assert ask(f"{there.url}/old", AGENT, {there.host}) == Answer(200)
            assert ask(f"{there.url}/a", AGENT, {there.host}) == Answer(reason=Reason.REDIRECTS)
            assert len(there.asked) == 2 + fetching.MOST_REDIRECTS + 1

    def test_letters_and_spaces_of_a_path_are_written_as_machines_do(self):
        with site(**{"caf%C3%A9%20x": 200}) as there:
            assert ask(f"{there.url}/café x", AGENT, {there.host}) == Answer(200)

    def test_nobody_there_is_no_answer(self):
        with site() as there:
            pass
        assert ask(f"{there.url}/", AGENT, {there.host}) == Answer(reason=Reason.NO_ANSWER)

    def test_endless_headers_are_not_read_to_the_end(self):
        with site(page=endless_headers) as there:
            assert ask(f"{there.url}/page", AGENT, {there.host}) == Answer(reason=Reason.NO_ANSWER)

    def test_a_byte_now_and_then_does_not_hold_us(self):
        with pytest.MonkeyPatch.context() as patch, site(page=dripping) as there:
            patch.setattr(fetching, "SECONDS", 0.4)
            assert ask(f"{there.url}/page", AGENT, {there.host}) == Answer(reason=Reason.TIMEOUT)

    def test_plain_http_where_tls_is_asked_for_is_no_certificate(self):
        with site(ok=200) as there:
            found = ask(f"https://{there.host}/ok", AGENT, {there.host})
            assert found.reason in (Reason.CERTIFICATE, Reason.NO_ANSWER)
            assert there.asked == []


class GuardTests(SimpleTestCase):
    def test_a_private_host_is_refused_unless_it_is_allowed_with_its_port(self):
        with site(ok=200) as there, pytest.MonkeyPatch.context() as patch:
            patch.setitem(
                fetching.PORTS, "http", int(there.host.rpartition(":")[2])
            )  # so that the port is not why
            for allowed in ((), {"127.0.0.1"}, {"127.0.0.1:80"}, {"localhost:80"}):
                assert ask(f"{there.url}/ok", AGENT, allowed) == Answer(reason=Reason.PRIVATE)
            assert there.asked == []
            assert ask(f"{there.url}/ok", AGENT, {there.host}) == Answer(200)

    def test_however_it_is_written(self):
        with site(ok=200) as there, pytest.MonkeyPatch.context() as patch:
            port = int(there.host.rpartition(":")[2])
            patch.setitem(fetching.PORTS, "http", port)
            hosts = ("localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0")  # noqa: S104
            for host in [*hosts, "[::ffff:127.0.0.1]", "[::1]", "[::]", "[::127.0.0.1]", "１２７.0.0.1"]:
                with self.subTest(host):
                    found = ask(f"http://{host}:{port}/ok", AGENT)
                    assert found.status is None and found.reason in (
                        Reason.PRIVATE,
                        Reason.NO_HOST,
                        Reason.MALFORMED,
                    )
            assert there.asked == []

    def test_a_name_that_leads_inside_is_refused(self):
        with site(ok=200) as there, names(rebound_example="127.0.0.1"), pytest.MonkeyPatch.context() as patch:
            port = int(there.host.rpartition(":")[2])
            patch.setitem(fetching.PORTS, "http", port)
            assert ask(f"http://rebound.example:{port}/ok", AGENT) == Answer(reason=Reason.PRIVATE)
            assert there.asked == []

    def test_a_name_is_resolved_once_so_that_it_cannot_lead_elsewhere_at_the_second_look(self):
        """First it is public (and nobody answers there in the time that the test gives), then it is ours."""
        with site(ok=200) as there, names(rebound_example="192.0.2.1,127.0.0.1") as asked:
            port = int(there.host.rpartition(":")[2])
            with pytest.MonkeyPatch.context() as patch:
                patch.setitem(fetching.PORTS, "http", port)
                patch.setattr(fetching, "SECONDS", 0.3)
                patch.setattr(fetching, "is_public", lambda address: str(address) == "192.0.2.1")
                found = ask(f"http://rebound.example:{port}/ok", AGENT)
            assert found.status is None and there.asked == []
            # HEAD, and where nobody was there GET, which looks the name up for itself and refuses what it finds.
            assert asked == ["rebound.example"] * len(asked) and len(asked) <= 2

    def test_the_name_is_told_to_the_address_that_was_looked_at(self):
        with site(ok=200) as there, names(intranet_example="127.0.0.1,192.0.2.1") as asked:
            port = there.host.rpartition(":")[2]
            assert ask(f"http://intranet.example:{port}/ok", AGENT, {f"intranet.example:{port}"}) == Answer(200)
            assert asked == ["intranet.example"]
            assert there.headers["Host"] == f"intranet.example:{port}"

    def test_every_hop_of_a_redirect_is_looked_at(self):
        with site(secret=200) as inside, site(out=f"{inside.url}/secret", meta="http://169.254.169.254/") as there:
            assert ask(f"{there.url}/out", AGENT, {there.host}) == Answer(reason=Reason.PORT)
            assert ask(f"{there.url}/meta", AGENT, {there.host}) == Answer(reason=Reason.PRIVATE)
            assert inside.asked == []
            assert ask(f"{there.url}/out", AGENT, {there.host, inside.host}) == Answer(200)

    def test_only_the_web_and_its_ports_are_asked(self):
        with site(file="file:///etc/passwd", ftp="ftp://example.com/", port="http://example.com:22/") as there:
            for name, reason in {"file": Reason.NOT_WEB, "ftp": Reason.NOT_WEB, "port": Reason.PORT}.items():
                assert ask(f"{there.url}/{name}", AGENT, {there.host}) == Answer(reason=reason)

    def test_what_is_no_address_is_not_asked_for(self):
        for address in (
            "http://",
            "http://a b/",
            "http://user:pass@example.com/",
            "http://[::1",
            "http://x:99999/",
        ):
            with self.subTest(address):
                assert ask(address, AGENT).reason in (Reason.MALFORMED, Reason.NO_HOST)

    def test_a_redirect_to_what_is_no_address_is_an_answer_all_the_same(self):
        """Else the link is asked for again and again, and nobody is told."""
        with site(a="http://[", b="//[::1", c="http://\x00/", d=f"http://{'ä.' * 5_000}/") as there:
            for name in "abcd":
                with self.subTest(name):
                    found = ask(f"{there.url}/{name}", AGENT, {there.host})
                    assert found.reason in (Reason.MALFORMED, Reason.NO_HOST)

    def test_only_what_everybody_can_reach_is_public(self):
        private = (
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1"),  # noqa: S104
            *("100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
            *(
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
            ),
            *(
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:1::",
                "2002:a00:1::",
                "::127.0.0.1",
                "2001:db8::1",
            ),
            *("fec0::1", "5f00::1", "64:ff9b:1::a00:1", "192.0.0.8", "192.0.0.170"),
        )
        for address in private:
            with self.subTest(address):
                assert not is_public(ip_address(address))
        for address in ("93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"):
            with self.subTest(address):
                assert is_public(ip_address(address))

    def test_a_host_is_named_without_the_port_that_goes_without_saying(self):
        """Some answer example.com:443 with a redirect to example.com, for ever."""
        for kind, port, named in (
            (fetching._Secure, 443, b"a.example"),
            (fetching._Secure, 8443, b"a.example:8443"),
            (fetching._Plain, 80, b"a.example"),
        ):
            connection: Any = kind("a.example", port, ip_address("8.8.8.8"), 0.0)
            connection.putrequest("GET", "/")
            assert b"Host: " + named in connection._buffer
