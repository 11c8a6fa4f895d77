"""A call: asked for before sending, in every mail and record, moved or cancelled once, and never too late."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from contact import callback, telephone, words
from contact.models import Channel, ContactRequest, Delivery, DraftRequest
from flows.clock import site_time
from tests.contact.customer import EMAIL, address, choose_topic, fill_in, press_send
from tests.contact.test_channels import make_channel
from tests.factories import make_staff, make_topic

NUMBER = "612 34 56 78"
PAGE = "/en/contact/callback/"


def windows() -> list[str]:
    return [start.isoformat() for start, _end in callback.windows()]


class CallTestCase(TestCase):
    def setUp(self) -> None:
        make_channel("callback", hours="mon-sun 00:00-24:00")
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        fill_in(self.client, self.topic)

    def ask(self, number: str = NUMBER, window: str = "", language: str = "es") -> Any:
        given = {"number": number, "window": window or windows()[1], "language": language}
        return self.client.post(PAGE, given)

    def sent(self) -> ContactRequest:
        assert self.ask().status_code == 302
        assert press_send(self.client).status_code == 302
        return ContactRequest.objects.get()

    def begin_call(self, row: DraftRequest | ContactRequest) -> None:
        type(row).objects.filter(pk=row.pk).update(callback_at=timezone.now() - timedelta(minutes=1))


class LanguageTests(CallTestCase):
    """Switching the language of the page takes along what is half typed, and asks for nothing yet."""

    half = {"number": "612 3", "language": "en", "switch": "es"}

    def assert_all_is_there(self, page: Any, chosen: str) -> None:
        self.assertContains(page, 'lang="es"')
        self.assertContains(page, "Te llamamos")
        self.assertContains(page, 'value="612 3"')
        self.assertNotContains(page, "error-summary")
        values = page.context["form"]
        assert (values["window"].value(), values["language"].value()) == (chosen, "en")

    def test_before_sending(self):
        self.assertContains(self.client.get(PAGE), 'formaction="/es/contact/callback/"')
        page = self.client.post(PAGE.replace("/en/", "/es/"), self.half | {"window": windows()[2]})
        self.assert_all_is_there(page, windows()[2])
        assert DraftRequest.objects.get().callback_at is None

    def test_afterwards(self):
        sent = self.sent()
        before = sent.callback_at
        page = self.client.get(sent.callback_url)
        there = sent.callback_url.replace("/en/", "/es/")
        self.assertContains(page, f'formaction="{there}"')
        self.assert_all_is_there(self.client.post(there, self.half | {"window": windows()[3]}), windows()[3])
        sent.refresh_from_db()
        assert (sent.callback_at, Delivery.objects.count()) == (before, 2)

    def test_enter_in_the_number_presses_the_button_of_the_form_not_that_of_the_language(self):
        text = self.client.get(PAGE).content.decode()
        first = text.index('form="callback"')
        assert "name=" not in text[first : text.index(">", first)]

    def test_where_there_is_nothing_to_type_it_stays_a_link(self):
        sent = self.sent()
        self.begin_call(sent)
        page = self.client.get(sent.callback_url)
        self.assertContains(page, 'hreflang="es"')
        self.assertNotContains(page, "formaction")


class AskingTests(CallTestCase):
    def test_offers_times_and_says_what_is_asked(self):
        page = self.client.get(PAGE)
        assert page.content.decode().count('name="window"') == 10
        self.assertContains(page, "Detail order-number (en)")
        self.assertContains(page, 'type="tel"')

    def test_is_shown_on_the_check_page_to_be_changed(self):
        self.assertRedirects(self.ask(), address("contact_check"))
        page = self.client.get(address("contact_check"))
        self.assertContains(page, "+34 612 34 56 78")
        self.assertContains(page, "language: Spanish")
        self.assertContains(page, f'href="{PAGE}"')

    def test_the_words_changed_on_the_check_page_come_along(self):
        topic = make_topic(wording={"en": "It broke.", "es": "Se rompió."})
        choose_topic(self.client, topic)
        fill_in(self.client, topic, message="")
        page = self.client.get(address("contact_check"))
        given = {"draft": page.context["draft"].token, "worded": "In my way.", "keep": "call"}
        self.assertRedirects(self.client.post(address("contact_check"), given), PAGE)
        assert DraftRequest.objects.get().worded == "In my way."

    def test_a_wrong_number_is_said_and_kept_as_it_was_typed(self):
        page = self.ask(number="twelve 12")
        self.assertContains(page, "Write a whole telephone number")
        self.assertContains(page, 'value="twelve 12"')
        self.assertContains(page, "<title>Error: ")
        assert DraftRequest.objects.get().callback_at is None

    def test_a_time_that_nobody_offered_is_none(self):
        for window in ("2026-01-01T09:00:00+01:00", "soon", (site_time() + timedelta(days=99)).isoformat()):
            self.assertContains(self.ask(window=window), "That time is not free any more")

    def test_can_be_left_out_again(self):
        self.ask()
        self.client.post(PAGE, {"none": "1"})
        assert press_send(self.client).status_code == 302
        assert ContactRequest.objects.get().callback_at is None

    def test_without_a_channel_for_it_the_page_says_how_else(self):
        Channel.objects.all().delete()
        self.assertContains(self.client.get(PAGE), "No call is free")

    def test_without_a_draft_it_is_the_usual_way(self):
        assert self.client_class().get(PAGE)["Location"] == address("contact_check")

    def test_an_expired_form_has_what_was_typed(self):
        strict = self.client_class(enforce_csrf_checks=True)
        strict.cookies = self.client.cookies
        page = strict.post(PAGE, {"number": NUMBER, "window": windows()[2], "language": "es"})
        self.assertContains(page, f'value="{NUMBER}"', status_code=403)


class SentTests(CallTestCase):
    def test_is_in_the_request_both_mails_and_the_facts(self):
        sent = self.sent()
        assert sent.callback_number == "+34612345678"
        assert sent.callback_language == "es"
        for delivery in Delivery.objects.all():
            assert "612" in delivery.body, delivery.recipient
        to_support = Delivery.objects.get(recipient=settings.SUPPORT_EMAIL)
        assert "Call-Number: +34612345678" in to_support.body
        assert to_support.facts["call"]["number"] == "+34612345678"

    def test_leads_the_page_and_the_mail_to_the_customer(self):
        sent = self.sent()
        window, number = words.window(sent.callback_at, sent.callback_until), "+34\xa0612\xa034\xa056\xa078"
        said = f"We call you on {window}, at {number}."
        page = self.client.get(sent.get_absolute_url())
        self.assertContains(page, said)
        self.assertContains(page, ": we call you.")
        self.assertNotContains(page, "answers you at")
        mail = Delivery.objects.exclude(recipient=settings.SUPPORT_EMAIL).get()
        assert said in mail.body
        assert said in mail.html
        assert sent.callback_url in mail.body
        assert "answers you at this address" not in mail.body

    def test_once_its_time_is_over_the_page_says_what_to_do(self):
        sent = self.sent()
        past = timezone.now() - timedelta(minutes=1)
        ContactRequest.objects.update(callback_at=past - timedelta(hours=2), callback_until=past)
        page = self.client.get(sent.get_absolute_url())
        self.assertContains(page, "We were to call you on ")
        self.assertContains(page, f"name the reference {sent.reference}")
        ContactRequest.objects.update(answered_at=timezone.now())
        self.assertNotContains(self.client.get(sent.get_absolute_url()), "We were to call you on ")

    def test_nobody_is_promised_an_answer_before_the_call_that_they_chose(self):
        topic = make_topic("soon", answer_days=0)
        choose_topic(self.client, topic)
        fill_in(self.client, topic)
        self.ask(window=windows()[-1])
        late = timezone.now() + timedelta(days=9)
        DraftRequest.objects.update(callback_at=late, callback_until=late + timedelta(hours=2))
        press_send(self.client)
        assert ContactRequest.objects.get().promise == site_time(late).date()

    def test_is_sent_once(self):
        self.ask()
        page = self.client.get(address("contact_check"))
        given = {"draft": page.context["draft"].token, "shown": page.context["shown"]}
        receipts = {self.client.post(address("contact_check"), given)["Location"] for _time in range(3)}
        assert len(receipts) == 1 == ContactRequest.objects.count()

    def test_a_time_that_has_come_before_sending_is_told_and_nothing_sent(self):
        self.ask()
        page = self.client.get(address("contact_check"))
        given = {"draft": page.context["draft"].token, "shown": page.context["shown"]}
        self.begin_call(DraftRequest.objects.get())
        again = self.client.post(address("contact_check"), given)
        self.assertContains(again, "is not free any more: it has come")
        self.assertNotContains(again, "changed in another window")
        assert not ContactRequest.objects.exists()
        assert press_send(self.client).status_code == 302
        assert ContactRequest.objects.get().callback_at is None

    def test_without_a_call_the_receipt_is_found_again_and_mails_say_nothing_of_one(self):
        assert press_send(self.client).status_code == 302
        assert "Call-" not in Delivery.objects.get(recipient=settings.SUPPORT_EMAIL).body
        assert (
            self.client.get(address("contact_check"))["Location"]
            == ContactRequest.objects.get().get_absolute_url()
        )


class ChangeTests(CallTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.request = self.sent()
        Delivery.objects.all().delete()
        self.stranger = self.client_class()  # no cookie: the link alone

    def move(self, window: str, **more: str) -> Any:
        given = {"number": NUMBER, "window": window, "language": "es"} | more
        return self.stranger.post(self.request.callback_url, given)

    def test_moves_once_and_tells_each_once(self):
        later = windows()[4]
        for _time in range(3):
            self.assertRedirects(self.move(later), f"{self.request.get_absolute_url()}?call=booked")
        self.request.refresh_from_db()
        assert site_time(self.request.callback_at).isoformat() == later
        mail = Delivery.objects.get(recipient=settings.SUPPORT_EMAIL)
        assert "Call moved" in mail.subject
        assert "It was:" in mail.body
        assert mail.facts["call"]["from"].startswith(later[:16])
        to_customer = Delivery.objects.exclude(pk=mail.pk).get()
        assert (to_customer.recipient, to_customer.mailbox) == (EMAIL, EMAIL)
        when = words.window(self.request.callback_at, self.request.callback_until)
        assert to_customer.subject == f"We call you on {when} ({self.request.reference})"
        assert self.request.callback_url in to_customer.body

    def test_the_page_says_what_has_become_of_it_while_that_holds(self):
        booked = self.stranger.get(self.move(windows()[4])["Location"])
        self.assertContains(booked, "The call is noted.")
        cancelled = self.stranger.post(self.request.callback_url, {"none": "1"})["Location"]
        self.assertContains(self.stranger.get(cancelled), "The call is cancelled.")
        self.assertNotContains(self.stranger.get(f"{self.request.get_absolute_url()}?call=booked"), "is noted")
        self.assertNotContains(self.stranger.get(self.request.get_absolute_url()), "The call is cancelled.")

    def test_goes_back_in_the_language_it_was_changed_in(self):
        there = self.request.callback_url.replace("/en/", "/es/")
        given = {"number": NUMBER, "window": windows()[6], "language": "es"}
        assert self.stranger.post(there, given)["Location"].startswith("/es/contact/requests/")

    def test_cancels_once_and_may_be_asked_for_again(self):
        for _time in range(2):
            self.stranger.post(self.request.callback_url, {"none": "1"})
        to_support, to_customer = Delivery.objects.order_by("pk")
        assert "] Call cancelled: " in to_support.subject
        assert to_customer.subject == f"The call is cancelled ({self.request.reference})"
        assert "answers you at this address by" in to_customer.body
        self.request.refresh_from_db()
        assert (self.request.callback_at, self.request.callback_number) == (None, "")
        self.move(windows()[0])
        assert Delivery.objects.filter(subject__contains="Call asked for").exists()

    def test_not_once_its_time_has_come(self):
        self.begin_call(self.request)
        for given in ({"none": "1"}, {"number": NUMBER, "window": windows()[3], "language": "en"}):
            page = self.stranger.post(self.request.callback_url, given)
            self.assertContains(page, "cannot be moved or cancelled", status_code=409)
        assert not Delivery.objects.exists()
        self.assertNotContains(self.stranger.get(self.request.get_absolute_url()), "/callback/")

    def test_not_without_end(self):
        for number in range(8):
            last = self.move(windows()[number])
        self.assertContains(last, "several times today", status_code=429)
        assert Delivery.objects.filter(recipient=settings.SUPPORT_EMAIL).count() == 5

    def test_an_expired_form_has_what_was_typed(self):
        strict = self.client_class(enforce_csrf_checks=True)
        page = strict.post(self.request.callback_url, {"number": "+44 20 7946 0958", "window": windows()[2]})
        self.assertContains(page, 'value="+44 20 7946 0958"', status_code=403)
        assert not Delivery.objects.exists()

    def test_a_wrong_link_is_nothing(self):
        wrong = self.request.callback_url.replace(".", "x", 1)
        assert self.stranger.get(wrong).status_code == 404

    def test_the_draft_leads_to_the_request_once_it_is_sent(self):
        assert self.client.get(PAGE)["Location"] == self.request.callback_url

    def test_words_sent_again_do_not_bring_back_a_call_that_was_moved(self):
        self.move(windows()[5])
        fill_in(self.client, self.topic, message="More.")
        press_send(self.client)
        self.request.refresh_from_db()
        assert site_time(self.request.callback_at).isoformat() == windows()[5]
        rows = {row["label"]: row["value"] for row in self.request.later_versions.get().content}
        assert callback.words.call(self.request) == rows["We call you"]


@pytest.mark.ignore_template_errors
class SheetTests(CallTestCase):
    def test_has_the_calls_of_a_day_for_agents_alone(self):
        sent = self.sent()
        day = site_time(sent.callback_at).date()
        sheet = "/admin/contact/contactrequest/calls/"
        self.client.force_login(make_staff("editor"))
        assert self.client.get(sheet).status_code == 403
        self.client.force_login(make_staff("agent"))
        page = self.client.get(f"{sheet}?day={day}")
        for said in (
            'href="tel:+34612345678"',
            "+34 612 34 56 78",
            "My order-number",
            "It is not here.",
            "Spanish",
            f"<strong>{EMAIL}</strong>",  # who gave no name
        ):
            self.assertContains(page, said)
        self.assertContains(self.client.get(f"{sheet}?day={day + timedelta(days=1)}"), "No calls on this day")
        self.assertContains(self.client.get("/admin/"), sheet)

    def test_shows_today_where_no_day_is_meant(self):
        self.client.force_login(make_staff("agent"))
        page = self.client.get("/admin/contact/contactrequest/calls/?day=never")
        assert page.context["day"] == site_time().date()


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("612 34 56 78", "+34612345678"),
        ("91-234-56-78", "+34912345678"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("12", None),
        ("+34 612", None),
        ("call me", None),
        ("9" * 5000, None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, dialled: str | None) -> None:
    assert telephone.read(typed) == dialled


def test_days_are_the_sites() -> None:
    assert site_time(datetime(2026, 11, 26, 23, 30, tzinfo=timezone.get_fixed_timezone(0))).day == 27
