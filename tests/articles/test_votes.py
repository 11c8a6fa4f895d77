"""Yes or No on an article: once for each press, tied to what was read, nothing personal, and never in the way."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from articles import voting
from articles.models import RecentVote, Vote
from articles.review import Act
from articles.tally import Tally
from articles.voting import Ticket
from tests.articles.desk import do, person, write
from tests.contact.locks import held_write_lock
from tests.factories import FewerThan, make_flow, make_translation
from tests.hostile import HOSTILE_MARKDOWN

ADDRESS = "/en/articles/parcel/vote/"


class Reader:
    """A browser without a script, or with one that names the opened page."""

    def __init__(self, page: str = "", **headers: str) -> None:
        self.client, self.page = Client(REMOTE_ADDR="198.51.100.7"), page
        self.headers = {"sec-fetch-site": "same-origin", "user-agent": "Firefox"} | headers

    def post(self, address: str = ADDRESS, **given: str) -> str:
        """What the reader sees afterwards."""
        given |= {"page": self.page} if self.page else {}
        response = self.client.post(address, given, headers=self.headers, follow=True)
        assert response.status_code == 200, response.status_code
        assert not response.cookies
        return str(response.content.decode())

    def press(self, helpful: str, revision: str = "1") -> str:
        return self.post(helpful=helpful, revision=revision)


def fields(html: str) -> dict[str, str]:
    """The hidden ones of the last form in the section about votes."""
    section = html[html.index("data-vote") :].split("</section>")[0]
    form = section[section.rindex("<form") :]
    return {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def votes() -> list[tuple[bool, str, str]]:
    return list(Vote.objects.order_by("pk").values_list("is_helpful", "reason", "words"))


class VoteTests(TestCase):
    def setUp(self) -> None:
        self.translation = make_translation(slug="parcel", title="Where is my parcel?")
        self.ana = Reader()

    def test_the_page_asks_and_is_the_same_for_everybody(self):
        first, second = self.client.get("/en/articles/parcel/"), Client().get("/en/articles/parcel/")
        self.assertContains(first, "Did this answer your question?")
        self.assertContains(first, '<input type="hidden" name="revision" value="1">', html=True)
        assert first.content == second.content
        assert not first.cookies and "Cookie" not in first.get("Vary", "")

    def test_asking_costs_the_page_no_query(self):
        with self.assertNumQueries(FewerThan(9)) as queries:
            self.client.get("/en/articles/parcel/")
        assert not [query for query in queries if "articles_vote" in query["sql"]]

    def test_in_spanish_too(self):
        make_translation(language="es", slug="paquete")
        self.assertContains(self.client.get("/es/articles/paquete/"), "¿Esto ha respondido a tu pregunta?")

    def test_a_no_is_counted_thanked_and_led_to_a_person_and_a_flow(self):
        make_flow("lost", category=self.translation.article.category)
        page = self.ana.press("no")
        assert votes() == [(False, "", "")]
        assert "Thank you" in page and "What was wrong?" in page
        assert f"/en/contact/?article={self.translation.article.key}" in page
        assert "/en/resolve/lost/" in page

    def test_a_yes_asks_for_other_reasons(self):
        page = self.ana.press("yes")
        assert votes() == [(True, "", "")]
        assert "It is easy to follow" in page and "It is confusing" not in page

    def test_a_reason_with_words_comes_under_the_same_vote(self):
        page = self.ana.post(**fields(self.ana.press("no")), reason="missing", words="How long\r\ndoes it take?")
        assert votes() == [(False, "missing", "How long does it take?")]
        assert "The people who write this answer read it." in page

    def test_what_looks_personal_is_masked_as_it_is_written(self):
        given = fields(self.ana.press("no"))
        self.ana.post(**given, words="I am ana@example.org, +34 612 34 56 78, card 4111 1111 1111 1111, 7K3M-92XD")
        words = Vote.objects.get().words
        assert words == "I am [e-mail] [number], card [number], [code]"

    def test_what_is_written_is_in_no_address(self):
        given = fields(self.ana.press("no"))
        response = self.client.post(ADDRESS, given | {"words": "canary", "reason": "other"})
        assert "canary" not in response["Location"] and not response.cookies
        assert votes() == [(False, "other", "canary")]

    def test_a_vote_can_be_turned_and_its_reason_goes(self):
        given = fields(self.ana.press("no"))
        self.ana.post(**given, reason="missing", words="All of it")
        page = self.ana.post(**given | {"helpful": "yes"})
        assert votes() == [(True, "", "")]
        assert "You said that it helped." in page

    def test_the_same_again_keeps_the_reason(self):
        given = fields(self.ana.press("no"))
        self.ana.post(**given, reason="missing", words="All of it")
        self.ana.press("no")
        assert votes() == [(False, "missing", "All of it")]

    def test_twenty_equal_posts_are_one_vote(self):
        for _ in range(20):
            self.ana.press("no")
        assert votes() == [(False, "", "")]

    def test_pressing_the_other_one_on_the_same_page_replaces_it(self):
        for helpful in ("no", "yes", "no", "yes"):
            self.ana.press(helpful)
        assert votes() == [(True, "", "")]

    def test_others_vote_for_themselves(self):
        """The control: another browser, another network, another opened page with a script."""
        self.ana.press("no")
        Reader(**{"user-agent": "Chromium"}).press("no")
        Reader(page="a" * 32).press("no")
        Reader(page="b" * 32).press("no")
        other = Reader()
        other.client = Client(REMOTE_ADDR="198.51.100.8")
        other.press("no")
        assert len(votes()) == 5

    def test_after_an_hour_the_same_press_is_another_vote(self):
        self.ana.press("no")
        RecentVote.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        self.ana.press("no")
        assert len(votes()) == 2

    def test_is_tied_to_the_revision_that_was_read(self):
        editor = person()
        do(Act.PUBLISH, write(self.translation, editor), editor)
        self.ana.press("no", revision="1")  # from a page that was stored on its way
        Reader(page="a" * 32).press("yes", revision="2")
        assert list(Vote.objects.order_by("pk").values_list("revision__number", "is_helpful")) == [
            (1, False),
            (2, True),
        ]

    def test_a_revision_that_nobody_has_read_cannot_be_voted_on(self):
        write(self.translation, person())
        for revision in ("2", "3", "", "-1", "1" * 500, "²", "x"):
            response = self.client.post(ADDRESS, {"helpful": "no", "revision": revision})
            assert response.status_code == 400, revision
        assert self.client.post(ADDRESS, {"helpful": "maybe", "revision": "1"}).status_code == 400
        assert votes() == []

    def test_what_readers_cannot_see_has_no_votes(self):
        make_translation(slug="draft", published=False)
        assert self.client.post("/en/articles/draft/vote/", {"helpful": "no", "revision": "1"}).status_code == 404
        assert self.client.post("/es/articles/parcel/vote/", {"helpful": "no", "revision": "1"}).status_code == 404

    def test_an_old_address_goes_on_taking_votes(self):
        self.translation.slug = "package"
        self.translation.save()
        self.ana.press("no")
        assert len(votes()) == 1

    def test_another_site_cannot_vote(self):
        for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
            response = self.client.post(ADDRESS, {"helpful": "no", "revision": "1"}, headers=headers)
            assert response.status_code == 403
        assert votes() == []

    def test_needs_no_token(self):
        client = Client(enforce_csrf_checks=True)
        assert client.post(ADDRESS, {"helpful": "no", "revision": "1"}).status_code == 302
        assert len(votes()) == 1

    def test_robots_are_thanked_and_not_counted(self):
        robot = Reader(**{"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
        page = robot.press("no")
        assert "Thank you" in page and "What was wrong?" not in page
        assert votes() == []

    def test_opening_or_fetching_ahead_counts_nothing(self):
        self.assertRedirects(self.client.get(ADDRESS), "/en/articles/parcel/")
        self.client.head(ADDRESS)
        self.client.get("/en/articles/parcel/", headers={"Sec-Purpose": "prefetch"})
        assert votes() == []

    def test_the_thanks_are_kept_and_listed_by_nobody_and_reload(self):
        response = self.client.post(ADDRESS, {"helpful": "no", "revision": "1"})
        for _ in range(3):
            page = self.client.get(response["Location"])
        assert page["Cache-Control"] == "no-store" and page["X-Robots-Tag"] == "noindex"
        assert len(votes()) == 1
        self.assertContains(page, 'href="/es/articles/parcel/"')  # which says what is missing there

    def test_a_ticket_of_another_text_or_too_old_is_none(self):
        given = fields(self.ana.press("no"))
        make_translation(slug="other")
        assert self.client.get(f"/en/articles/other/vote/?vote={given['vote']}").status_code == 302
        later = time.time() + voting.CHANGEABLE + 1
        with patch("time.time", lambda: later):
            assert Ticket.read(given["vote"], self.translation.pk) is None
        assert Ticket.read(given["vote"][:-1] + "x", self.translation.pk) is None
        assert Ticket.read(given["vote"], self.translation.pk)

    def test_too_long_words_stay_in_the_form(self):
        given = fields(self.ana.press("no"))
        page = self.ana.post(**given, reason="other", words="y" * 501)
        assert "There is a problem" in page and "y" * 501 in page and 'value="other"' in page
        assert votes() == [(False, "", "")]
        self.ana.post(**given, words="y\r\n" * 250)  # 500 as the browser counts them
        assert len(votes()[0][2]) == 499

    def test_an_unknown_reason_is_refused(self):
        for reason in ("accurate", "<script>"):  # the first one is for Yes
            assert "There is a problem" in self.ana.post(**fields(self.ana.press("no")), reason=reason, words="")
        assert votes() == [(False, "", "")]

    def test_hostile_words_are_shown_as_words(self):
        given = fields(self.ana.press("no"))
        for payload in HOSTILE_MARKDOWN:
            page = self.ana.post(**given, reason="nonsense", words=payload)
            section = page[page.index("data-vote") :].split("</section>")[0]
            text = section[section.index("<textarea") :].split("</textarea>")[0].partition(">")[2]
            assert "<" not in text and unescape(text).strip() == payload.strip()


class LimitTests(TestCase):
    def setUp(self) -> None:
        make_translation(slug="parcel")

    def press_often(self, reader: Reader, times: int) -> None:
        for number in range(times):
            reader.page = f"{number:032x}"
            assert "Thank you" in reader.press("no")

    def test_one_network_is_counted_so_often_in_an_hour_and_always_thanked(self):
        self.press_often(Reader(), voting.PER_NETWORK + 3)
        assert len(votes()) == voting.PER_NETWORK
        RecentVote.objects.update(ends_at=timezone.now())
        Reader(page="f" * 32).press("no")
        assert len(votes()) == voting.PER_NETWORK + 1

    def test_a_network_that_is_unknown_is_not_held_to_it(self):
        """The control, too: without the limit all would count."""
        reader = Reader()
        reader.client = Client(REMOTE_ADDR="127.0.0.1")
        self.press_often(reader, voting.PER_NETWORK + 3)
        assert len(votes()) == voting.PER_NETWORK + 3

    def test_no_address_is_stored(self):
        Reader().press("no")
        rows = str([*RecentVote.objects.values(), *Vote.objects.values()])
        assert "198.51" not in rows and "Firefox" not in rows
        assert {field.name for field in Vote._meta.get_fields()} == {
            *("id", "revision", "key", "is_helpful", "reason", "words", "voted_at", "tasks")
        }


class RetentionTests(TestCase):
    def setUp(self) -> None:
        Reader()
        make_translation(slug="parcel")
        self.ana = Reader()
        self.ana.post(**fields(self.ana.press("no")), reason="missing", words="Everything")

    def after(self, **time_that_passes: int) -> None:
        cache.clear()
        moment = timezone.now() + timedelta(**time_that_passes)
        with patch("django.utils.timezone.now", lambda: moment):
            voting.forget_old()

    def test_words_go_on_the_day_and_the_vote_a_year_later(self):
        self.after(days=90, seconds=-60)
        assert votes() == [(False, "missing", "Everything")]
        self.after(days=90, seconds=60)
        assert votes() == [(False, "missing", "")]
        self.after(days=365, seconds=-60)
        assert len(votes()) == 1
        self.after(days=365, seconds=60)
        assert votes() == []

    def test_how_long_is_a_setting(self):
        with override_settings(VOTE_WORDS_DAYS=7):
            self.after(days=7, seconds=60)
        assert votes() == [(False, "missing", "")]

    def test_what_knows_a_press_again_goes_after_an_hour(self):
        self.after(minutes=59)
        assert RecentVote.objects.count() == 1
        self.after(minutes=61)
        assert RecentVote.objects.count() == 0

    def test_the_privacy_page_says_so(self):
        self.assertContains(self.client.get("/en/privacy/"), "kept for 90 days")
        self.assertContains(self.client.get("/es/privacy/"), "durante 90 días")


class TroubleTests(TransactionTestCase):
    def test_a_locked_database_costs_a_tenth_of_a_second_and_the_vote_comes_with_its_reason(self):
        make_translation(slug="parcel")
        ana = Reader()
        with held_write_lock():
            began = time.perf_counter()
            page = ana.press("no")
            seconds = time.perf_counter() - began
        assert "Thank you" in page
        assert seconds < 0.8, seconds  # 0.1 of waiting and two pages; the rest is for a busy machine
        assert votes() == []
        ana.post(**fields(page), reason="missing", words="")
        assert votes() == [(False, "missing", "")]

    def test_twenty_equal_posts_at_once_are_one_vote(self):
        make_translation(slug="parcel")

        def press(_number: int) -> None:
            Reader().press("no")
            connection.close()

        with ThreadPoolExecutor(5) as pool:
            list(pool.map(press, range(20)))
        assert votes() == [(False, "", "")]


class TallyTests(SimpleTestCase):
    def test_few_votes_say_little(self):
        assert Tally(0, 1).badness < Tally(10, 20).badness < Tally(100, 400).badness < Tally(0, 400).badness
        assert Tally().badness == 0 and not Tally()
        assert Tally(5, 0).badness == pytest.approx(0, abs=1e-9)

    def test_is_wilsons_lower_bound(self):
        assert Tally(10, 10).badness == pytest.approx(0.2993, abs=1e-4)
        assert Tally(1, 3).share_of_no == 75
