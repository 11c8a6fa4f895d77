from django.test import SimpleTestCase, TestCase

from contact.mistyped import COMMON, meant
from tests.contact.customer import choose_topic, fill_in, press_send
from tests.factories import make_topic


class MeantTests(SimpleTestCase):
    def test_one_slip_of_the_finger_is_noticed(self):
        for domain, likely in (
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("GMAIL.CON", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmail.comm", "gmail.com"),
            ("gmail.es", "gmail.com"),
            ("hotmial.es", "hotmail.es"),
            ("otmail.com", "hotmail.com"),
            ("outlok.com", "outlook.com"),
            ("yahooo.es", "yahoo.es"),
        ):
            assert meant(f"Ana.B+x@{domain}") == f"Ana.B+x@{likely}", domain

    def test_one_in_the_name_and_one_in_the_ending_too(self):
        for domain, likely in (
            ("gmial.con", "gmail.com"),
            ("hotmal.cmo", "hotmail.com"),
            ("outlok.con", "outlook.com"),
            ("yaho.ess", "yahoo.es"),
        ):
            assert meant(f"ana@{domain}") == f"ana@{likely}", domain

    def test_what_is_right_or_another_domain_is_left_alone(self):
        right = (
            *COMMON,
            "mail.com",
            "email.com",
            "hotmail.se",
            "hotmail.fr",
            "yahoo.co.uk",
            "gmx.es",
            "example.org",
        )
        for domain in (*right, "mail.co", "ymail.co", "gemail.net", "gmal.net", "agmail.org", "hotel.com", ""):
            assert meant(f"ana@{domain}") == "", domain
        assert meant("") == meant("gmial.com") == ""


class CheckPageTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def test_asks_and_sends_it_all_the_same(self):
        fill_in(self.client, self.topic, email="ana@gmial.com")
        page = self.client.get("/en/contact/check/")
        self.assertContains(page, "Did you mean <strong>ana@gmail.com</strong>?")
        assert press_send(self.client)["Location"].startswith("/en/contact/requests/")

    def test_asks_once_more_where_it_was_sent_all_the_same(self):
        fill_in(self.client, self.topic, email="ana@gmial.com")
        sent = self.client.get(press_send(self.client)["Location"])
        self.assertContains(sent, "Did you mean <strong>ana@gmail.com</strong>?")
        self.assertContains(sent, f"tell us with the reference {sent.context['sent'].reference}")

    def test_says_nothing_of_an_address_like_any_other(self):
        fill_in(self.client, self.topic, email="ana@gmail.com")
        self.assertNotContains(self.client.get("/en/contact/check/"), "Did you mean")
        self.assertNotContains(self.client.get(press_send(self.client)["Location"]), "Did you mean")
