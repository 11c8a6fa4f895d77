from django.core import signing
from django.test import TestCase

from tests.contact.customer import a_request


class ReceiptTests(TestCase):
    def setUp(self):
        self.sent = a_request(message="Mine")
        self.link = self.sent.get_absolute_url()

    def test_opens_for_whoever_holds_the_link(self):
        page = self.client_class().get(self.link)
        self.assertContains(page, "Mine")
        assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
        assert not page.cookies

    def test_a_changed_link_is_not_found_like_an_unknown_one(self):
        signed = self.link.rstrip("/").rpartition("/")[2]
        pk, _dot, signature = signed.partition(".")
        unknown = signing.Signer(salt="contact.receipt", sep=".").sign("0" * 32)
        other_salt = signing.Signer(salt="other", sep=".").sign(pk)
        tampered = (
            pk,
            f"{pk}.",
            f"{pk[:-1]}{'1' if pk[-1] == '0' else '0'}.{signature}",
            f"{pk}.{signature[:-1]}",
            self.sent.reference,
        )
        links = (*tampered, unknown, other_salt, "x.y")
        pages = [self.client.get(f"/en/contact/requests/{link}/") for link in links]
        assert {page.status_code for page in pages} == {404}
        # The language switch repeats the address that was asked for, and nothing else differs.
        texts = {page.content.decode().replace(link, "") for link, page in zip(links, pages, strict=True)}
        assert len(texts) == 1

    def test_has_neither_reference_nor_address_in_it(self):
        assert self.sent.reference not in self.link
        assert "example" not in self.link

    def test_opens_in_the_other_language(self):
        self.assertContains(self.client.get(self.link.replace("/en/", "/es/")), 'lang="en">Mine')
