from datetime import date

from django.test import TestCase

from articles.brand import Brand
from contact.models import ContactRequest
from flows.models import Detail, Remedy, TopicDetail
from tests.contact.customer import choose_topic, fill_in, press_send, the_draft, typed
from tests.contact.uploads import OwnStorage, file
from tests.factories import both, make_topic


class DetailsTests(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        self.topic = make_topic(key="charge", details=["order-number"])
        for key, kind in (("charged-on", Detail.Kind.DATE), ("story", Detail.Kind.MULTILINE)):
            detail = Detail.objects.create(key=key, label=both(key.title()), kind=kind)
            TopicDetail.objects.create(topic=self.topic, detail=detail, is_required=False)
        self.topic.remedies.add(Remedy.objects.create(key="refund", label=both("Refund")))
        choose_topic(self.client, self.topic)

    def fill_in(self, **fields):
        return fill_in(self.client, self.topic, **{"detail-charged-on": "", "detail-story": ""} | fields)

    def test_what_is_missing_is_said_at_the_top_and_at_the_field(self):
        page = self.fill_in(message="", email="", **{"detail-order-number": " "})
        for words in (
            "Write what happened.",
            "Write your e-mail address.",
            "Detail order-number (en)” is missing",
        ):
            self.assertContains(page, words, count=2)
        self.assertContains(page, "<title>Error: ", html=False)

    def test_all_typed_text_is_there_after_an_error(self):
        page = self.fill_in(
            email="ana@",
            name="Ana",
            message="Long\r\ntext",
            tried="Much",
            remedy="refund",
            **{"detail-story": "S"},
        )
        for words in ('value="ana@"', 'value="Ana"', "Long\ntext", ">\nMuch", 'value="My order-number"'):
            self.assertContains(page, words)
        self.assertContains(page, 'value="refund" id="id_remedy_0" checked')

    def test_enter_in_a_field_is_continue_however_many_languages_there_are(self):
        self.fill_in()
        self.client.post("/en/contact/files/", {"topic": "charge", "files": file("log.txt", b"All is well")})
        for languages_off in ([], ["es"]):
            Brand(languages_off=languages_off).save()
            html = self.client.get("/en/contact/details/", {"kept": "message"}).content.decode()
            inside, before = html.index('id="details"'), html.index('<button form="details"')
            assert before < inside
            first = html[before : html.index(">", before)]
            assert "name=" not in first and ("español" in html.lower()) == (not languages_off)

    def test_all_typed_text_is_saved_despite_the_error(self):
        self.fill_in(email="ana@", message="Typed", **{"detail-charged-on": "soon", "detail-order-number": ""})
        draft = the_draft()
        assert (draft.email, draft.message, draft.details["charged-on"]) == ("ana@", "Typed", "soon")
        assert self.client.get("/en/contact/check/")["Location"] == "/en/contact/details/"

    def test_a_date_is_taken_as_picked_and_as_written(self):
        for given in ("2026-05-03", "3/5/2026", "03.05.26"):
            self.fill_in(**{"detail-charged-on": given})
            self.assertContains(self.client.get("/en/contact/check/"), "3 May 2026")
            page = self.client.get("/en/contact/details/")
            self.assertContains(page, 'type="date" name="detail-charged-on" value="2026-05-03"')

    def test_what_is_no_date_stays_readable(self):
        page = self.fill_in(**{"detail-charged-on": "last Monday"})
        self.assertContains(page, "Write “Charged-On (en)” as a date", count=2)
        self.assertContains(page, 'type="text" name="detail-charged-on" value="last Monday"')

    def test_a_long_address_is_taken_and_a_longer_one_is_not(self):
        domain = ".".join(["a" * 60] * 3)
        longest = f"{'a' * 64}@{domain}.example"
        assert len(longest) == 255
        self.assertContains(self.fill_in(email=longest), "Shorten it to 254")
        assert self.fill_in(email=longest[1:])["Location"] == "/en/contact/check/"
        press_send(self.client)
        assert ContactRequest.objects.get().email == longest[1:]

    def test_impossible_addresses_are_refused(self):
        for email in ("ana", "ana@", "a b@example.org", "ana@example.org, x@example.org", f"ana@{'ñ' * 63}.es"):
            self.assertContains(self.fill_in(email=email), "like name@example.com", count=2)

    def test_an_address_in_another_alphabet_is_taken(self):
        self.fill_in(email="ana@españa.es")
        press_send(self.client)
        sent = ContactRequest.objects.get()
        assert sent.email == "ana@españa.es"
        assert sent.deliveries.filter(recipient="ana@xn--espaa-rta.es").exists()

    def test_a_very_long_message_is_refused_in_a_clear_sentence_and_kept(self):
        page = self.fill_in(message="x" * 10_001)
        self.assertContains(page, "This text has 10001 characters. Shorten it to 10000.", count=2)
        self.assertContains(page, "x" * 10_001)
        assert self.fill_in(message="x" * 10_000)["Location"] == "/en/contact/check/"

    def test_the_browser_is_not_told_to_cut_what_is_pasted(self):
        page = self.client.get("/en/contact/details/").content.decode()
        assert "maxlength" not in page.partition("<main")[2]

    def test_a_remedy_of_another_topic_is_refused(self):
        Remedy.objects.create(key="other", label=both("Other"))
        page = self.fill_in(remedy="other")
        self.assertNotContains(page, 'value="other"')
        assert the_draft().remedy is None

    def test_what_is_wrong_has_an_address_of_its_own(self):
        """Back from a later page to an answered form is an error page in browsers."""
        fields = typed(self.topic, email="ana@")
        response = self.client.post("/en/contact/details/", fields)
        self.assertRedirects(response, "/en/contact/details/?check=1")
        self.assertContains(self.client.get(response["Location"]), "There is a problem")
        self.assertNotContains(self.client.get("/en/contact/details/"), "There is a problem")

    def test_leaving_the_remedy_to_us_is_an_answer(self):
        self.fill_in(remedy="")
        self.assertContains(self.client.get("/en/contact/check/"), "I leave that to you")

    def test_no_remedy_is_asked_where_the_topic_has_none(self):
        self.topic.remedies.clear()
        assert "remedy" not in self.client.get("/en/contact/details/").context["form"].fields
        assert self.fill_in()["Location"] == "/en/contact/check/"

    def test_optional_details_may_be_empty(self):
        self.fill_in()
        page = self.client.get("/en/contact/check/")
        self.assertContains(page, "Not given")
        press_send(self.client)
        assert ContactRequest.objects.get().details[1]["value"] == ""

    def test_several_lines_stay_several_lines(self):
        self.fill_in(**{"detail-story": "one\r\ntwo"})
        press_send(self.client)
        assert ContactRequest.objects.get().details[2]["value"] == "one\ntwo"

    def test_a_date_is_stored_in_the_words_that_were_shown(self):
        self.fill_in(**{"detail-charged-on": str(date(2026, 5, 3))})
        press_send(self.client)
        assert ContactRequest.objects.get().details[1]["value"] == "3 May 2026"

    def test_a_topic_that_is_gone_is_asked_again_and_the_text_kept(self):
        fields = typed(self.topic, message="Kept")
        TopicDetail.objects.all().delete()
        self.topic.delete()
        response = self.client.post("/en/contact/details/", fields | {"topic": "gone"})
        assert response["Location"] == "/en/contact/"


class SecondPassTests(TestCase):
    """What is left empty the second time takes nothing back; removing is an act of its own."""

    def setUp(self):
        self.topic = make_topic(key="charge", details=["order-number"])
        detail = Detail.objects.create(key="story", label=both("Story"), kind=Detail.Kind.MULTILINE)
        TopicDetail.objects.create(topic=self.topic, detail=detail, is_required=False)
        self.topic.remedies.add(Remedy.objects.create(key="refund", label=both("Refund")))
        choose_topic(self.client, self.topic)
        self.post(**{"detail-story": "A long one"}, name="Ana", remedy="refund")

    def post(self, **fields):
        return self.client.post("/en/contact/details/", typed(self.topic, **fields))

    def test_a_blank_erases_nothing_and_the_check_page_says_so(self):
        blank = {"detail-order-number": "", "detail-story": " ", "message": "", "email": "", "name": ""}
        gone_on = self.post(**blank)["Location"]
        draft = the_draft()
        assert draft.details == {"order-number": "My order-number", "story": "A long one"}
        assert draft.message and draft.email and draft.name == "Ana"
        page = self.client.get(gone_on)
        self.assertContains(page, "What you left empty is still there")
        self.assertContains(page, "<q>A long one</q>")
        self.assertContains(page, 'name="remove-text" value="detail-story"')

    def test_one_click_removes_it_and_nothing_else(self):
        self.client.post(
            "/en/contact/details/",
            {"draft": the_draft().token, "topic": "charge", "remove-text": "detail-story"},
        )
        draft = the_draft()
        assert draft.details == {"order-number": "My order-number", "story": ""}
        assert (draft.name, draft.remedy.key) == ("Ana", "refund") and draft.message

    def test_what_cannot_be_missing_is_asked_for_once_it_is_removed(self):
        page = self.client.post(
            "/en/contact/details/",
            {"draft": the_draft().token, "topic": "charge", "remove-text": "detail-order-number"},
            follow=True,
        )
        self.assertContains(page, "Detail order-number (en)” is missing")
        assert the_draft().details["order-number"] == ""

    def test_the_form_of_an_error_says_what_is_still_there(self):
        page = self.client.get(self.post(email="ana@", **{"detail-story": ""})["Location"])
        self.assertContains(page, "What you left empty is still there")
        self.assertContains(page, 'form="details" class="as-link" name="remove-text" value="detail-story"')

    def test_an_address_with_strange_names_says_nothing(self):
        page = self.client.get("/en/contact/check/?kept=remedy&kept=csrfmiddlewaretoken&kept=%00&kept=detail-x")
        self.assertNotContains(page, "is still there")

    def test_what_is_kept_while_typing_takes_nothing_back(self):
        self.client.post("/en/contact/save/", typed(self.topic, **{"detail-story": ""}))
        assert the_draft().details["story"] == "A long one"
