from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contact.delivery import State
from contact.models import ContactRequest, Delivery
from tests.contact.customer import EMAIL, a_request
from tests.factories import make_staff, make_topic

LIST = "/admin/contact/contactrequest/"
DELIVERIES = "/admin/contact/delivery/"


class AgentTests(TestCase):
    def setUp(self):
        self.client.force_login(make_staff("agent"))
        self.sent = a_request(topic=make_topic(key="late", details=["order-number"]), message="Where is it?")
        self.page = f"{LIST}{self.sent.pk}/change/"

    def test_reads_a_request_message_first(self):
        text = self.client.get(self.page).content.decode()
        places = [
            text.index(words) for words in ("Where is it?", "My order-number", f">{EMAIL}<", "support@localhost")
        ]
        assert places == sorted(places)
        assert "waiting" in text

    def test_sees_in_the_list_what_has_not_left(self):
        Delivery.objects.filter(recipient=EMAIL).update(failed_at=timezone.now())
        self.assertContains(self.client.get(LIST), "failed")

    def test_changes_adds_and_deletes_nothing(self):
        self.client.post(self.page, {"message": "Changed"})
        self.client.post(f"{LIST}{self.sent.pk}/delete/", {"post": "yes"})
        assert ContactRequest.objects.get().message == "Where is it?"
        assert self.client.get(f"{LIST}add/").status_code == 403
        self.assertNotContains(self.client.get(self.page), 'name="_save"')

    def test_finds_a_request_by_reference_however_it_is_typed_and_by_address(self):
        other = a_request(email="other@example.org")
        for words in (self.sent.reference, self.sent.reference.replace("-", "").lower(), EMAIL):
            page = self.client.get(LIST, {"q": words})
            self.assertContains(page, self.sent.reference)
            self.assertNotContains(page, other.reference)

    def test_finds_by_an_address_that_has_as_many_letters_as_a_reference(self):
        sent = a_request(email="gonzalez@example.org")
        brief = a_request(email="ana@gmx.de")
        self.assertContains(self.client.get(LIST, {"q": "gonzalez"}), sent.reference)
        self.assertContains(self.client.get(LIST, {"q": "ana@gmx.de"}), brief.reference)

    def test_finds_by_the_first_five_characters_of_a_number_be_they_letters(self):
        topic = make_topic(key="broken", details=["serial-number"])
        sent = a_request(topic=topic, **{"detail-serial-number": "ABC-DEF 12345"})
        for words in ("abcde", "ABC-DEF 1"):
            page = self.client.get(LIST, {"q": words})
            self.assertContains(page, sent.reference)
            self.assertNotContains(page, self.sent.reference)

    def test_filters_by_topic_and_language(self):
        topic = ContactRequest.objects.get().topic
        for name, value, count in (("topic__id__exact", topic.pk, 1), ("language", "es", 0)):
            page = self.client.get(LIST, {name: value})
            assert page.context["cl"].result_count == count

    def test_the_list_does_not_read_what_the_mails_say(self):
        with CaptureQueriesContext(connection) as asked:
            self.client.get(LIST)
        [mails] = [one["sql"] for one in asked if 'FROM "contact_delivery"' in one["sql"]]
        assert '"subject"' in mails and '"body"' not in mails

    def test_the_list_asks_as_often_for_many_as_for_few(self):
        with CaptureQueriesContext(connection) as few:
            self.client.get(LIST)
        asked = len(few)
        for _number in range(5):
            a_request()
        with self.assertNumQueries(asked):
            self.client.get(LIST)

    def test_does_not_send_deliveries_again_without_the_permission(self):
        Group.objects.get(name="agent").permissions.remove(Permission.objects.get(codename="change_delivery"))
        Delivery.objects.update(failed_at=timezone.now())
        self.client.post(DELIVERIES, resend(Delivery.objects.all()))
        assert not Delivery.objects.undelivered().exists()
        assert self.client.get(DELIVERIES).status_code == 200


class OperatorTests(TestCase):
    def test_sends_failed_deliveries_again(self):
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        a_request()
        Delivery.objects.update(failed_at=timezone.now(), last_error="550")
        self.client.post(DELIVERIES, resend(Delivery.objects.all()))
        assert Delivery.objects.due(timezone.now()).count() == 2

    def test_releases_what_a_dead_worker_holds(self):
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        a_request()
        Delivery.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
        self.client.post(DELIVERIES, resend(Delivery.objects.all()) | {"action": "release"})
        assert Delivery.objects.due(timezone.now()).count() == 2

    def test_filters_deliveries_by_each_state(self):
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        a_request()
        Delivery.objects.filter(recipient=EMAIL).update(quarantined_at=timezone.now())
        counts = {state: self.shown(state) for state in State.values}
        assert counts == dict.fromkeys(State.values, 0) | {"waiting": 1, "quarantined": 1}
        assert self.shown("nonsense") == 2

    def shown(self, state):
        return self.client.get(DELIVERIES, {"state": state}).context["cl"].result_count

    def test_reads_a_delivery_without_editing_it(self):
        self.client.force_login(get_user_model().objects.create_superuser("root"))
        a_request()
        page = self.client.get(f"{DELIVERIES}{Delivery.objects.first().pk}/change/")
        self.assertContains(page, "Message-ID")
        self.assertNotContains(page, 'name="_save"')


def resend(deliveries):
    return {"action": "send_again", "_selected_action": [delivery.pk for delivery in deliveries]}
