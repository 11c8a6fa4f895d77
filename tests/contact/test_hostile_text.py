from django.contrib.auth import get_user_model
from django.test import TestCase

from contact.models import ContactRequest
from tests.contact.customer import choose_topic, fill_in, hidden
from tests.factories import STEPS, both, make_article, make_flow, make_topic, make_translation

HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'{{ 7 }}"
RAW = ("<script>alert", "<img src=x", "onerror=alert(1)>'")
FIELDS = ("message", "tried", "name", "detail-order-number")


class HostileTextTests(TestCase):
    """Short form of X3: hostile words from customers and in labels, on every page that shows them."""

    def setUp(self):
        self.topic = make_topic(details=["order-number"], name=both(HOSTILE))
        self.topic.category.name = both(HOSTILE)
        self.topic.category.save()
        self.topic.details.update(label={"en": HOSTILE}, hint={"en": HOSTILE})
        make_translation(make_article(key="hostile"), title=HOSTILE)
        flow = make_flow(
            "lost", STEPS | {"contact": STEPS["contact"] | {"topic": self.topic}}, title=both(HOSTILE)
        )
        self.client.post("/en/contact/from-search/", {"search": HOSTILE})
        self.client.get("/en/contact/details/", {"flow": flow.slug, "start": "no"})

    def assert_escaped(self, page):
        text = page.content.decode()
        assert "&lt;script&gt;alert(1)" in text
        for raw in RAW:
            assert raw not in text

    def test_is_text_on_every_page(self):
        self.assert_escaped(self.client.get("/en/contact/?article=hostile"))
        choose_topic(self.client, self.topic, article="hostile")
        typed = dict.fromkeys(FIELDS, HOSTILE)
        self.assert_escaped(fill_in(self.client, self.topic, **typed, email=HOSTILE))
        fill_in(self.client, self.topic, **typed)
        self.assert_escaped(self.client.get("/en/contact/details/"))
        check = self.client.get("/en/contact/check/")
        self.assert_escaped(check)
        self.assert_escaped(self.client.get(self.client.post("/en/contact/check/", hidden(check))["Location"]))
        fill_in(self.client, self.topic, draft=check.context["draft"].token, message=f"{HOSTILE} again")
        again = hidden(self.client.get("/en/contact/check/"))
        self.assert_escaped(self.client.post("/en/contact/check/", again, follow=True))
        self.assert_escaped_in_the_admin(ContactRequest.objects.get())

    def assert_escaped_in_the_admin(self, sent):
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        for address in (
            "/admin/contact/contactrequest/",
            f"/admin/contact/contactrequest/{sent.pk}/change/",
            "/admin/contact/delivery/",
            f"/admin/contact/delivery/{sent.deliveries.first().pk}/change/",
        ):
            self.assert_escaped(self.client.get(address))

    def test_the_control_would_see_it(self):
        page = self.client.get("/en/contact/")
        page.content = f"&lt;script&gt;alert(1) {HOSTILE}"
        with self.assertRaises(AssertionError):
            self.assert_escaped(page)
