"""Sending once, again and again: 25 rounds of 20 equal POSTs at the same moment (D6)."""

from contact.models import ContactRequest, Delivery
from tests.contact import test_sending_once

ROUNDS = 25


class ManyRoundsTests(test_sending_once.ParallelTests):
    # Only the rounds below; the suite runs what is inherited.
    test_make_one_request_with_one_receipt_for_all = None
    test_would_make_many_without_the_guard = None

    def test_each_round_makes_one_request(self):
        receipts = set()
        for number in range(1, ROUNDS + 1):
            self.prepare()
            answers = self.post_at_once("/en/contact/check/")
            assert {status for status, _location in answers} == {302}
            receipts |= {location for _status, location in answers}
            assert ContactRequest.objects.count() == number
            assert Delivery.objects.count() == 2 * number
        assert len(receipts) == ROUNDS
        print(f"{ROUNDS} rounds of 20 parallel POSTs: {ROUNDS} requests, {ROUNDS} receipts")  # noqa: T201
