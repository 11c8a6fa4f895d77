"""The proof of work: off unless the site asks for it; an answer counts once, for one draft, over all processes."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import altcha
from django.core.checks import run_checks
from django.test import Client, SimpleTestCase, TestCase, TransactionTestCase, override_settings
from django.utils import timezone

from contact.limits import AllowanceQuerySet
from contact.models import ContactRequest, DraftRequest, LaterVersion, Refusal
from contact.work import challenge
from tests.contact.customer import choose_topic, fill_in, hidden
from tests.contact.server import ready_drafts, web_server
from tests.factories import make_topic

ASKED = override_settings(PROOF_OF_WORK=2)
CHECK = "/en/contact/check/"


def solve(asked):
    """What the browser's half of the library does."""
    found = altcha.Challenge.from_dict(json.loads(asked))
    return altcha.Payload(found, altcha.solve_challenge(found)).to_base64()


class Prepared(TestCase):
    def setUp(self):
        self.topic = make_topic(details=["order-number"])

    def check(self, client=None, **more):
        """A customer's check page."""
        client = client or self.client
        choose_topic(client, self.topic)
        fill_in(client, self.topic, **more)
        return client.get(CHECK)

    def press(self, page, answer="", client=None):
        return (client or self.client).post(CHECK, hidden(page) | {"work": answer})


class OffTests(Prepared):
    def test_by_default_nothing_is_asked_for(self):
        page = self.check()
        for part in ("data-challenge", "js/work.js", "noscript"):
            self.assertNotContains(page, part)
        assert self.press(page).status_code == 302


@ASKED
class AskedTests(Prepared):
    def test_a_solved_challenge_sends(self):
        page = self.check()
        assert self.press(page, solve(page.context["challenge"])).status_code == 302

    def test_without_an_answer_the_page_says_what_to_do_with_the_text_kept(self):
        page = self.press(self.check(message="Typed for an hour"))
        for said in (
            "Nothing has been sent yet",
            "needs JavaScript",
            "mailto:support@localhost",
            "Typed for an hour",
        ):
            self.assertContains(page, said, status_code=429)
        assert not ContactRequest.objects.exists()
        assert Refusal.objects.get().reason == "work"
        assert self.press(page, solve(page.context["challenge"])).status_code == 302

    def test_an_answer_for_another_draft_counts_for_nothing(self):
        answer = solve(self.check(Client()).context["challenge"])
        assert self.press(self.check(), answer).status_code == 429

    def test_forged_and_damaged_answers_count_for_nothing(self):
        page = self.check()
        right = json.loads(base64.b64decode(solve(page.context["challenge"])))
        easier = {**right["challenge"]["parameters"], "keyPrefix": ""}
        wrong = [
            right | {"solution": {"counter": 0, "derivedKey": "00" * 32}},
            right | {"challenge": right["challenge"] | {"signature": ""}},
            right | {"challenge": right["challenge"] | {"parameters": easier}},
            {"challenge": "x", "solution": None},
            [],
        ]
        encoded = [base64.b64encode(json.dumps(each).encode()).decode() for each in wrong]
        for answer in (*encoded, "x", "ñ", "\0", "e30=", "A" * 100_000, "[" * 3000):
            assert self.press(page, answer).status_code == 429, answer[:100]

    def test_an_answer_is_good_for_a_day(self):
        page = self.check()
        answer = solve(page.context["challenge"])
        with patch("time.time", (timezone.now() + timedelta(hours=25)).timestamp):
            assert self.press(page, answer).status_code == 429
        assert self.press(page, answer).status_code == 302

    def replay(self):
        """The same answer for other words under the same draft."""
        page = self.check()
        answer = solve(page.context["challenge"])
        assert self.press(page, answer).status_code == 302
        fill_in(self.client, self.topic, draft=page.context["draft"].token, message="Buy this")
        return self.press(self.client.get(CHECK), answer)

    def test_an_answer_counts_once(self):
        page = self.replay()
        self.assertContains(page, "Buy this", status_code=429)
        assert page["Retry-After"] == "1"  # with the new challenge of this page
        assert not LaterVersion.objects.exists()

    def test_an_answer_that_is_not_remembered_would_count_again(self):
        with patch.object(AllowanceQuerySet, "take", return_value=None):
            assert self.replay().status_code == 302
        assert LaterVersion.objects.count() == 1

    def test_a_replay_of_what_was_sent_gets_its_receipt(self):
        page = self.check()
        answer = solve(page.context["challenge"])
        assert self.press(page, answer)["Location"] == self.press(page, answer)["Location"]

    @override_settings(REQUESTS_PER_EMAIL=1)
    def test_whoever_is_refused_for_something_else_keeps_their_answer(self):
        first = self.check(Client())
        self.press(first, solve(first.context["challenge"]), Client())
        page = self.check()
        answer = solve(page.context["challenge"])
        assert self.press(page, answer).status_code == 429
        with self.settings(REQUESTS_PER_EMAIL=2):
            assert self.press(page, answer).status_code == 302


class ProcessesTests(TransactionTestCase):
    def test_an_answer_used_in_one_process_is_used_in_all(self):
        [ready] = ready_drafts(1, make_topic())
        draft = DraftRequest.objects.get()
        with self.settings(PROOF_OF_WORK=2):
            answer = solve(challenge(draft))
        with web_server(workers=3, HELPCENTER_PROOF_OF_WORK="2") as server, ThreadPoolExecutor(12) as pool:
            assert server.press_send(ready).status == 429
            assert server.press_send(ready, work=answer).status == 302
            draft.message = "Buy this"
            draft.save()
            again = ready._replace(digest=draft.digest)
            replays = list(pool.map(lambda _number: server.press_send(again, work=answer), range(12)))
        # A busy database says “try again” to some: that is no answer that was taken either.
        assert {429} <= {replay.status for replay in replays} <= {429, 503}
        assert (ContactRequest.objects.get().pk, LaterVersion.objects.count()) == (ready.pk, 0)


class SystemCheckTests(SimpleTestCase):
    def found(self, **settings):
        with override_settings(**settings):
            return "contact.W004" in {message.id for message in run_checks(include_deployment_checks=True)}

    def test_the_operator_is_told_that_browsers_need_https_for_it(self):
        assert self.found(PROOF_OF_WORK=1000, IS_HTTPS=False)
        assert not self.found(PROOF_OF_WORK=1000, IS_HTTPS=True)
        assert not self.found(PROOF_OF_WORK=0, IS_HTTPS=False)
