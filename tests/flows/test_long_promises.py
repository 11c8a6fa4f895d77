from django.contrib.auth import get_user_model
from django.test import TestCase

from flows.models import Topic
from tests.factories import make_category


class LongPromiseTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("ana"))

    def save(self, answer_days):
        given = {"key": "late", "category": make_category().pk, "name_0": "It is late", "name_1": "Tarda"}
        given |= {"answer_days": answer_days, "position": 0}
        for rows in ("topic_details", "topic_remedies"):
            given |= {f"{rows}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        return self.client.post("/admin/flows/topic/add/", given, follow=True)

    def test_more_than_three_weeks_is_saved_with_a_warning(self):
        self.assertContains(self.save(16), "promised an answer within 16 working days")
        assert Topic.objects.get().answer_days == 16

    def test_three_weeks_need_none(self):
        page = self.save(15)
        assert [message.level_tag for message in page.context["messages"]] == ["success"]

    def test_a_promise_without_end_is_refused(self):
        self.assertContains(self.save(61), "less than or equal to 60")
        assert not Topic.objects.exists()
