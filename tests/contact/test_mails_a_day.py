"""Nobody fills a stranger's mailbox with our confirmations."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django.utils import timezone

from contact import typed
from contact.models import ContactRequest, Delivery
from contact.outbox import deliver_due, put
from tests.contact.customer import EMAIL, a_request
from tests.contact.smtp import Inbox, mail_server
from tests.factories import make_topic


class DayTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])

    def send(self, count, email=EMAIL):
        for _number in range(count):
            a_request(topic=self.topic, email=email)

    def delivered(self):
        with mail_server(Inbox()) as inbox:
            deliver_due()
        return inbox.recipients

    def test_three_confirmations_reach_an_address_and_support_gets_every_request(self):
        self.send(5)
        assert ContactRequest.objects.count() == 5
        assert self.delivered() == [EMAIL] * 3 + ["support@localhost"] * 5

    def test_the_setting_says_how_many(self):
        with self.settings(MAILS_A_DAY=1):
            self.send(2)
        assert self.delivered().count(EMAIL) == 1

    def test_other_spellings_of_an_address_count_together(self):
        for email in ("ana+1@example.org", "ANA@example.org", "ana+two@EXAMPLE.ORG", "ana@example.org"):
            self.send(1, email)
        assert len(self.delivered()) == 3 + 4

    def test_another_address_and_another_day_are_not_held_back(self):
        self.send(3)
        Delivery.objects.update(created_at=timezone.now() - timedelta(hours=25))
        self.send(1)
        self.send(1, "other@example.org")
        assert not Delivery.objects.in_state("suppressed").exists()

    def test_agents_see_it_and_can_send_it(self):
        self.send(4)
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        page = self.client.get("/admin/contact/contactrequest/")
        self.assertContains(page, "customer: not sent", count=1)
        Delivery.objects.in_state("suppressed").send_again()
        assert self.delivered().count(EMAIL) == 4


class AtOnceTests(TransactionTestCase):
    def test_requests_at_the_same_moment_count_one_after_the_other(self):
        def send(number):
            try:
                with transaction.atomic():
                    put(
                        Delivery(
                            recipient=EMAIL,
                            mailbox=EMAIL,
                            subject="s",
                            body="b",
                            message_id=f"<{number}@example.org>",
                        )
                    )
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(send, range(16)))
        assert Delivery.objects.in_state("suppressed").count() == 13


class MailboxTests(SimpleTestCase):
    def test_is_one_name_for_all_that_one_person_reads(self):
        assert typed.mailbox("Ana+Shop@Example.org") == "ana@example.org"
        assert typed.mailbox("+@example.org") == "+@example.org"
