"""X7: whatever is typed, each mail is one message to exactly the addresses we chose, with our headers alone."""

import smtplib

from django.conf import settings
from django.test import TestCase

from contact.models import ContactRequest, Delivery
from contact.outbox import deliver_due
from tests.contact.customer import EMAIL, a_request, choose_topic, fill_in, press_send
from tests.contact.smtp import Inbox, mail_server
from tests.factories import make_article, make_topic, make_translation

PAYLOADS = [
    "x\r\nBcc: evil@example.com",
    "x\nBcc: evil@example.com\n\nbody",
    "x\rBcc: evil@example.com",
    "x\0y",
    "x\u2028Bcc: evil@example.com\u2029y\x85z\x0bw\x0c",
    "=?utf-8?q?=0ABcc=3A_evil=40example.com?=",
    "=?utf-8?b?CkJjYzogZXZpbEBleGFtcGxlLmNvbQ==?=",
    "x\u202emoc.elpmaxe@live\u2066",
    '"quoted" <evil@example.com>, other@example.com; "',
    "😀 ñ %0ABcc:evil@example.com \\r\\nBcc: x",
]
HOSTILE = " ".join(PAYLOADS)
WRITTEN = HOSTILE.replace("\0", "")  # what an editor can have written: PostgreSQL stores no NUL
TYPED = ("message", "tried", "name", "detail-order-number", "detail-story")
OURS = {
    *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Reply-To"),
    *(
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "X-Peer",
        "X-MailFrom",
        "X-RcptTo",
        "Content-Transfer-Encoding",
    ),
}


def problems(recipients, message):
    """What in the mail was not put there by us."""
    found = [f"header {name}" for name in message if name not in OURS]
    found += [f"{name} twice" for name in set(message.keys()) if len(message.get_all(name)) > 1]
    for name in ("To", "Reply-To", "From"):
        addresses = [address.addr_spec for address in message[name].addresses]
        if len(addresses) != 1 or "evil" in addresses[0] or addresses[0] not in (EMAIL, "support@localhost"):
            found.append(f"{name} {addresses}")
    if len(recipients) != 1 or recipients[0] not in (EMAIL, "support@localhost"):
        found.append(f"recipients {recipients}")
    for name in ("Subject", "Reply-To"):
        if any(sign in str(message[name]) for sign in "\r\n\0\u2028\u202e\u2066"):
            found.append(f"controls in {name}")
    if message.defects:
        found.append(f"defects {message.defects}")
    return found


def leaving():
    with mail_server(Inbox()) as inbox:
        deliver_due()
    return inbox


class InjectionTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number", "story"], name=dict.fromkeys(("en", "es"), WRITTEN))
        self.topic.details.filter(key="story").update(kind="multiline")
        make_translation(make_article(key="hostile"), title=WRITTEN[:150])

    def test_every_field_makes_one_message_to_exactly_its_recipients(self):
        for payload in PAYLOADS:
            with self.subTest(payload):
                Delivery.objects.all().delete()
                self.send(dict.fromkeys(TYPED, payload), payload)
                inbox = leaving()
                assert inbox.recipients == [EMAIL, "support@localhost"]
                assert [found for mail in inbox.received for found in problems(*mail)] == []
        assert not Delivery.objects.in_state("quarantined").exists()

    def test_all_payloads_together_and_what_is_sent_again(self):
        self.client.get("/en/contact/?article=hostile")
        sent = self.send(dict.fromkeys(TYPED, HOSTILE) | {"name": HOSTILE[:190]}, HOSTILE)
        fill_in(self.client, self.topic, message=f"{HOSTILE} again", draft=self.client.cookies["draft"].value)
        press_send(self.client)
        inbox = leaving()
        assert len(inbox.received) == 3
        assert [found for mail in inbox.received for found in problems(*mail)] == []
        confirmation = next(message for to, message in inbox.received if to == [EMAIL])
        assert confirmation["Subject"] == f"We have your request {sent.reference}"

    def test_an_encoded_word_in_a_subject_stays_what_was_typed(self):
        self.send({"message": PAYLOADS[5]}, "x")
        support = next(message for to, message in leaving().received if to != [EMAIL])
        assert "=0ABcc=3A_evil" in str(support["Subject"])

    def test_an_address_cannot_bring_another_one(self):
        choose_topic(self.client, self.topic)
        for email in (
            "ana@example.org\r\nBcc: evil@example.com",
            "ana@example.org,evil@example.com",
            "ana@example.org%0ABcc:evil@example.com",
            '"ana\n"@example.org',
            "=?utf-8?q?ana=40example.org?=",
        ):
            assert fill_in(self.client, self.topic, email=email).status_code == 200
        assert not ContactRequest.objects.exists()

    def test_the_check_would_notice(self):
        raw = (
            "Subject: x\nBcc: evil@example.com\nTo: ana@example.org, evil@example.com\n"
            "From: support@localhost\nReply-To: ana@example.org\n\nbody"
        )
        with mail_server(Inbox()) as inbox, smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as naive:
            naive.sendmail("support@localhost", ["ana@example.org", "evil@example.com"], raw)
        found = problems(*inbox.received[0])
        assert "header Bcc" in found
        assert len(found) == 3

    def send(self, typed, searched):
        client = self.client = self.client_class()
        client.post("/en/contact/from-search/", {"search": searched})
        return a_request(client, self.topic, **typed)
