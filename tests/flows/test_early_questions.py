"""A question right after “too early” says from when to contact us, and asks all the same."""

from django.test import TestCase

from tests.factories import make_flow
from tests.flows.test_date_steps import STEPS, at


class EarlyQuestionTests(TestCase):
    def test_has_the_moment_above_and_its_question(self):
        steps = STEPS | {"patience": {"options": {"wait": "contact-us", "cannot": "contact-us"}}}
        make_flow("lost", steps)
        with at(2026, 5, 12, 11, 0):
            page = self.client.get("/en/resolve/lost/patience/?when=2026-05-12T10:00")
        self.assertContains(page, "Thursday 14 May at 10:00")
        self.assertContains(page, 'type="radio"', count=2)
        self.assertNotContains(page, "Until then")
