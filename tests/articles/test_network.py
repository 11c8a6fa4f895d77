from django.core.checks import run_checks
from django.test import RequestFactory, SimpleTestCase, override_settings

from articles.network import network_of


def seen(peer, told="", **settings):
    headers = {"X-Forwarded-For": told} if told else {}
    with override_settings(**settings):
        return network_of(RequestFactory(REMOTE_ADDR=peer, headers=headers).get("/"))


class NetworkTests(SimpleTestCase):
    def test_without_a_proxy_the_peer_counts_whatever_the_header_says(self):
        for told in ("", "203.0.113.1", "127.0.0.1", "1.1.1.1, 2.2.2.2"):
            assert seen("198.51.100.7", told) == "198.51.100.7/32"

    def test_behind_proxies_only_what_they_wrote_counts(self):
        told = "6.6.6.6, 203.0.113.9, 10.0.0.2"
        assert seen("127.0.0.1", "6.6.6.6, 203.0.113.9", TRUSTED_PROXIES=1) == "203.0.113.9/32"
        assert seen("10.0.0.1", told, TRUSTED_PROXIES=2) == "203.0.113.9/32"
        assert seen("10.0.0.1", told, TRUSTED_PROXIES=1) == "10.0.0.2/32"

    def test_with_too_few_hops_or_garbage_the_peer_counts(self):
        assert seen("198.51.100.7", "6.6.6.6", TRUSTED_PROXIES=2) == "198.51.100.7/32"
        for told in ("unknown", "", ",", "1.2.3", "<script>"):
            assert seen("198.51.100.7", told, TRUSTED_PROXIES=1) == "198.51.100.7/32"

    def test_believing_the_first_of_them_would_let_anybody_choose(self):
        told = "6.6.6.6, 203.0.113.9"
        assert told.split(",")[0] == "6.6.6.6"
        assert "6.6.6.6" not in seen("127.0.0.1", told, TRUSTED_PROXIES=1)

    def test_networks_are_as_large_as_what_one_visitor_is_given(self):
        assert seen("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
        assert seen("198.51.100.7", IPV4_PREFIX=24) == "198.51.100.0/24"
        assert seen("::ffff:198.51.100.7") == "198.51.100.7/32"
        assert seen("fe80::1%eth0") == "fe80::/64"

    def test_ports_are_left_out(self):
        assert seen("127.0.0.1", "203.0.113.9:4711", TRUSTED_PROXIES=1) == "203.0.113.9/32"
        assert seen("127.0.0.1", "[2001:db8::1]:4711", TRUSTED_PROXIES=1) == "2001:db8::/64"

    def test_nobody_is_held_to_an_address_that_all_have(self):
        assert [seen(peer) for peer in ("", "127.0.0.1", "::1")] == ["", "", ""]

    def test_the_operator_is_told_that_proxies_are_not_counted(self):
        def found(**settings):
            with override_settings(**settings):
                checks = run_checks(include_deployment_checks=True)
            return "contact.W003" in {message.id for message in checks}

        assert found(IS_HTTPS=True, TRUSTED_PROXIES=0)
        assert not found(IS_HTTPS=True, TRUSTED_PROXIES=1)
        assert not found(IS_HTTPS=False, TRUSTED_PROXIES=0)
