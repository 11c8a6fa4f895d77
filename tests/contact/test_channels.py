"""Channels: kept in the admin and in content files, shown to customers with reasons and hours."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase
from django.utils import translation

from contact import reaching
from contact.channels import Case
from contact.models import Channel
from helpcenter.content import import_folder
from tests.contact.customer import address, choose_topic, fill_in
from tests.factories import both, make_flow, make_staff, make_topic

MADRID = ZoneInfo("Europe/Madrid")
THURSDAY = datetime(2026, 11, 26, 10, tzinfo=MADRID)
NIGHT = datetime(2026, 11, 26, 22, tzinfo=MADRID)
OFFICE = "mon-fri 09:00-18:00"


def make_channel(kind: str, **fields: Any) -> Channel:
    addresses = {
        "phone": "+34 910 000 000",
        "chat": "https://chat.example.com/",
        "social": "https://s.example.com/",
    }
    given = {
        "key": kind,
        "label": both(kind.title()),
        "hours": OFFICE,
        "address": addresses.get(kind, ""),
    } | fields
    return Channel.objects.create(kind=kind, **given)


class MistakeTests(SimpleTestCase):
    def mistake(self, **fields: Any) -> str:
        channel = Channel(key="x", label=both("X"), **fields)
        try:
            channel.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    def test_each_has_its_sentence(self):
        assert "no opening hours" in self.mistake(kind="phone", address="+34 910 000 000", hours="always")
        assert self.mistake(kind="phone") == "A phone needs its number."
        assert "telephone number" in self.mistake(kind="phone", address="12")
        assert "needs the link" in self.mistake(kind="chat")
        assert "https://" in self.mistake(kind="chat", address="http://chat.example.com/")
        assert "https://" in self.mistake(kind="social", address="javascript:alert(1)")
        assert "needs opening hours" in self.mistake(kind="callback")
        assert "no address" in self.mistake(kind="callback", hours=OFFICE, address="+34 910 000 000")
        assert "e-mail address" in self.mistake(kind="email", address="nobody")

    def test_what_is_right_has_none(self):
        for fields in (
            {"kind": "email"},
            {"kind": "phone", "address": "910 000 000", "hours": OFFICE},
            {"kind": "callback", "hours": OFFICE},
            {"kind": "social", "address": "https://s.example.com/@us"},
        ):
            assert self.mistake(**fields) == "", fields


class WordsTests(TestCase):
    def sentences(self, now: datetime = THURSDAY, **case: Any) -> list[str]:
        given = {"answer_by": reaching.end_of(date(2026, 12, 1))} | case
        return [way.sentence for way in reaching.ways(Case(**given), now)]

    def test_without_rows_it_is_mail(self):
        assert self.sentences(is_complex=True) == [
            "E-mail, because your request has much to show; answer by Tuesday 1 December"
        ]

    def test_says_why_until_when_and_when_next(self):
        make_channel("phone", label={"en": "Phone", "es": "Teléfono"})
        assert self.sentences(is_urgent=True)[0] == "Phone, because it is urgent; open until 18:00"
        assert "Phone, opens tomorrow at 09:00" in self.sentences(NIGHT)
        assert "Phone, opens on Monday 30 November at 09:00" in self.sentences(
            datetime(2026, 11, 27, 19, tzinfo=MADRID)
        )
        # 8 December is a holiday in Spain.
        assert "Phone, opens on Wednesday 9 December at 09:00" in self.sentences(
            datetime(2026, 12, 7, 19, tzinfo=MADRID)
        )
        with translation.override("es"):
            assert self.sentences(is_urgent=True)[0] == "Teléfono, porque es urgente; abierto hasta las 18:00"

    def test_a_call_is_offered_from_its_next_window_and_a_network_by_when_it_answers(self):
        make_channel("callback")
        make_channel("social", answer_hours=9)
        said = self.sentences()
        assert "Callback (en), next call: Thursday 26 November, 11:00 to 13:00" in said
        assert "Social (en), answer by Friday 27 November" in said

    def test_one_that_is_not_offered_is_not_told_of(self):
        make_channel("phone", is_open=False)
        assert len(self.sentences()) == 1


class PageTests(TestCase):
    def setUp(self) -> None:
        for kind in ("phone", "callback", "chat", "social"):
            make_channel(kind)
        Channel.objects.filter(kind="social").update(notes=both("Never post a number."))
        self.topic = make_topic(details=["a", "b", "c", "d"])

    def test_the_first_page_says_that_a_person_answers_and_how_else(self):
        page = self.client.get("/en/contact/")
        for said in ("A person reads your request", 'href="tel:+34910000000"', "Never post a number. (en)"):
            self.assertContains(page, said)
        self.assertContains(page, 'href="https://chat.example.com/" target="_blank" rel="noopener"')

    def test_the_check_page_advises_and_keeps_the_others_in_reach(self):
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)
        page = self.client.get(address("contact_check"))
        self.assertContains(page, "E-mail, because your request has much to show; answer by ")
        text = page.content.decode()
        assert text.index("because your request") < text.index("Send request</button>") < text.index('id="ways"')
        for said in ('href="tel:', "chat.example.com", "s.example.com", 'href="/en/contact/callback/"'):
            assert said in text[text.index('id="ways"') :], said

    def test_where_it_is_urgent_whoever_is_there_first_comes_first(self):
        Channel.objects.filter(kind="phone").update(hours="")
        steps = {
            "who": {"options": {"stranger": "now", "me": "fine"}},
            "now": {"kind": "outcome", "outcome": "contact", "is_urgent": True},
            "fine": {"kind": "outcome", "outcome": "solved"},
        }
        make_flow("account", steps)
        text = self.client.get("/en/contact/?urgent=account&who=stranger").content.decode()
        places = [text.index(said) for said in ("tel:+34910000000", "Always open", "contact/details/", "mailto:")]
        assert places == sorted(places)
        assert text.index("tel:") < text.index("chat.example.com")

    def test_one_mail_channel_needs_no_list(self):
        Channel.objects.all().delete()
        self.assertNotContains(self.client.get("/en/contact/"), "All ways to reach us")


class DeskTests(TestCase):
    def test_editors_write_them_and_agents_read_them(self):
        make_channel("phone")
        for group, status in (("editor", 200), ("author", 403)):
            self.client.force_login(make_staff(group))
            assert self.client.get("/admin/contact/channel/add/").status_code == status
        self.client.force_login(make_staff("agent"))
        assert self.client.get("/admin/contact/channel/").status_code == 200
        assert self.client.get("/admin/contact/channel/add/").status_code == 403


class ImportTests(TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def load(self, text: str) -> list[str]:
        (self.folder / "channels.yaml").write_text(text, encoding="utf-8")
        return [str(mistake) for mistake in import_folder(self.folder)]

    def test_the_demo_has_one_of_each_kind(self):
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
        assert {channel.kind for channel in Channel.objects.all()} == set(Channel.Kind.values)
        for channel in Channel.objects.all():
            channel.full_clean()

    def test_mistakes_have_their_line_and_nothing_is_loaded(self):
        wrong = "phone:\n  kind: phone\n  label: Phone\n  address: '12'\n  hours: all day\n  colour: red\n"
        said = self.load(wrong)
        assert any(line.startswith("channels.yaml:4: Write a telephone number") for line in said), said
        assert any(line.startswith("channels.yaml:5: “all day” are no opening hours") for line in said), said
        assert any(line.startswith("channels.yaml:6: “colour” is not known") for line in said), said
        assert not Channel.objects.exists()

    def test_loads_in_the_order_of_the_file(self):
        assert (
            self.load("b:\n  kind: email\n  label: Mail\na:\n  kind: email\n  label: Other\n  offered: false\n")
            == []
        )
        assert list(Channel.objects.values_list("key", "is_open")) == [("b", True), ("a", False)]
