"""What mails say of files: support has links, and the files where the site wants it; the customer has names."""

from django.core import mail
from django.test import TestCase, override_settings

from contact.attachment import Attachment
from contact.models import ContactRequest
from contact.outbox import deliver_due
from tests.contact.customer import EMAIL, choose_topic, fill_in, press_send
from tests.contact.uploads import OwnStorage, content_of, file, upload
from tests.factories import make_topic


class MailTests(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        topic = make_topic(details=["order-number"])
        choose_topic(self.client, topic)
        upload(self.client, file("one.txt", b"1" * 600), file("two.txt", b"2" * 600))
        fill_in(self.client, topic)
        press_send(self.client)
        self.sent = ContactRequest.objects.get()

    def mails(self):
        """Those to support and to the customer."""
        deliver_due()
        return sorted(mail.outbox, key=lambda message: message.to == [EMAIL])

    def attached(self, message):
        return {name: content for name, content, _kind in message.attachments if name != "request.json"}

    def test_support_reads_their_names_with_a_link_to_the_request(self):
        to_support, _to_customer = self.mails()
        assert "Files: one.txt (600\xa0bytes), two.txt (600\xa0bytes)" in to_support.body
        assert f"/admin/contact/contactrequest/{self.sent.pk}/change/" in to_support.body
        assert self.attached(to_support) == {}
        assert '"name": "one.txt"' in str(to_support.attachments)

    def test_the_customer_reads_their_names_alone(self):
        for setting in (0, 10_000):
            with override_settings(ATTACH_FILES=setting):
                _to_support, to_customer = self.mails()
            assert "Files\none.txt (600\xa0bytes)\ntwo.txt" in to_customer.body
            assert self.attached(to_customer) == {}
            assert "/files/" not in to_customer.body

    @override_settings(ATTACH_FILES=10_000)
    def test_they_go_along_where_the_site_wants_it(self):
        to_support, _to_customer = self.mails()
        assert self.attached(to_support) == {"one.txt": "1" * 600, "two.txt": "2" * 600}

    @override_settings(ATTACH_FILES=1000)
    def test_only_as_many_as_fit(self):
        to_support, _to_customer = self.mails()
        assert list(self.attached(to_support)) == ["one.txt"]

    @override_settings(ATTACH_FILES=10_000, SCANNER="unix:///nowhere")
    def test_none_that_has_not_been_scanned_yet(self):
        to_support, _to_customer = self.mails()
        assert self.attached(to_support) == {}

    @override_settings(ATTACH_FILES=10_000)
    def test_one_whose_bytes_are_lost_holds_up_no_mail(self):
        Attachment.objects.filter(name="one.txt").update(sha256="0" * 64)
        with self.assertLogs("contact.mail", "ERROR"):
            to_support, _to_customer = self.mails()
        assert list(self.attached(to_support)) == ["two.txt"]


class NamesTests(OwnStorage, TestCase):
    def test_a_name_breaks_no_line_and_no_page(self):
        topic = make_topic()
        choose_topic(self.client, topic)
        upload(self.client, file("a\r\nBcc: x@example.org\u2028<img src=x onerror=hit()>.txt", b"x"))
        fill_in(self.client, topic)
        page = self.client.get(press_send(self.client)["Location"])
        name = Attachment.objects.get().name
        assert not set(name) & set('<>"\r\n\u2028')
        self.assertNotContains(page, "<img src=x")
        answer = self.client.get(f"/en/contact/files/{Attachment.objects.get().pk}/")
        assert "\n" not in answer["Content-Disposition"]
        assert content_of(answer) == b"x"
        deliver_due()
        assert {tuple(message.recipients()) for message in mail.outbox} == {(EMAIL,), ("support@localhost",)}
