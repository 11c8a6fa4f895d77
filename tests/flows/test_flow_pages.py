"""A flow's pages: where a customer is follows from the address alone."""

from django.test import TestCase

from flows.models import Flow
from tests.factories import FewerThan, both, make_article, make_fact, make_flow, make_topic, make_translation

STEPS = {
    "sold-by": {"options": {"us": "look", "other": "contact-seller"}},
    "look": {"kind": "try", "options": {"solved": "found", "not-solved": "when", "could-not": "when"}},
    "when": {"options": {"today": "found", "earlier": "contact-us"}},
    "found": {"kind": "outcome", "outcome": "solved"},
    "contact-us": {"kind": "outcome", "outcome": "contact"},
    "contact-seller": {"kind": "outcome", "outcome": "contact"},
}


class StartPageTests(TestCase):
    def test_says_what_it_solves_and_what_to_have_ready(self):
        topic = make_topic(details=["order-number"])
        steps = {
            "start": {"options": {"go": "end"}},
            "end": {"kind": "outcome", "outcome": "contact", "topic": topic},
        }
        make_flow("lost", steps, minutes=3)
        response = self.client.get("/en/resolve/lost/")
        self.assertContains(response, "Solves lost (en)")
        self.assertContains(response, "Detail order-number (en)")
        self.assertContains(response, "about 3 minutes")
        self.assertContains(response, 'href="/en/resolve/lost/?start=1"')
        self.assertContains(response, 'href="/en/contact/details/?flow=lost"')

    def test_what_it_solves_says_its_policy_facts(self):
        make_fact("patience", 7)
        Flow.objects.filter(pk=make_flow("lost").pk).update(summary=both("Wait {{ patience }} days."))
        response = self.client.get("/en/resolve/lost/")
        self.assertContains(response, "Wait 7 days. (en)", count=2)  # for search engines, too
        self.assertNotContains(response, "{{")

    def test_an_unpublished_one_does_not_exist(self):
        make_flow("lost", published=False)
        assert self.client.get("/en/resolve/lost/").status_code == 404
        assert self.client.get("/en/resolve/lost/start/").status_code == 404

    def test_in_a_language_without_all_labels_it_says_so_and_offers_the_others(self):
        flow = make_flow("lost")
        version = flow.published_version
        told = '<link rel="alternate" hreflang="es"'
        self.assertContains(self.client.get("/en/resolve/lost/"), told)
        type(version).objects.filter(pk=version.pk).update(languages=" en ")
        self.assertNotContains(self.client.get("/en/resolve/lost/"), told)
        response = self.client.get("/es/resolve/lost/start/")
        self.assertContains(response, 'href="/en/resolve/lost/"')
        self.assertContains(response, "noindex")
        assert list(Flow.objects.offered("es")) == []


