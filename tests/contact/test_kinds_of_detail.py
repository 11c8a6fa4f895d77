"""Each kind of detail: what is taken, and the sentence for what is not."""

from django.test import SimpleTestCase, TestCase

from articles.models import Image
from contact.models import DraftRequest
from contact.typed import is_amount
from flows import masks
from flows.models import Detail, DetailChoice, Remedy, Topic, TopicDetail
from tests.contact.customer import choose_topic, fill_in
from tests.factories import both, make_article, make_topic, make_translation


class KindsTests(TestCase):
    def setUp(self) -> None:
        self.topic = make_topic("any")
        choose_topic(self.client, self.topic)

    def add(self, key: str, kind: str, **fields: object) -> Detail:
        detail = Detail.objects.create(key=key, label=both(key.title()), kind=kind, **fields)
        TopicDetail.objects.create(topic=self.topic, detail=detail, is_required=False)
        return detail

    def given(self, key: str, value: str) -> str:
        """What the customer sees after giving the value: the mistake, or the value on the check page."""
        page = fill_in(self.client, self.topic, **{f"detail-{key}": value})
        if page.status_code == 302:
            page = self.client.get("/en/contact/check/")
        return page.content.decode()

    def test_a_number_has_its_form_with_or_without_spaces(self):
        self.add("order", "text", forms="999-9999999", sentence=both("Ten digits."))
        for number in ("123-4567890", "1234567890", "123 456 7890"):
            assert "<title>Error" not in self.given("order", number), number
        page = self.given("order", "12-345")
        assert "Ten digits. (en)" in page
        assert 'value="12-345"' in page

    def test_what_no_database_stores_is_in_no_draft(self):
        self.add("method", "choice")
        self.given("method", "ca\0rd")
        assert DraftRequest.objects.get().details == {"method": "card"}
        Topic.objects.all().delete()
        self.client.post("/en/contact/details/", {"detail-me\0thod": "ca\0sh"})
        assert DraftRequest.objects.get().details == {"method": "cash"}

    def test_without_a_sentence_an_example_is_made(self):
        self.add("serial", "text", forms="AA-9999, XXXXXXXX")
        assert "Write “Serial (en)” like AB-4567." in self.given("serial", "7")

    def test_words_instead_of_a_number_are_let_through(self):
        self.add("order", "text", forms="999-9999999")
        self.add("sum", "amount")
        assert "I cannot find it" in self.given("order", "I cannot find it")
        assert "<title>Error" not in self.given("sum", "I do not know")

    def test_a_sum_stays_as_it_was_typed(self):
        self.add("sum", "amount")
        assert "9,99 €" in self.given("sum", "9,99 €")
        assert "as a sum, for example 9.99." in self.given("sum", "9.9.9.9")

    def test_an_address_is_an_address(self):
        self.add("account", "email")
        assert "like name@example.com" in self.given("account", "ana@")
        assert "ana@example.org" in self.given("account", "ana@example.org")

    def test_a_choice_that_is_optional_says_so_as_any_field(self):
        detail = self.add("paid", "choice")
        DetailChoice.objects.create(detail=detail, key="card", label=both("Card"))
        optional = 'Paid (en) <span class="optional">(optional)</span></legend>'
        self.assertContains(self.client.get("/en/contact/details/"), optional)
        self.topic.topic_details.update(is_required=True)
        self.assertContains(self.client.get("/en/contact/details/"), "Paid (en)</legend>")

    def test_a_choice_is_by_kind_and_read_in_words(self):
        detail = self.add("paid", "choice")
        for key in ("card", "cash"):
            DetailChoice.objects.create(detail=detail, key=key, label=both(f"By {key}"))
        page = self.client.get("/en/contact/details/").content.decode()
        assert page.count('name="detail-paid"') == 2
        assert "By card (en)" in self.given("paid", "card")
        assert "Choose one of the answers" in self.given("paid", "4111 1111 1111 1111")

    def test_a_picture_shows_where_to_find_it(self):
        picture = Image.objects.create(name="back.png", sha256="0" * 64, extension="png", width=40, height=30)
        self.add("serial", "text", picture=picture)
        page = self.client.get("/en/contact/details/")
        self.assertContains(page, 'alt="Where to find it: Serial (en)" width="40" height="30"')


class PolicyTests(TestCase):
    def test_a_remedy_links_to_its_policy_while_readers_may_see_it(self):
        article = make_article(key="refunds")
        text = make_translation(article, "en", slug="refunds", title="When we refund")
        topic = make_topic("any")
        topic.remedies.add(Remedy.objects.create(key="refund", label=both("Refund"), article=article))
        choose_topic(self.client, topic)
        self.assertContains(self.client.get("/en/contact/details/"), "Conditions: When we refund")
        type(text).objects.update(published_at=None)
        page = self.client.get("/en/contact/details/")
        self.assertContains(page, "Refund (en)")
        self.assertNotContains(page, "Conditions")


class FormsTests(SimpleTestCase):
    def test_the_example_has_the_form_itself(self):
        for forms in ("999-9999999", "AA 99", "XXXXXXXXXXXX", "ES-9", "A9X, 9"):
            assert masks.fits(masks.example(forms), forms), forms

    def test_other_numbers_do_not_fit(self):
        for text in ("", "123-456789", "123-45678901", "12a-4567890"):
            assert not masks.fits(text, "999-9999999"), text

    def test_sums_as_people_write_them(self):
        for text in ("9", "9.99", "9,99 €", "€9.99", "EUR 1.234,50", "1 234,50 euros", "-12", "USD12"):
            assert is_amount(text), text
        for text in ("", "a lot", "9.9.9", "9,999,99 or so", "4111111111111111"):
            assert not is_amount(text), text
