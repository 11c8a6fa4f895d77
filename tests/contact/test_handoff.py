from django.test import TestCase

from contact import handoff
from contact.models import DraftRequest
from tests.contact.customer import address, the_draft
from tests.factories import STEPS, make_flow, make_topic


class HandOffTests(TestCase):
    def setUp(self):
        self.topic = make_topic(key="parcel")
        steps = STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}}
        self.flow = make_flow("lost", steps)

    def hand_off(self, language="en", **responses):
        return self.client.get(address("contact_details", language), {"flow": "lost", **responses})

    def test_the_outcome_gives_the_topic_and_the_trail_is_prefilled(self):
        response = self.hand_off(start="yes", **{"try": "not-solved"})
        assert (response.status_code, response["Location"]) == (302, "/en/contact/details/")
        assert the_draft().topic == self.topic
        assert the_draft().tried == "Step start (en): Option yes (en)\nStep try (en): Still not solved"

    def test_the_trail_is_in_the_language_of_the_page(self):
        self.hand_off("es", start="yes", **{"try": "not-solved"})
        page = self.client.get(address("contact_details", "es"))
        assert page.context["form"]["tried"].value().startswith("Step start (es): Option yes (es)\n")

    def test_the_prefilled_text_follows_the_language_until_it_is_edited(self):
        self.hand_off("es", start="no")
        page = self.client.get(address("contact_details", "en"))
        assert page.context["form"]["tried"].value() == "Step start (en): Option no (en)"

    def test_the_browsers_word_is_not_taken(self):
        self.hand_off(start="invented", **{"try": "solved", "message": "<b>", "contact": "x"})
        assert the_draft().responses == {}
        assert the_draft().topic is None

    def test_from_a_step_on_the_way_the_topic_is_asked_and_the_trail_kept(self):
        response = self.hand_off(start="yes")
        assert response["Location"] == "/en/contact/"
        page = self.client.get(response["Location"])
        self.assertContains(page, "Flow lost (en)")
        self.client.post(response["Location"], {"topic": self.topic.key})
        assert the_draft().tried == "Step start (en): Option yes (en)"

    def test_from_a_step_on_the_way_the_topic_of_its_outcomes_is_chosen_already_and_said(self):
        make_topic(key="other")
        page = self.client.get(self.hand_off(start="yes")["Location"])
        assert (page.context["chosen"], the_draft().topic) == ("parcel", None)
        self.assertContains(page, "what it is probably about")
        self.assertContains(page, 'value="parcel" aria-describedby="answer-parcel" checked')
        assert self.client.get("/en/contact/?category=somewhere-else").context["chosen"] == ""
        DraftRequest.objects.update(flow_version=None)
        page = self.client.get("/en/contact/")
        assert page.context["chosen"] == ""
        self.assertNotContains(page, "what it is probably about")

    def test_topics_of_the_flows_category_come_first(self):
        make_topic(category=self.flow.category, key="near")
        page = self.client.get(self.hand_off(start="yes")["Location"])
        assert [topic.key for topic in page.context["form"].groups[0][1]] == ["near"]

    def test_a_flow_that_is_not_published_carries_nothing(self):
        make_flow("secret", published=False)
        for slug in ("secret", "unknown", "a\0b", ""):
            response = self.client.get("/en/contact/details/", {"flow": slug})
            assert response["Location"] == "/en/contact/"
        assert not DraftRequest.objects.exists()

    def test_coming_again_updates_the_trail_and_keeps_what_was_typed(self):
        self.hand_off(start="no")
        DraftRequest.objects.update(message="typed")
        self.hand_off(start="yes", **{"try": "could-not"})
        assert the_draft().message == "typed"
        assert the_draft().tried.endswith("I could not do this")

    def test_coming_again_keeps_what_was_edited(self):
        self.hand_off(start="no")
        DraftRequest.objects.update(tried="I asked the neighbours.")
        self.hand_off(start="yes", **{"try": "could-not"})
        assert the_draft().tried == "I asked the neighbours."

    def test_the_version_that_was_walked_is_told_even_when_another_is_published_since(self):
        self.hand_off(start="no")
        version = self.flow.make_draft()
        version.steps.filter(slug="start").update(title={"en": "Changed", "es": "Cambiado"})
        version.publish()
        assert handoff.trail(the_draft()).text == "Step start (en): Option no (en)"

    def test_a_flow_that_has_another_address_since_is_still_told(self):
        self.hand_off(start="no")
        self.flow.slug = "lost-parcel"
        self.flow.save()
        page = self.client.get(address("contact_details"))
        assert page.context["form"]["tried"].value() == "Step start (en): Option no (en)"
