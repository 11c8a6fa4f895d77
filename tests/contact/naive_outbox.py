"""What an outbox without leases and without quarantine would do: the control of the tests of ours."""

from contact import mail
from contact.delivery import Delivery


def deliver_due() -> None:
    for delivery in Delivery.objects.undelivered().order_by("pk"):
        mail.send(delivery)
        delivery.mark_delivered()
