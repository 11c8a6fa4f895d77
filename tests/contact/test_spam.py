"""B1, B2: programs are refused, people are not; whoever is refused keeps the text and reads what to do."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from django.core.cache import cache
from django.test import Client, TestCase, override_settings
from django.utils import timezone

from contact import drafts, spam
from contact.models import Allowance, ContactRequest, Delivery, DraftRequest, LaterVersion, Refusal
from tests.contact.customer import a_request, choose_topic, fill_in, hidden, press_send, typed
from tests.factories import make_staff, make_topic

PROXIED = override_settings(TRUSTED_PROXIES=1)


def later(**passed):
    """So much later than now."""
    moment = timezone.now() + timedelta(**passed)
    return patch("django.utils.timezone.now", lambda: moment)


def shown_ago(age):
    """The proof in a first page that was shown that long ago."""
    then = timezone.now() - age
    with patch("django.core.signing.time.time", then.timestamp):
        return drafts.started(DraftRequest(created_at=then))


def count(reason):
    return sum(Refusal.objects.filter(reason=reason).values_list("count", flat=True))


def passed_by_the_clock(minutes, limit):
    """The control: with a count for each hour of the clock."""
    counts, passed = Counter(), []
    for minute in minutes:
        if counts[minute // 60] < limit:
            counts[minute // 60] += 1
            passed.append(minute)
    return passed


class TrapTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)

    def test_who_fills_in_everything_gets_the_form_again(self):
        page = fill_in(self.client, self.topic, subject="Buy", message="Typed", email="ana@e.com")
        self.assertContains(page, "press “Continue” again", status_code=429)
        self.assertContains(page, "Typed", status_code=429)
        assert count("trap") == 1
        assert self.client.get("/en/contact/check/")["Location"] == "/en/contact/details/"

    def test_with_the_field_empty_again_it_goes_on(self):
        fill_in(self.client, self.topic, subject="filled in by a browser")
        assert fill_in(self.client, self.topic, subject="").status_code == 302

    def test_people_neither_see_nor_hear_of_it_and_browsers_leave_it_alone(self):
        page = self.client.get("/en/contact/details/").content.decode()
        before, _name, after = page.partition('name="subject"')
        assert 'class="visually-hidden" aria-hidden="true"' in before[-300:]
        assert 'tabindex="-1" autocomplete="off"' in after[:80]


@override_settings(FASTEST_REQUEST=2.0)
class TimeTests(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])

    def walk(self, client, seconds, **more):
        """The whole path, whose first page was shown that long ago; the answer to Send."""
        choose_topic(client, self.topic, started=shown_ago(timedelta(seconds=seconds)))
        fill_in(client, self.topic, **more)
        return press_send(client)

    def test_both_forms_carry_the_proof(self):
        pages = [self.client.get("/en/contact/")]
        choose_topic(self.client, self.topic)
        pages.append(self.client.get("/en/contact/details/"))
        for page in pages:
            self.assertContains(page, '<input type="hidden" name="started" value="ey')

    def test_the_default_is_two_seconds(self):
        from helpcenter import settings

        assert settings.FASTEST_REQUEST == 2.0

    def test_a_program_is_refused_with_the_text_kept_and_a_second_press_later_sends(self):
        page = self.walk(self.client, 0.3, message="Typed by a program")
        self.assertContains(page, "faster than a person", status_code=429)
        self.assertContains(page, "Typed by a program", status_code=429)
        assert int(page["Retry-After"]) == 2
        assert (count("too-fast"), ContactRequest.objects.count()) == (1, 0)
        with later(seconds=2):
            assert self.client.post("/en/contact/check/", hidden(page)).status_code == 302

    def test_without_the_guard_the_program_would_pass(self):
        with self.settings(FASTEST_REQUEST=0.0):
            assert self.walk(self.client, 0.3).status_code == 302

    def test_people_pass_after_four_seconds_and_after_four_hours(self):
        for seconds in (4, 4 * 60 * 60, 23 * 60 * 60):
            assert self.walk(Client(), seconds).status_code == 302, seconds

    def test_a_page_open_for_more_than_a_day_is_asked_to_press_again(self):
        assert self.walk(self.client, 25 * 60 * 60).status_code == 429
        with later(seconds=3):
            assert press_send(self.client).status_code == 302

    def test_a_proof_counts_once(self):
        started = shown_ago(timedelta(hours=4))
        answers = []
        for _time in range(3):
            thief = Client()
            choose_topic(thief, self.topic, started=started)
            fill_in(thief, self.topic)
            answers.append(press_send(thief).status_code)
        assert answers == [302, 429, 429]

    def test_a_forged_or_damaged_proof_counts_for_nothing(self):
        for started in ("", "x", "a:b:c", "\0", "ñ" * 500):
            client = Client()
            choose_topic(client, self.topic, started=started)
            fill_in(client, self.topic)
            assert press_send(client).status_code == 429, started

    def test_an_answer_that_was_sent_is_never_refused(self):
        receipt = self.walk(self.client, 4)["Location"]
        DraftRequest.objects.update(created_at=timezone.now())
        assert self.client.get("/en/contact/check/")["Location"] == receipt

    def test_other_words_for_what_was_sent_need_their_time_too(self):
        receipt = self.walk(self.client, 4)["Location"]
        fill_in(self.client, self.topic, draft=self.client.cookies["draft"].value, message="And again")
        page = press_send(self.client)
        self.assertContains(page, "And again", status_code=429)
        assert not LaterVersion.objects.exists()
        with later(seconds=2):
            assert self.client.post("/en/contact/check/", hidden(page))["Location"] == receipt
        assert LaterVersion.objects.count() == 1

    def test_other_words_are_not_taken_without_end_and_never_dropped_in_silence(self):
        self.walk(self.client, 4)
        answers = []
        for number in range(spam.LATER_VERSIONS + 1):
            with later(seconds=3 * (number + 1)):
                fields = {"draft": self.client.cookies["draft"].value, "message": f"Change {number}"}
                fill_in(self.client, self.topic, **fields)
                answers.append(press_send(self.client))
        *taken, refused = answers
        assert {answer.status_code for answer in taken} == {302}
        self.assertContains(refused, f"Change {spam.LATER_VERSIONS}", status_code=429)
        self.assertContains(refused, "you have sent this request with changes several times", status_code=429)
        assert (LaterVersion.objects.count(), count("again")) == (spam.LATER_VERSIONS, 1)
        with later(hours=24, seconds=4):
            assert press_send(self.client).status_code == 302


class LimitTests(TestCase):
    def send_from(self, address, **more):
        """The answer to Send from that address."""
        client = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": address})
        topic = make_topic()
        choose_topic(client, topic)
        fill_in(client, topic, **more)
        return press_send(client)

    @override_settings(REQUESTS_PER_EMAIL=3)
    def test_one_e_mail_address_in_a_day(self):
        spellings = ("ana@e.com", "Ana@e.com", "ANA@E.COM", "ana@E.com")
        answers = [self.send_from("", email=email) for email in spellings]
        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
        self.assertContains(answers[3], "too many requests have come from this e-mail address", status_code=429)
        self.assertContains(answers[3], "support@localhost", status_code=429)
        self.assertContains(answers[3], "It is not here.", status_code=429)
        assert 0 < int(answers[3]["Retry-After"]) <= 86400
        assert (ContactRequest.objects.count(), count("email")) == (3, 1)
        assert self.send_from("", email="luis@e.com").status_code == 302
        with later(hours=24):
            assert self.send_from("", email="ana@e.com").status_code == 302

    @PROXIED
    @override_settings(REQUESTS_PER_NETWORK=2)
    def test_one_network_in_an_hour(self):
        answers = [self.send_from(f"2001:db8::{number}") for number in range(1, 4)]
        assert [answer.status_code for answer in answers] == [302, 302, 429]
        self.assertContains(answers[2], "too many requests have come from your network", status_code=429)
        assert self.send_from("2001:db8:0:1::1").status_code == 302
        with later(hours=1):
            assert self.send_from("2001:db8::1").status_code == 302

    @PROXIED
    @override_settings(REQUESTS_PER_NETWORK=1)
    def test_people_from_addresses_of_their_own_are_not_refused(self):
        network = [self.send_from(f"198.51.100.{number}").status_code for number in range(20)]
        assert set(network) == {302}

    @PROXIED
    @override_settings(REQUESTS_PER_NETWORK=1)
    def test_a_refused_one_does_not_use_up_the_other_limit(self):
        self.send_from("198.51.100.1")
        self.send_from("198.51.100.1", email="luis@e.com")
        assert Allowance.objects.count() == 2

    @PROXIED
    @override_settings(REQUESTS_PER_NETWORK=2)
    def test_no_hour_lets_more_through_wherever_it_begins(self):
        minutes = [1, 50, 59, 62, 63, 109, 112]
        answers = []
        for minute in minutes:
            with later(minutes=minute):
                answers.append(self.send_from("198.51.100.1"))
        assert [answer.status_code for answer in answers] == [302, 302, 429, 302, 429, 429, 302]
        assert 60 < int(answers[2]["Retry-After"]) <= 120
        # Counting by the clock would let three through within thirteen minutes.
        assert passed_by_the_clock(minutes, 2) == [1, 50, 62, 63]

    @override_settings(REQUESTS_PER_NETWORK=1)
    def test_a_replay_is_not_counted(self):
        client = Client(REMOTE_ADDR="198.51.100.1")
        topic = make_topic()
        choose_topic(client, topic)
        fill_in(client, topic)
        fields = hidden(client.get("/en/contact/check/"))
        assert {client.post("/en/contact/check/", fields).status_code for _time in range(5)} == {302}


class PrivacyTests(TestCase):
    def setUp(self):
        cache.clear()

    @PROXIED
    def test_no_address_is_stored_in_the_clear_and_all_is_gone_after_a_day(self):
        a_request(Client(headers={"X-Forwarded-For": "198.51.100.7"}), email="ana@example.org")
        rows = [str(row) for row in Allowance.objects.values()]
        assert len(rows) == 2
        assert not any("198.51" in row or "ana" in row for row in rows)
        with later(hours=24):
            spam.forget_old()
        assert not Allowance.objects.exists()

    def test_what_still_counts_stays(self):
        a_request()
        spam.forget_old()
        assert Allowance.objects.count() == 1

    def test_the_hash_needs_our_key(self):
        a_request()
        key = Allowance.objects.get().key
        Allowance.objects.all().delete()
        with self.settings(SECRET_KEY="another key" * 5):
            a_request()
        assert Allowance.objects.get().key != key

    def test_agents_see_how_many_were_refused_and_cannot_change_it(self):
        spam.note(Refusal.Reason.TOO_FAST)
        spam.note(Refusal.Reason.TOO_FAST)
        self.client.force_login(make_staff("agent"))
        page = self.client.get("/admin/contact/refusal/")
        self.assertContains(page, "faster than a person")
        assert Refusal.objects.get().count == 2
        assert self.client.get("/admin/contact/refusal/add/").status_code == 403

    def test_a_refusal_sends_no_mail(self):
        with self.settings(FASTEST_REQUEST=100.0):
            topic = make_topic()
            choose_topic(self.client, topic)
            self.client.post("/en/contact/details/", typed(topic))
            assert press_send(self.client).status_code == 429
        assert not ContactRequest.objects.exists()
        assert not Delivery.objects.exists()
