"""U2: who gets a file, and how: agents, its owner and the holder of the request's link; everybody else 404."""

from django.contrib.auth import get_user_model
from django.test import Client, TestCase

from contact.attachment import Attachment
from contact.models import ContactRequest
from contact.storage import attachments
from tests.contact.customer import a_request, choose_topic, fill_in, press_send
from tests.contact.uploads import OwnStorage, content_of, file, pdf, upload
from tests.factories import make_staff, make_topic

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


def status(client, place):
    response = client.get(place)
    content_of(response)
    return response.status_code


class AccessTests(OwnStorage, TestCase):
    def setUp(self):
        super().setUp()
        self.topic = make_topic(details=["order-number"])
        choose_topic(self.client, self.topic)
        upload(self.client, file("Mañana.jpg"))

    def send(self):
        fill_in(self.client, self.topic)
        self.receipt = press_send(self.client)["Location"]
        return ContactRequest.objects.get()

    @property
    def pk(self):
        return Attachment.objects.get().pk

    def visitors(self):
        """Everybody who is neither an agent nor the owner."""
        users = get_user_model().objects
        yield "nobody", Client()
        other = Client()
        choose_topic(other, self.topic)
        yield "another customer", other
        for name, user in {
            "author": make_staff("author"),
            "editor": make_staff("editor"),
            "translator": make_staff("translator-es"),
            "staff without a group": users.create_user("plain", is_staff=True),
            "no staff": users.create_user("customer"),
            "agent who has left": self.agent(is_active=False),
        }.items():
            client = Client()
            client.force_login(user)
            yield name, client

    def agent(self, **fields):
        user = make_staff("agent")
        type(user).objects.filter(pk=user.pk).update(**fields or {"is_active": True})
        return user

    def agents_client(self):
        client = Client()
        client.force_login(self.agent())
        return client

    def places(self, sent):
        desk = f"/admin/contact/contactrequest/{sent.pk}/files/{self.pk}/"
        return [f"/en/contact/files/{self.pk}/", f"/es/contact/files/{self.pk}/", desk, f"{desk}thumbnail/"]

    def test_addresses(self):
        sent = self.send()
        assert status(self.client, f"/en/contact/files/{self.pk}/") == 200
        assert status(Client(), f"{self.receipt}files/{self.pk}/") == 200
        assert status(self.agents_client(), self.places(sent)[2]) == 200

    def test_nobody_else_gets_it_or_hears_that_it_is_there(self):
        before = f"/en/contact/files/{self.pk}/"
        asked = 0
        for name, client in self.visitors():
            assert client.get(before).status_code == 404, name
            asked += 1
        sent = self.send()
        for name, client in (("nobody", Client()), ("editor", self.as_editor())):
            for place in self.places(sent):
                for method in (client.get, client.head, client.post):
                    assert method(place).status_code in (404, 405), (name, place)
                    asked += 1
        assert asked > 20

    def as_editor(self):
        client = Client()
        client.force_login(make_staff("editor"))
        return client

    def test_the_link_of_one_request_opens_no_file_of_another(self):
        self.send()
        other = a_request()
        assert Client().get(f"{other.get_absolute_url()}files/{self.pk}/").status_code == 404
        forged = self.receipt.replace(self.receipt.rstrip("/")[-1], "x")
        assert Client().get(f"{forged}files/{self.pk}/").status_code == 404

    def test_an_agent_gets_no_file_of_a_draft_nor_one_under_another_request(self):
        other = a_request()
        place = f"/admin/contact/contactrequest/{other.pk}/files/{self.pk}/"
        assert self.agents_client().get(place).status_code == 404

    def test_it_is_saved_never_shown(self):
        sent = self.send()
        for client, place in (
            (self.client, f"/en/contact/files/{self.pk}/"),
            (Client(), f"{self.receipt}files/{self.pk}/"),
            (self.agents_client(), self.places(sent)[2]),
        ):
            response = client.get(place)
            assert response["Content-Disposition"] == "attachment; filename*=utf-8''Ma%C3%B1ana.jpg"
            assert response["Content-Type"] == "image/jpeg"
            for header, value in HEADERS.items():
                if header != "X-Robots-Tag" or "admin" not in place:
                    assert response[header] == value, header
            assert content_of(response)[:2] == b"\xff\xd8"
            assert not response.cookies

    def test_what_the_storage_has_lost_is_not_found(self):
        desk = self.places(self.send())[2:]
        attachments().delete(Attachment.objects.get(pk=self.pk).path)
        assert [status(self.agents_client(), place) for place in desk] == [404, 404]

    def test_a_thumbnail_is_a_small_picture_and_only_of_pictures(self):
        sent = self.send()
        agent = self.agents_client()
        page = agent.get(f"/admin/contact/contactrequest/{sent.pk}/change/")
        self.assertContains(page, self.places(sent)[3])
        response = agent.get(self.places(sent)[3])
        assert response["Content-Type"] == "image/jpeg" and response["Cache-Control"] == "no-store"
        Attachment.objects.update(kind="application/pdf")
        assert agent.get(self.places(sent)[3]).status_code == 404

    def test_one_whose_bytes_are_lost_is_not_found(self):
        self.send()
        Attachment.objects.update(sha256="0" * 64)
        assert self.client.get(f"/en/contact/files/{self.pk}/").status_code == 404

    def test_a_pdf_is_saved_too(self):
        Attachment.objects.all().delete()
        upload(self.client, file("bill.pdf", pdf()))
        response = self.client.get(f"/en/contact/files/{self.pk}/")
        assert content_of(response).startswith(b"%PDF-")
        assert response["Content-Disposition"] == 'attachment; filename="bill.pdf"'
