import logging
from unittest.mock import patch

from django.conf import settings
from django.core import mail
from django.db import OperationalError
from django.test import Client, TestCase, override_settings
from django.utils.log import AdminEmailHandler

from articles import sharing
from articles import views as article_views
from contact import sending, words
from helpcenter.logs import PrivateFormatter
from tests.contact.customer import a_request, choose_topic, fill_in, hidden
from tests.factories import make_topic, make_translation

CANARY = "kanarienvogel"


class LogTests(TestCase):
    def logged(self, act, formatter):
        with self.assertLogs(level="ERROR") as caught:
            act()
        return "\n".join(formatter.format(record) for record in caught.records)

    def break_while_sending(self):
        """A 500 whose error quotes what the customer typed, as a database's does."""
        topic = make_topic()
        choose_topic(self.client, topic)
        fill_in(self.client, topic, message=CANARY, email=f"{CANARY}@example.org")
        fields = hidden(self.client.get("/en/contact/check/"))
        self.client.raise_request_exception = False

        def fail(draft, **_more):
            try:
                int(draft.message)
            except ValueError as error:
                raise RuntimeError(f"({draft.email})") from error

        with patch.object(sending, "send", fail):
            page = self.client.post("/en/contact/check/", fields)
        assert page.status_code == 500
        assert CANARY not in page.content.decode()

    def test_an_error_is_logged_with_its_place_and_without_what_was_typed(self):
        logged = self.logged(self.break_while_sending, PrivateFormatter())
        assert "RuntimeError" in logged and "ValueError" in logged
        assert "in fail" in logged
        assert CANARY not in logged

    def test_the_usual_formatter_would_tell_all(self):
        assert CANARY in self.logged(self.break_while_sending, logging.Formatter())

    @override_settings(ADMINS=[("Operator", "operator@example.org")])
    def test_no_error_is_mailed_to_anybody(self):
        self.break_while_sending()
        assert mail.outbox == []

    @override_settings(ADMINS=[("Operator", "operator@example.org")])
    def test_the_handler_that_frameworks_bring_would_mail_all(self):
        handler = AdminEmailHandler()
        logging.getLogger("django").addHandler(handler)
        self.addCleanup(logging.getLogger("django").removeHandler, handler)
        self.break_while_sending()
        assert CANARY in mail.outbox[0].body

    def test_a_link_to_a_receipt_is_cut(self):
        sent = a_request(topic=make_topic())
        secret = sent.get_absolute_url().rstrip("/").rpartition("/")[2]
        client = Client(raise_request_exception=False)
        with patch.object(words, "rows", side_effect=ZeroDivisionError):
            logged = self.logged(lambda: client.get(sent.get_absolute_url()), PrivateFormatter())
        assert "/contact/requests/…" in logged
        assert secret not in logged

    def test_a_preview_link_is_cut(self):
        draft = make_translation(published=False)
        link = sharing.make(draft, None, 1)
        client = Client(raise_request_exception=False)
        with patch.object(article_views.facts, "fill", side_effect=ZeroDivisionError):
            logged = self.logged(lambda: client.get(link.get_absolute_url()), PrivateFormatter())
        assert "/preview/articles/…" in logged
        assert link.signed not in logged

    def test_what_a_database_says_about_itself_is_told(self):
        def fail():
            try:
                raise OperationalError("database is locked")
            except OperationalError:
                logging.getLogger("x").exception("It broke")

        assert "OperationalError: database is locked" in self.logged(fail, PrivateFormatter())

    def test_the_statement_that_a_database_quotes_is_not_told(self):
        said = f"canceling statement due to lock timeout\nLINE 1: … SET message = '{CANARY}'"

        def fail():
            try:
                raise OperationalError(said)
            except OperationalError:
                logging.getLogger("x").exception("It broke")

        logged = self.logged(fail, PrivateFormatter())
        assert "OperationalError: canceling statement due to lock timeout" in logged
        assert CANARY not in logged

    def test_the_site_logs_like_this(self):
        [formatter] = settings.LOGGING["formatters"].values()
        assert formatter["()"] == "helpcenter.logs.PrivateFormatter"
        assert all(handler["formatter"] == "line" for handler in settings.LOGGING["handlers"].values())
