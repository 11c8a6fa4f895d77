import json
import re
import stat
import tempfile
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from django.test import TestCase

from contact.models import ContactRequest, Delivery
from contact.outbox import deliver_due
from tests.contact.customer import EMAIL, a_request, choose_topic, fill_in, press_send
from tests.contact.smtp import Inbox, mail_server
from tests.factories import STEPS, make_flow, make_topic


def to_support():
    return Delivery.objects.filter(recipient="support@localhost").latest("pk")


def to_customer():
    return Delivery.objects.get(recipient=EMAIL)


def received():
    """What arrives at a real server, by recipient."""
    with mail_server(Inbox()) as inbox:
        deliver_due()
    return {recipients[0]: message for recipients, message in inbox.received}


class SupportMailTests(TestCase):
    def test_the_subject_has_reference_topic_and_first_words(self):
        sent = a_request(topic=make_topic(key="late"), message="Nothing came.\nAt all.")
        assert to_support().subject == f"[{sent.reference}] Topic late (en): Nothing came. At all."

    def test_the_subject_has_no_words_where_a_secret_was_left_in_them(self):
        for secret in ("My card is 4111 1111 1111 1111.", "Mi clave es hunter2"):
            sent = a_request(topic=make_topic(), message=secret)
            assert to_support().subject == f"[{sent.reference}] {sent.topic_title}"
            assert secret in to_support().body

    def test_a_reply_goes_to_the_customer(self):
        a_request(name="Ana Núñez, «la jefa»")
        reply_to = received()["support@localhost"]["Reply-To"].addresses
        assert [(address.display_name, address.addr_spec) for address in reply_to] == [
            ("Ana Núñez, «la jefa»", EMAIL)
        ]

    def test_the_block_is_one_name_and_one_value_to_a_line(self):
        topic = make_topic(key="late", details=["order-number"])
        sent = a_request(topic=topic, name="Ana", **{"detail-order-number": "123"})
        assert to_support().body.startswith(
            f"Reference: {sent.reference}\nTopic: Topic late (en)\nTopic-Key: late\nLanguage: en\nName: Ana\n"
            f"E-mail: {EMAIL}\nAnswer-By: {sent.promise}\nDetail-Order-Number: 123\n\nIt is not here.\n"
        )

    def test_a_value_of_several_lines_cannot_pass_for_another_name(self):
        topic = make_topic(details=["story"])
        topic.details.update(kind="multiline")
        a_request(topic=topic, **{"detail-story": "one\nReference: FAKE\n\nE-mail: x@example.org"})
        block = to_support().body.partition("\n\nIt is not here.")[0]
        assert [line for line in block.splitlines() if re.match(r"Reference|E-mail", line)] == [
            f"Reference: {ContactRequest.objects.get().reference}",
            f"E-mail: {EMAIL}",
        ]
        assert "\n\n" not in block

    def test_the_trail_and_what_was_carried_are_there(self):
        topic = make_topic(key="late")
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": topic}})
        self.client.post("/en/contact/from-search/", {"search": "never arrived"})
        self.client.get("/en/contact/details/", {"flow": "lost", "start": "no"})
        fill_in(self.client, topic, tried="I rang next door")
        press_send(self.client)
        for words in ("I rang next door", "Step start (en): Option no (en)", "Flow lost (en)", "never arrived"):
            assert words in to_support().body

    def test_scripts_find_the_same_facts_as_json(self):
        sent = a_request(topic=make_topic(key="late", details=["order-number"]), name="Ana Núñez", message="A\nB")
        message = received()["support@localhost"]
        alternative, attached = message.iter_parts()
        assert message.get_content_type() == "multipart/mixed"
        assert [part.get_content_type() for part in alternative.iter_parts()] == ["text/plain", "text/html"]
        assert (attached.get_content_type(), attached.get_filename()) == ("application/json", "request.json")
        facts = json.loads(attached.get_content())
        assert facts["reference"] == sent.reference
        assert (facts["name"], facts["email"], facts["message"]) == ("Ana Núñez", EMAIL, "A\nB")
        assert (facts["topic"]["key"], facts["details"]) == ("late", {"order-number": "My order-number"})


class ConfirmationTests(TestCase):
    def test_is_marked_as_automatic_and_has_the_reference_and_a_copy(self):
        sent = a_request(message='Round & <b>square</b> "it\'s"')
        message = received()[EMAIL]
        assert message["Auto-Submitted"] == "auto-replied"
        assert message["Subject"] == f"We have your request {sent.reference}"
        assert message.get_content_type() == "multipart/alternative"
        text = message.get_body(("plain",)).get_content()
        assert 'Round & <b>square</b> "it\'s"' in text
        assert sent.get_absolute_url() in text

    def test_is_in_the_language_of_the_customer(self):
        topic = make_topic(key="tarde")
        choose_topic(self.client, topic, "es")
        fill_in(self.client, topic, "es")
        press_send(self.client, "es")
        assert "Topic tarde (es)" in to_customer().body
        assert "/es/contact/requests/" in to_customer().body

    def test_message_ids_are_their_own(self):
        a_request()
        a_request()
        ids = set(Delivery.objects.values_list("message_id", flat=True))
        assert len(ids) == 4
        assert all(re.fullmatch(r"<[0-9a-f]{32}@localhost>", one) for one in ids)


class FolderBackendTests(TestCase):
    def test_each_mail_is_a_file_that_only_its_owner_reads(self):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "var" / "mail"
            with self.settings(EMAIL_BACKEND="contact.mailservers.FolderBackend", EMAIL_FILE_PATH=folder):
                a_request(message="¿Dónde está?")
                deliver_due()
            files = list(folder.iterdir())
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            mails = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        assert {file.suffix for file in files} == {".eml"}
        assert {str(mail["To"]) for mail in mails} == {EMAIL, "support@localhost"}
        assert all("¿Dónde está?" in mail.get_body(("plain",)).get_content() for mail in mails)
        assert not Delivery.objects.undelivered().exists()
