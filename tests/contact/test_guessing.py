"""A5: guessing references, links and drafts reveals nothing: the same answer for right and wrong."""

from django.test import Client, TestCase

from tests.contact.customer import a_request, the_draft


class GuessingTests(TestCase):
    def setUp(self):
        self.owner = Client()
        self.sent = a_request(self.owner, message="Mine", email="ana@example.org")

    def answer(self, path, guess):
        """All that a stranger gets to see, without what they said themselves."""
        response = Client().get(path.format(guess))
        return (
            response.status_code,
            str(response.headers).replace(guess, ""),
            response.content.decode().replace(guess, ""),
        )

    def assert_same(self, path, right, wrong):
        assert self.answer(path, right) == self.answer(path, wrong)

    def test_a_reference_opens_nothing_whether_it_exists_or_not(self):
        for path in ("/en/contact/requests/{}/", "/es/contact/requests/{}/", "/en/contact/{}/", "/en/{}/"):
            self.assert_same(path, self.sent.reference, "7K3M-92XD")

    def test_an_id_without_its_signature_is_as_good_as_none(self):
        self.assert_same("/en/contact/requests/{}/", self.sent.pk.hex, "0" * 32)

    def test_a_reference_with_its_e_mail_address_opens_nothing_either(self):
        path = "/en/contact/requests/{}/?email=ana@example.org"
        self.assert_same(path, self.sent.reference, "7K3M-92XD")

    def test_a_reference_is_found_by_no_search(self):
        for guess in (self.sent.reference, "ana@example.org"):
            page = Client().get("/en/search/", {"q": guess})
            assert "Mine" not in page.content.decode()

    def test_the_request_of_a_draft_needs_the_whole_token(self):
        token = the_draft().token
        for guess in (token[:-1], token.upper(), str(self.sent.pk), self.sent.reference):
            stranger = Client()
            stranger.cookies["draft"] = guess
            assert stranger.get("/en/contact/check/").status_code == 404

    def test_the_real_link_and_the_real_token_do_open_it(self):
        self.assertContains(Client().get(self.sent.get_absolute_url()), "Mine")
        assert self.owner.get("/en/contact/check/")["Location"] == self.sent.get_absolute_url()
