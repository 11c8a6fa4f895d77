"""The worded request of every topic and remedy of the demo, in both languages, as a person reads it.

`WORDED=write make test ARGS=tests/contact/test_worded_golden.py` writes the texts anew: read them, then commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.test import TestCase
from django.utils import translation

from contact import preparing
from contact.forms import DetailsForm, as_typed
from contact.handoff import Trail
from contact.models import DraftRequest
from flows.models import Detail, Remedy, Topic
from flows.wording import SHORT, places_in
from helpcenter.content import import_folder

GOLDEN = Path(__file__).parent / "worded"
TRIED = {
    "en": (("Restart it", "Still not solved"), ("Charge it with another cable", "I could not do this")),
    "es": (("Reinícialo", "Sigue igual"), ("Cárgalo con otro cable", "No he podido hacerlo")),
}
VALUES = {
    "order-number": "123-4567890",
    "serial-number": "4K7P2X9M1QAB",
    "account-email": "ana@example.org",
    "return-tracking": "RT4452109ES",
    "statement-text": "ALMENDRA PLUS",
    "device-model": "Destello 2",
    "seller": "Hilo y Aguja",
}
IN_WORDS = {
    "charge-amount": {"en": "€9.99", "es": "9,99 €"},
    "item": {"en": "reading lamp, green", "es": "lámpara de lectura, verde"},
    "where-looked": {"en": "the letterbox\nthe neighbours at 2B", "es": "el buzón\nlos vecinos del 2.º B"},
    "last-tracking": {"en": "12 May, at the sorting centre", "es": "12 de mayo, en el centro de clasificación"},
    "what-is-wrong": {
        "en": "The shade is broken. The box was intact.",
        "es": "La pantalla está rota. La caja venía bien.",
    },
    "sign-in-problem": {"en": "It says that the code is wrong", "es": "Dice que el código no es correcto"},
    "what-changed": {
        "en": "an order for a phone\na new address",
        "es": "un pedido de un teléfono\nuna dirección nueva",
    },
    "fault": {"en": "It has stayed dark since Monday", "es": "No se enciende desde el lunes"},
    "title-name": {"en": "The Long Walk", "es": "La caminata larga"},
    "used-device": {"en": "a browser on a laptop", "es": "el navegador de un portátil"},
    "error-text": {"en": "Error 12: try again later", "es": "Error 12: inténtalo más tarde"},
}


class GoldenTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []

    def test_each_topic_and_remedy_reads_as_it_did(self):
        for language, _name in settings.LANGUAGES:
            text = "\n\n".join(self.texts(language)) + "\n"
            golden = GOLDEN / f"{language}.txt"
            if os.environ.get("WORDED") == "write":
                golden.parent.mkdir(exist_ok=True)
                golden.write_text(text)
            assert text == golden.read_text(), f"{golden.name} reads otherwise; WORDED=write writes it anew"

    def test_no_detail_is_left_beside_the_sentences(self):
        for topic in Topic.objects.exclude(wording={}):
            for language, _name in settings.LANGUAGES:
                places = places_in(preparing.template_of(topic, language))
                assert places == set(
                    topic.details.exclude(kind=Detail.Kind.PHOTOS).values_list("key", flat=True)
                ), (topic.key, language)

    def texts(self, language: str) -> Iterator[str]:
        """Each topic with all its details, with none, and each of its remedies."""
        for topic in Topic.objects.exclude(wording={}).prefetch_related("remedies"):
            remedies = list(topic.remedies.all())
            full, bare = self.word(topic, language, remedies[0]), self.word(topic, language, None, needed=False)
            yield f"== {topic.key}\n{full.whole}\n-- with what is needed alone\n{bare.whole}"
            yield f"-- for a chat ({len(full.short)})\n{full.short}\n-- for all to read\n{full.public}"
            assert len(full.short) <= SHORT
            for remedy in remedies[1:]:
                yield f"-- {remedy.key}\n{self.word(topic, language, remedy, needed=False).whole}"

    def word(self, topic: Topic, language: str, remedy: Remedy | None, needed: bool = True) -> preparing.Prepared:
        details = topic.topic_details.exclude(detail__kind=Detail.Kind.PHOTOS).select_related("detail")
        given = {
            each.detail.key: self.value(each.detail, language) for each in details if needed or each.is_required
        }
        draft = DraftRequest(topic=topic, language=language, details=given, remedy=remedy, email="ana@example.org")
        with translation.override(language):
            form = DetailsForm(topic, as_typed(draft))
            assert form.is_valid(), form.errors
            return preparing.word(draft, form, Trail(tried=TRIED[language] if needed else ()))

    def value(self, detail: Detail, language: str) -> str:
        if detail.kind == Detail.Kind.DATE:
            return "2026-05-02"
        if detail.kind == Detail.Kind.CHOICE:
            return detail.choices.all()[0].key
        return VALUES.get(detail.key) or IN_WORDS.get(detail.key, {}).get(language) or f"({detail.key})"
