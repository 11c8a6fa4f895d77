"""Deliveries in full: server down (D1), in every mood (D2), unsendable ones (D3), kills (D5), workers (D8)."""

import json
import time
from collections import defaultdict
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.test import Client, TransactionTestCase

from contact.models import ContactRequest, Delivery
from tests.contact.customer import address, choose_topic, fill_in, hidden
from tests.contact.smtp import free_port, rough_server
from tests.contact.test_outbox import make_delivery
from tests.contact.workers import wait_until, workers
from tests.factories import make_topic

MANY = 500
KILLS = 50
LONG = 900  # seconds that a run may take at most


def say(words):
    print(words)  # noqa: T201


def percentile(values, share):
    return sorted(values)[int(len(values) * share) - 1]


def everything_is_over():
    return not Delivery.objects.undelivered().exists()


class ServerDownTests(TransactionTestCase):
    """D1."""

    def test_requests_are_taken_and_leave_once_when_it_is_back(self):
        self.topic = make_topic(details=["order-number"])
        with rough_server() as server, workers(1, server.port):
            up = [self.send(f"up{number}") for number in range(100)]
            wait_until(everything_is_over, LONG)
        port = free_port()
        with workers(1, port):
            down = [self.send(f"down{number}") for number in range(MANY)]
            assert ContactRequest.objects.count() == MANY + 100
            waiting = Delivery.objects.undelivered().count()
            assert waiting == 2 * MANY
            with rough_server(port=port) as server:
                took = wait_until(everything_is_over, LONG)
        expected = [f"down{number}@example.org" for number in range(MANY)] + [settings.SUPPORT_EMAIL] * MANY
        assert server.recipients == sorted(expected)
        assert not server.doubled
        say(
            f"D1: {MANY} requests taken while the server was down, p95 {percentile(down, 0.95):.0f} ms "
            f"(up: {percentile(up, 0.95):.0f} ms); {waiting} mails delivered once each, {took:.0f} s after that"
        )

    def send(self, name):
        client = Client()
        choose_topic(client, self.topic)
        fill_in(client, self.topic, email=f"{name}@example.org")
        shown = hidden(client.get(address("contact_check")))
        began = time.perf_counter()
        assert client.post(address("contact_check"), shown).status_code == 302
        return (time.perf_counter() - began) * 1000


class MoodsTests(TransactionTestCase):
    """D2, with the real 15 seconds."""

    MOODS = {"later": "451", "never": "550", "hang": "hang", "drip": "drip", "after": "drop after", "slow": "30"}

    def test_each_has_its_end_and_holds_up_nobody(self):
        for count in (1, 2):
            self.run_with(count)

    def run_with(self, count):
        Delivery.objects.all().delete()
        for name in self.MOODS:
            make_delivery(name, recipient=f"{name}@example.org")
        began = time.monotonic()
        with rough_server(lambda recipient: self.MOODS.get(recipient.partition("@")[0], "250")) as server:
            server.drips_for = 60.0
            with workers(count, server.port):
                for number in range(60):
                    make_delivery(number)
                    time.sleep(max(0.0, began + number - time.monotonic()))
                wait_until(lambda: len(self.good(server)) == 60, 60)
                states = {row.recipient.partition("@")[0]: row for row in Delivery.objects.all()}
        for name in ("hang", "drip", "slow"):
            assert "took too long" in states[name].last_error
        assert states["later"].attempts > 1
        assert (states["never"].state, states["never"].attempts) == ("failed", 1)
        assert (states["after"].state, states["after"].attempts) == ("delivered", 1)
        waited = [(states[f"to{n}"].delivered_at - states[f"to{n}"].created_at).total_seconds() for n in range(60)]
        assert max(waited) < 20
        say(
            f"D2, {count} workers: 451 tried {states['later'].attempts} times, 550 failed at once, hang, drip and "
            f"30 s cut at {settings.EMAIL_TIMEOUT} s, dropped after 250 delivered once; of 60 others meanwhile "
            f"the median waited {percentile(waited, 0.5):.1f} s, the longest {max(waited):.1f} s"
        )

    def good(self, server):
        return {recipient for recipient in server.recipients if recipient.startswith("to")}


class NeverSendableTests(TransactionTestCase):
    """D3."""

    BAD = {
        100: {"recipient": "no address"},
        200: {"subject": "two\nlines"},
        300: {"recipient": "a@example.org, b@example.org"},
        400: {"headers": {"Reply-To": "a@example.org\r\nBcc: x@example.org"}},
        499: {"recipient": "ñ@example.org"},
    }

    def test_five_are_set_aside_and_hold_up_nobody(self):
        for number in range(MANY):
            make_delivery(number, **self.BAD.get(number, {}))
        with rough_server() as server, workers(1, server.port):
            took = wait_until(everything_is_over, LONG)
        assert len(set(server.recipients)) == len(server.recipients) == MANY - 5
        said = StringIO()
        with self.assertRaises(SystemExit):
            call_command("check_deliveries", "--json", stdout=said)
        figures = json.loads(said.getvalue())
        assert figures["quarantined"] == 5
        assert set(Delivery.objects.in_state("quarantined").values_list("attempts", flat=True)) == {1}
        say(f"D3: {len(server.recipients)} delivered in {took:.0f} s, {figures['quarantined']} quarantined")


class KilledTests(TransactionTestCase):
    """D5, with the real lease."""

    def test_fifty_kills_lose_nothing(self):
        for number in range(MANY):
            make_delivery(number)
        begun = defaultdict(list)  # by recipient: when the server heard of it

        def mood(recipient):
            begun[recipient].append(time.monotonic())
            return "0.05"

        killed = {}
        with rough_server(mood) as server, workers(1, server.port) as running:
            for kill in range(KILLS):
                enough = (kill + 1) * MANY // (KILLS + 5)
                wait_until(lambda enough=enough: len(server.taken) >= enough, LONG)
                running.all[-1].kill()
                running.all[-1].wait()
                for row in Delivery.objects.undelivered().exclude(leased_until=None):
                    killed.setdefault(row.recipient, time.monotonic())
                running.start()
            wait_until(everything_is_over, LONG)
        assert len(set(server.recipients)) == len(set(server.taken)) == MANY
        doubles = sum(count - 1 for count in server.doubled.values())
        assert doubles <= KILLS
        retaken = [
            next(moment for moment in begun[recipient] if moment > at) - at
            for recipient, at in killed.items()
            if begun[recipient][-1] > at
        ]
        assert max(retaken) < settings.DELIVERY_LEASE + 5
        say(
            f"D5: {MANY} delivered through {KILLS} kills, {len(killed)} were held by one that died, {doubles} "
            f"doubled with the same Message-ID; retaken after at most {max(retaken):.1f} s "
            f"(lease {settings.DELIVERY_LEASE} s)"
        )


class ManyWorkersTests(TransactionTestCase):
    """D8."""

    def test_four_workers_send_each_once(self):
        for number in range(MANY):
            make_delivery(number)
        with rough_server(lambda recipient: "0.02") as server, workers(4, server.port):
            took = wait_until(everything_is_over, LONG)
        assert len(server.taken) == len(set(server.recipients)) == MANY
        assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
        say(f"D8: 4 workers sent {MANY} deliveries once each in {took:.0f} s")
