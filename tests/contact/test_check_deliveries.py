"""`manage.py check_deliveries`: figures for monitoring, and an exit code."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from contact.models import Delivery
from tests.contact.customer import a_request
from tests.contact.test_outbox import make_delivery


def ago():
    """Twenty minutes before now: not before the tests were collected, which may be long ago."""
    return timezone.now() - timedelta(minutes=20)


def ask(*options):
    """The exit code and what was said."""
    said = StringIO()
    try:
        call_command("check_deliveries", *options, stdout=said)
    except SystemExit as error:
        return error.code, said.getvalue()
    return 0, said.getvalue()


class CheckDeliveriesTests(TestCase):
    def test_nothing_waits_and_all_is_well(self):
        make_delivery(1, delivered_at=timezone.now())
        code, said = ask()
        assert code == 0
        assert said.startswith("0 waiting, the oldest for 0 s")

    def test_an_old_one_is_a_problem(self):
        make_delivery(1, give_up_at=ago() + timedelta(hours=48))
        code, said = ask()
        assert code == 1
        assert "waiting for 20 minutes (limit: 15)" in said
        assert ask("--oldest", "30")[0] == 0

    def test_one_sent_again_is_young(self):
        a_request()
        Delivery.objects.update(give_up_at=ago(), failed_at=ago())
        assert ask()[0] == 1
        Delivery.objects.send_again()
        assert ask()[0] == 0

    def test_a_lost_mail_to_support_is_a_problem_however_old(self):
        a_request()
        Delivery.objects.update(failed_at=ago() - timedelta(days=30))
        assert "1 mails to support" in ask()[1]

    def test_a_mail_to_an_editor_whose_address_is_none_is_no_lost_request(self):
        make_delivery(1, quarantined_at=ago() - timedelta(days=30))
        assert ask()[0] == 0

    def test_failed_confirmations_are_one_when_there_are_many_of_today(self):
        for number in range(6):
            make_delivery(number, failed_at=ago(), mailbox="ana@example.org")
        assert "6 deliveries have failed" in ask()[1]
        assert ask("--failed", "6")[0] == 0
        Delivery.objects.update(failed_at=ago() - timedelta(days=2))
        assert ask()[0] == 0

    def test_json_has_the_same(self):
        make_delivery(1, quarantined_at=ago(), mailbox="ana@example.org", last_error="canary")
        make_delivery(2)
        code, said = ask("--json")
        found = json.loads(said)
        assert (code, found["ok"], found["quarantined"], found["waiting"]) == (1, False, 1, 1)
        assert "1 can never be sent" in found["problems"][0]
        assert "canary" not in said and "ana" not in said


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"contact.W002"}),
        ({"EMAIL_BACKEND": "contact.mailservers.FolderBackend"}, {"contact.W001", "contact.W002"}),
        ({"SUPPORT_EMAIL": "help@example.org"}, set()),
        ({"SUPPORT_EMAIL": "nobody"}, {"contact.E002"}),
        ({"DEFAULT_FROM_EMAIL": "Shop <help@example.org>, x@example.org"}, {"contact.E002", "contact.W002"}),
        ({"DELIVERY_LEASE": 15}, {"contact.E001", "contact.W002"}),
    ],
)
def test_check_deploy_warns_of_what_keeps_requests_from_support(settings, given, expected):
    from django.core.checks import run_checks

    for name, value in given.items():
        setattr(settings, name, value)
    found = {str(message.id) for message in run_checks(include_deployment_checks=True)}
    assert {name for name in found if name.startswith("contact.")} == expected
