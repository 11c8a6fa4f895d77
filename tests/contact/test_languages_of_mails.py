"""Whom a mail is for says its language: the site's for support, theirs for the customer; words stay as written."""

from __future__ import annotations

import re

from django.test import TestCase, override_settings

from contact import callback
from contact.models import ContactRequest, Delivery
from tests.contact.customer import EMAIL, address, choose_topic, fill_in, press_send
from tests.contact.test_channels import make_channel
from tests.contact.uploads import file, upload
from tests.factories import STEPS, make_flow, make_topic

WORDS = {"en": "Where is my lamp?", "es": "¿Dónde está mi lámpara?"}
# The headings of each mail as a person reads them, in the site's language.
SUPPORT = {
    "en": ["In the customer's own words", "What the customer has tried", "The guide followed", "Searched for"],
    "es": [
        "Con las palabras del cliente",
        "Lo que ha probado el cliente",
        "La guía que ha seguido",
        "Lo que ha buscado",
    ],
}
AGAIN = {
    "en": "Topic|The request, in words|Detail order-number (en)|In the customer's own words|Files|What was tried|"
    "What the customer asks for|E-mail|The guide followed|Searched for",
    "es": "Tema|La solicitud, con palabras|Detail order-number (es)|Con las palabras del cliente|Archivos|"
    "Lo que se ha probado|Lo que pide el cliente|Correo electrónico|La guía que ha seguido|Lo que ha buscado",
}
COPY = {
    "en": "What it is about|Your request, in words|Detail order-number (en)|Your message|Files|"
    "What you have tried|What you would like us to do|Your e-mail address|"
    "The guide you followed|What you searched for",
    "es": "De qué se trata|Tu solicitud, con palabras|Detail order-number (es)|Tu mensaje|Archivos|"
    "Lo que ya has probado|Lo que te gustaría que hiciéramos|Tu correo electrónico|"
    "La guía que has seguido|Lo que has buscado",
}


def headings(body: str) -> list[str]:
    return re.findall(r"^(.+)\n-{20,}$", body, re.MULTILINE)


class Directions:
    site: str
    customer: str

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(override_settings(LANGUAGE_CODE=self.site))

    def send(self, language: str) -> None:
        remedy = {"key": "refund", "label": {"en": "Refund it", "es": "Devolverme el dinero"}}
        self.topic = make_topic(
            "late", details=["order-number"], wording={"en": "It is late.", "es": "Se retrasa."}
        )
        self.topic.remedies.create(**remedy)
        make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}})
        self.client.post(f"/{language}/contact/from-search/", {"search": WORDS[language]})
        self.client.get(address("contact_details", language), {"flow": "lost", "start": "no"})
        choose_topic(self.client, self.topic, language)
        upload(self.client, file("log.txt", b"x" * 3500))
        self.press(language, WORDS[language])

    def press(self, language: str, message: str) -> None:
        fill_in(self.client, self.topic, language, message=message, tried="Ring, ring", remedy="refund")
        assert press_send(self.client, language).status_code == 302

    def body(self, recipient: str) -> str:
        return Delivery.objects.filter(recipient=recipient).latest("pk").body

    def test_support_reads_the_language_of_the_site_and_the_words_of_the_customer(self):
        site, customer = self.site, self.customer
        self.send(customer)
        mail = Delivery.objects.get(recipient="support@localhost")
        assert headings(mail.body) == SUPPORT[site]
        assert all(words in mail.html for words in SUPPORT[site][1:])
        assert f"Topic late ({site}): {WORDS[customer]}" in mail.subject
        assert f"Topic: Topic late ({site})\n" in mail.body
        assert f"Files: log.txt ({'3,4' if site == 'es' else '3.4'}\xa0KB)\n" in mail.body
        remedy = {"en": "Refund it", "es": "Devolverme el dinero"}[customer]
        assert f"Remedy: {remedy}\n" in mail.body
        assert mail.facts["topic"]["name"] == f"Topic late ({customer})"

    def test_what_is_sent_again_too(self):
        site, customer = self.site, self.customer
        self.send(customer)
        self.press(customer, "x")
        mail = Delivery.objects.filter(recipient="support@localhost").latest("pk")
        assert headings(mail.body) == AGAIN[site].split("|")
        assert f"Topic late ({site})" in mail.subject

    def test_a_call_too(self):
        make_channel("callback", hours="mon-sun 00:00-24:00")
        site, customer = self.site, self.customer
        self.send(customer)
        start, end = callback.windows()[2]
        chosen = {"callback_number": "612 34 56 78", "callback_at": start, "callback_until": end}
        callback.change(ContactRequest.objects.get(), chosen | {"callback_language": customer})
        body = self.body("support@localhost")
        expected = {"en": ("The customer asks for a call.", "language: Spanish"), "es": ("pide", "idioma: inglés")}
        assert all(words in body for words in (*expected[site], f"Topic late ({site})"))

    def test_the_customer_reads_one_language_throughout(self):
        site, customer = self.site, self.customer
        self.send(customer)
        body = self.body(EMAIL)
        rows = body.partition("-" * 20)[2]
        places = [rows.index(f"\n{label}\n") for label in COPY[customer].split("|")]
        assert places == sorted(places)
        for label in set(COPY[site].split("|")) | set(SUPPORT[site]) | {f"Topic late ({site})"}:
            assert f"\n{label}\n" not in body


class SpanishToAnEnglishSiteTests(Directions, TestCase):
    site, customer = "en", "es"


class EnglishToASpanishSiteTests(Directions, TestCase):
    site, customer = "es", "en"
