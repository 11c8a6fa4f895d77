"""What readers see of categories and articles, in both languages."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from articles.models import ServiceNotice
from tests.factories import (
    FewerThan,
    both,
    make_article,
    make_category,
    make_fact,
    make_flow,
    make_topic,
    make_translation,
)


class ArticlePageTests(TestCase):
    def test_shows_the_question_and_the_answer(self):
        make_translation(title="How do I return it?", slug="how-to-return", body="Within 30 days.\n\n## Steps")
        response = self.client.get("/en/articles/how-to-return/")
        self.assertContains(response, "<h1>How do I return it?</h1>", html=True)
        self.assertContains(response, "<p>Within 30 days.</p>", html=True)

    def test_the_language_switch_leads_to_the_translation(self):
        article = make_article()
        make_translation(article, "en", slug="refund")
        make_translation(article, "es", slug="reembolso")
        self.assertContains(self.client.get("/en/articles/refund/"), 'href="/es/articles/reembolso/"')

    def test_a_slug_of_the_other_language_redirects_to_its_translation(self):
        article = make_article()
        make_translation(article, "en", slug="refund")
        make_translation(article, "es", slug="reembolso")
        self.assertRedirects(self.client.get("/es/articles/refund/"), "/es/articles/reembolso/")

    def test_without_a_translation_the_page_says_so_and_offers_the_original(self):
        make_translation(language="en", slug="refund", title="Where is my refund?")
        response = self.client.get("/es/articles/refund/")
        self.assertContains(response, "Where is my refund?")
        self.assertContains(response, '<meta name="robots" content="noindex">')
        self.assertContains(response, 'href="/en/articles/refund/"')

    def test_tells_programs_of_the_languages_it_is_written_in(self):
        translation = make_translation(language="en")
        told = '<link rel="alternate" hreflang="'
        alone = self.client.get(translation.get_absolute_url()).content.decode()
        assert [part[:2] for part in alone.split(told)[1:]] == ["en"]
        make_translation(translation.article, "es")
        page = self.client.get(translation.get_absolute_url()).content.decode()
        assert [part[:2] for part in page.split(told)[1:]] == ["en", "es"]

    def test_offers_contents_from_three_headings_on(self):
        make_translation(slug="two", body="x\n\n## A\n\n## B")
        make_translation(slug="three", body="x\n\n## A\n\n## B\n\n## C")
        self.assertNotContains(self.client.get("/en/articles/two/"), "On this page")
        self.assertContains(self.client.get("/en/articles/three/"), '<a href="#s-c">C</a>')

    def test_contact_carries_the_article(self):
        make_translation(make_article(key="late"), slug="late")
        self.assertContains(self.client.get("/en/articles/late/"), "/en/contact/?article=late")

    def test_sets_no_cookie_and_does_not_vary_by_it(self):
        make_translation(slug="a")
        for address in ("/en/", "/en/articles/a/", "/en/nothing/"):
            response = self.client.get(address)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")


class OldAddressTests(TestCase):
    def test_a_changed_slug_leaves_a_redirect(self):
        translation = make_translation(slug="old")
        translation.slug = "new"
        translation.save()
        self.assertRedirects(self.client.get("/en/articles/old/"), "/en/articles/new/", status_code=301)

    def test_it_is_not_found_while_its_target_is_hidden(self):
        translation = make_translation(slug="old")
        translation.slug, translation.withdrawn_at = "new", timezone.now()
        translation.save()
        assert self.client.get("/en/articles/old/").status_code == 404

    def test_changing_it_back_and_forth_makes_no_loop(self):
        translation = make_translation(slug="a")
        for slug in ("b", "a", "c", "a"):
            translation.slug = slug
            translation.save()
        assert self.client.get("/en/articles/a/").status_code == 200
        for old in ("b", "c"):
            self.assertRedirects(self.client.get(f"/en/articles/{old}/"), "/en/articles/a/", status_code=301)


class HiddenTests(TestCase):
    """Never published, not yet, no longer: for readers they do not exist."""

    def setUp(self) -> None:
        now = timezone.now()
        moments = {
            "draft": (None, None),
            "scheduled": (now + timedelta(hours=1), None),
            "withdrawn": (now - timedelta(days=2), now - timedelta(days=1)),
        }
        self.category = make_category(slug="orders")
        for name, (published_at, withdrawn_at) in moments.items():
            article = make_article(key=name, category=self.category, is_featured=True)
            for language in ("en", "es"):
                make_translation(
                    article,
                    language,
                    slug=f"{name}-{language}",
                    title=f"Canary {name}",
                    summary=f"Canary {name}",
                    body=f"Canary {name}",
                    keywords=f"Canary {name}",
                    published_at=published_at,
                    withdrawn_at=withdrawn_at,
                )
        visible = make_article(category=self.category)
        make_translation(visible, slug="visible", body="[x](article:draft) [x](article:withdrawn)")

    def test_no_page_shows_them(self):
        for address in (
            "/en/",
            "/es/",
            "/en/categories/orders/",
            "/es/categories/orders/",
            "/en/articles/visible/",
        ):
            with self.subTest(address=address):
                response = self.client.get(address)
                assert response.status_code == 200
                self.assertNotContains(response, "Canary")

    def test_their_addresses_lead_nowhere(self):
        for name in ("draft", "scheduled", "withdrawn"):
            for language in ("en", "es"):
                for shown_in in ("en", "es"):
                    response = self.client.get(f"/{shown_in}/articles/{name}-{language}/")
                    assert response.status_code == 404
                    assert b"Canary" not in response.content

    def test_no_count_includes_them(self):
        self.assertContains(self.client.get("/en/"), "1 answer<")


class CategoryPageTests(TestCase):
    def test_shows_its_flows_first_then_its_answers_and_those_below(self):
        orders = make_category(slug="orders")
        below = make_category(slug="damaged", parent=orders)
        make_flow("lost-parcel", category=orders)
        make_translation(make_article(category=below), title="It came broken")
        content = self.client.get("/en/categories/orders/").content.decode()
        assert content.index("Flow lost-parcel (en)") < content.index("It came broken")

    def test_its_search_looks_in_it(self):
        make_category(slug="orders", name={"en": "Orders", "es": "Pedidos"})
        response = self.client.get("/es/categories/orders/")
        self.assertContains(response, '<input type="hidden" name="category" value="orders">', html=True)
        self.assertContains(response, "Busca en «Pedidos»")

    def test_fills_facts_into_summaries(self):
        make_fact("return_days", 30)
        article = make_article(category=make_category(slug="returns"))
        make_translation(article, summary="You have {{ return_days }} days.")
        self.assertContains(self.client.get("/en/categories/returns/"), "You have 30 days.")

    def test_costs_the_same_queries_with_two_answers_and_with_thirty(self):
        category = make_category(slug="orders")
        counts = []
        for number in (2, 28):
            for _ in range(number):
                make_translation(make_article(category=category))
            with self.assertNumQueries(FewerThan(12)) as queries:
                self.client.get("/en/categories/orders/")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class NoticeTests(TestCase):
    def test_shows_on_its_category_from_until(self):
        category = make_category(slug="orders")
        now = timezone.now()
        hour = timedelta(hours=1)
        for words, start, end in (("now", -hour, hour), ("over", -2 * hour, -hour), ("later", hour, None)):
            ServiceNotice.objects.create(
                message=both(f"Notice {words}"),
                category=category,
                starts_at=now + start,
                ends_at=end and now + end,
            )
        response = self.client.get("/en/categories/orders/")
        self.assertContains(response, "Notice now (en)")
        self.assertNotContains(response, "Notice over")
        self.assertNotContains(response, "Notice later")


class HomePageTests(TestCase):
    def test_costs_the_same_queries_however_much_there_is(self):
        counts = []
        for _ in range(2):
            for _ in range(5):
                make_translation(make_article(is_featured=True))
                make_flow()
            with self.assertNumQueries(FewerThan(8)) as queries:
                self.client.get("/en/")
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_the_root_follows_the_browsers_language(self):
        for header, language in (("es-MX,es;q=0.9", "es"), ("en-GB", "en"), ("fr", "en")):
            response = self.client.get("/", headers={"Accept-Language": header})
            self.assertRedirects(response, f"/{language}/", fetch_redirect_response=False)

    def test_a_topic_alone_shows_nowhere(self):
        make_topic(key="lonely")
        self.assertNotContains(self.client.get("/en/"), "lonely")
