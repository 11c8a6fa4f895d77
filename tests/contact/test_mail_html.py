"""X3 in mails: what was typed is text in the HTML part, which asks for nothing from anywhere."""

import re

from django.test import TestCase

from contact.models import Delivery
from tests.articles.test_markdown_rendering import dangers
from tests.contact.customer import EMAIL, a_request, fill_in, press_send
from tests.factories import STEPS, both, make_flow, make_topic
from tests.hostile import HOSTILE_MARKDOWN

HOSTILE = " ".join(HOSTILE_MARKDOWN)
LONG = dict.fromkeys(("message", "tried"), HOSTILE)
SHORT = ("name", "detail-order-number")
REMOTE = re.compile(r"\b(?:src|srcset|background|action|poster)=|url\(|@import|<link|<img", re.IGNORECASE)


def tags(html):
    """Every tag of the HTML, without what the base template's head holds."""
    return set(re.findall(r"<([a-z][a-z0-9]*)", html.partition("<body>")[2], re.IGNORECASE))


class HtmlTests(TestCase):
    def setUp(self):
        topic = make_topic(details=["order-number"], name=both(HOSTILE))
        topic.details.update(label=both(HOSTILE))
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": topic}}, title=both(HOSTILE))
        self.client.post("/en/contact/from-search/", {"search": HOSTILE[:150]})
        self.client.get("/en/contact/details/", {"flow": "lost", "start": "no"})
        assert fill_in(self.client, topic, **LONG, **dict.fromkeys(SHORT, HOSTILE[:180])).status_code == 302
        press_send(self.client)
        fill_in(
            self.client, topic, message="again <script>hit()</script>", draft=self.client.cookies["draft"].value
        )
        press_send(self.client)
        self.mails = list(Delivery.objects.all())

    def test_no_field_and_no_label_becomes_markup(self):
        assert len(self.mails) == 3
        for mail in self.mails:
            with self.subTest(mail.recipient):
                assert dangers(mail.html.partition("<body>")[2]) == []
                assert tags(mail.html) <= {"div", "h1", "h2", "p", "a", "br", "table", "tbody", "tr", "th", "td"}
                assert "&lt;script&gt;hit()" in mail.html

    def test_nothing_is_fetched_from_anywhere(self):
        for mail in self.mails:
            head, _body, body = mail.html.partition("<body>")
            assert not REMOTE.search(re.sub(r"<title>[^<]*</title>", "", head))
            assert not REMOTE.search("".join(re.findall(r"<[^>]*>", body)))

    def test_the_check_would_notice(self):
        assert tags("<body><p><img src=x onerror=hit()>") == {"p", "img"}
        assert REMOTE.search("<style>body { background: url(https://example.org/x) }")


class PlainTests(TestCase):
    def test_the_text_alone_says_all_that_the_html_says(self):
        sent = a_request(name="Ana", tried="I rang next door", message="First line\n\nSecond & last")
        for mail in Delivery.objects.all():
            words = [sent.reference, "First line", "I rang next door", "Ana", "My order-number"]
            words.append(sent.get_absolute_url() if mail.recipient == EMAIL else f"/{sent.pk}/change/")
            for said in words:
                assert said in mail.body and said in mail.html
            assert "Second & last" in mail.body and "Second &amp; last" in mail.html
            assert "&amp;" not in mail.body and "<" not in mail.body