class StepPageTests(TestCase):
    def setUp(self) -> None:
        self.flow = make_flow("lost", STEPS)

    def test_asks_with_nothing_chosen_yet(self):
        response = self.client.get("/en/resolve/lost/sold-by/")
        self.assertContains(response, "<legend><h1>Step sold-by (en)</h1></legend>", html=True)
        self.assertContains(response, 'type="radio"', count=2)
        self.assertNotContains(response, "checked")

    def test_an_answer_leads_to_the_next_step(self):
        response = self.client.get("/en/resolve/lost/sold-by/?sold-by=us&continue=1")
        self.assertRedirects(response, "/en/resolve/lost/look/?sold-by=us")

    def test_continue_without_an_answer_asks_for_one(self):
        response = self.client.get("/en/resolve/lost/look/?sold-by=us&continue=1")
        self.assertContains(response, "There is a problem")
        self.assertContains(response, "<title>Error: ")

    def test_shows_the_answers_with_links_to_change_each(self):
        response = self.client.get("/en/resolve/lost/when/?sold-by=us&look=could-not")
        self.assertContains(response, "I could not do this")
        self.assertContains(response, 'href="/en/resolve/lost/sold-by/?look=could-not&amp;was=us"')
        self.assertContains(response, 'href="/en/resolve/lost/look/?sold-by=us&amp;was=could-not"')

    def test_a_changed_answer_keeps_the_later_ones_that_still_hold(self):
        asked = self.client.get("/en/resolve/lost/sold-by/?look=could-not")
        self.assertContains(asked, '<input type="hidden" name="look" value="could-not">', html=True)
        changed = self.client.get("/en/resolve/lost/sold-by/?look=could-not&sold-by=us&continue=1")
        self.assertRedirects(changed, "/en/resolve/lost/when/?sold-by=us&look=could-not")

    def test_a_question_opened_again_has_its_answer_marked(self):
        response = self.client.get("/en/resolve/lost/sold-by/?was=other")
        self.assertContains(response, 'value="other" checked')
        self.assertContains(response, "checked", count=1)

    def test_the_language_switch_leaves_behind_what_only_this_visit_is_about(self):
        response = self.client.get("/en/resolve/lost/look/?sold-by=us&continue=1&moved=1&utm=x")
        self.assertContains(response, 'href="/es/resolve/lost/look/?sold-by=us"')

    def test_back_leads_to_the_step_before_and_from_the_first_to_the_start(self):
        second = self.client.get("/en/resolve/lost/look/?sold-by=us")
        self.assertContains(second, '<a href="/en/resolve/lost/sold-by/?was=us">Back</a>', html=True)
        first = self.client.get("/en/resolve/lost/sold-by/")
        self.assertContains(first, '<a href="/en/resolve/lost/">Back</a>', html=True)

    def test_the_hand_off_carries_every_answer(self):
        response = self.client.get("/en/resolve/lost/contact-us/?sold-by=us&look=could-not&when=earlier")
        carried = "/en/contact/details/?flow=lost&amp;sold-by=us&amp;look=could-not&amp;when=earlier"
        self.assertContains(response, f'class="button" href="{carried}"')

    def test_an_address_of_an_older_version_leads_to_the_last_step_that_holds_and_says_so(self):
        response = self.client.get("/en/resolve/lost/gone/?sold-by=us&look=gone", follow=True)
        assert response.redirect_chain == [("/en/resolve/lost/look/?sold-by=us&moved=1", 302)]
        self.assertContains(response, "does not fit the guide as it is now")

    def test_ten_thousand_parameters_are_refused_and_a_thousand_unknown_ones_ignored(self):
        many = "&".join(f"p{number}=x" for number in range(10_000))
        assert self.client.get(f"/en/resolve/lost/look/?{many}").status_code == 400
        some = "&".join(f"p{number}=x" for number in range(900))
        assert self.client.get(f"/en/resolve/lost/sold-by/?{some}").status_code == 200

    def test_a_hostile_address_costs_what_a_normal_one_costs(self):
        loops = "&".join("sold-by=us&look=not-solved" for _ in range(400))
        unknown = "&".join(f"s{number}=x" for number in range(900))
        for query in ("sold-by=us", loops, unknown, "sold-by=" + "us" * 3000, "sold-by=us&look.day=1&%00=%00"):
            with self.subTest(query[:40]), self.assertNumQueries(FewerThan(5)):
                self.client.get(f"/en/resolve/lost/look/?{query}")

    def test_every_step_has_a_link_to_keep_without_what_only_this_visit_is_about(self):
        page = self.client.get("/en/resolve/lost/look/?sold-by=us&moved=1&utm=x")
        self.assertContains(page, 'value="http://127.0.0.1:8000/en/resolve/lost/look/?sold-by=us" readonly')

    def test_costs_at_most_six_queries_however_long_the_flow_is(self):
        chain = {f"s{n}": {"options": {"go": f"s{n + 1}", "no": "end"}} for n in range(40)}
        make_flow("long", chain | {"s40": {"options": {"go": "end"}}, "end": STEPS["contact-us"]})
        walked = "&".join(f"s{n}=go" for n in range(40))
        with self.assertNumQueries(4):
            self.client.get(f"/en/resolve/long/s40/?{walked}")


class OutcomeTests(TestCase):
    def test_read_links_to_the_article_in_the_readers_language(self):
        article = make_article(key="hold")
        make_translation(article, "en", slug="hold", title="A hold on the card")
        steps = {
            "q": {"options": {"go": "read", "no": "contact"}},
            "read": {"kind": "outcome", "outcome": "read", "article": article},
            "contact": STEPS["contact-us"],
        }
        make_flow("charge", steps)
        english = self.client.get("/en/resolve/charge/read/?q=go")
        self.assertContains(
            english, '<a class="button" href="/en/articles/hold/">Read: A hold on the card</a>', html=True
        )
        spanish = self.client.get("/es/resolve/charge/read/?q=go")
        self.assertContains(spanish, 'href="/en/articles/hold/" hreflang="en"')

    def test_a_withdrawn_article_is_left_out(self):
        article = make_article(key="hold")
        make_translation(article, title="Canary", published=False)
        steps = {
            "q": {"options": {"go": "read", "no": "contact"}},
            "read": {"kind": "outcome", "outcome": "read", "article": article},
            "contact": STEPS["contact-us"],
        }
        make_flow("charge", steps)
        response = self.client.get("/en/resolve/charge/read/?q=go")
        assert response.status_code == 200
        self.assertNotContains(response, "Canary")


class VersionTests(TestCase):
    def test_a_draft_changes_nothing_for_customers_until_it_is_published(self):
        flow = make_flow("lost", STEPS)
        draft = flow.make_draft()
        step = draft.steps.get(slug="sold-by")
        step.title = both("Canary")
        step.save()
        self.assertNotContains(self.client.get("/en/resolve/lost/sold-by/"), "Canary")
        draft.publish()
        self.assertContains(self.client.get("/en/resolve/lost/sold-by/"), "Canary")

    def test_a_draft_is_a_copy_with_the_same_slugs(self):
        flow = make_flow("lost", STEPS)
        assert flow.make_draft().graph().is_same_as(flow.published_version.graph())
        assert flow.make_draft().pk == flow.draft_version.pk

    def test_a_withdrawn_flow_does_not_exist_for_customers(self):
        make_flow("lost").withdraw()
        assert self.client.get("/en/resolve/lost/").status_code == 404
