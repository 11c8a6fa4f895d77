"""Urgent steps: what to do this minute, then the fastest way to a person, and no further questions."""

from django.test import TestCase

from contact.models import DraftRequest
from tests.factories import both, make_flow, make_topic


class UrgentTests(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("account-safety", answer_days=1)
        steps = {
            "who": {"options": {"stranger": "now", "me": "fine"}},
            "now": {
                "kind": "outcome",
                "outcome": "contact",
                "topic": self.topic,
                "is_urgent": True,
                "body": both("Sign out everywhere"),
            },
            "fine": {"kind": "outcome", "outcome": "solved"},
        }
        make_flow("account", steps)

    def test_says_what_to_do_then_leads_to_the_fastest_way(self):
        page = self.client.get("/en/resolve/account/now/?who=stranger")
        self.assertContains(page, "Sign out everywhere (en)")
        self.assertContains(page, 'class="button" href="/en/contact/?urgent=account&amp;who=stranger"')

    def test_the_topic_is_known_and_no_further_question_asked(self):
        page = self.client.get("/en/contact/?urgent=account&who=stranger")
        self.assertNotContains(page, 'type="radio"')
        self.assertContains(page, "Topic account-safety (en)")
        self.assertContains(page, "within 1 working day")
        self.assertContains(page, 'href="/en/contact/details/"')
        self.assertContains(page, 'href="mailto:')
        draft = DraftRequest.objects.get()
        assert draft.topic == self.topic
        assert draft.responses == {"who": "stranger"}
        assert self.client.get("/en/contact/details/").status_code == 200

    def test_without_such_a_flow_or_without_its_topic_it_is_the_usual_contact(self):
        self.assertRedirects(self.client.get("/en/contact/?urgent=nothing"), "/en/contact/")
        self.assertRedirects(self.client.get("/en/contact/?urgent=account"), "/en/contact/")

    def test_the_page_is_private(self):
        assert "no-store" in self.client.get("/en/contact/?urgent=account&who=stranger")["Cache-Control"]
