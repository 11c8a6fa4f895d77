import logging

import pytest
from django.test import Client

from contact.outbox import deliver_due
from tests.contact.customer import choose_topic, fill_in, hidden, the_draft
from tests.contact.smtp import Inbox, mail_server
from tests.factories import STEPS, make_flow, make_topic

pytestmark = pytest.mark.django_db

CANARY = "kanarienvogel"
SERVER = "mail.log"  # the log of the mail server of the test, which is not ours


def journey(client, topic):
    """Every page and every redirect of a contact with a canary in every field."""
    typed = {name: f"{CANARY} {name}" for name in ("message", "tried", "name", "detail-order-number")}
    yield client.post("/en/contact/from-search/", {"search": CANARY})
    yield client.get("/en/contact/details/", {"flow": "lost", "start": "no"})
    yield choose_topic(client, topic)
    yield fill_in(client, topic, **typed | {"email": f"{CANARY}@"})
    yield fill_in(client, topic, **typed | {"email": f"{CANARY}@example.org"})
    yield client.get("/en/contact/details/")
    check = client.get("/en/contact/check/")
    yield check
    sent = client.post("/en/contact/check/", hidden(check))
    yield sent
    yield client.get(sent["Location"])
    strict = Client(enforce_csrf_checks=True)
    yield strict.post("/en/contact/details/", {"topic": topic.key, **typed})
    yield client.get("/en/contact/requests/unknown/")


def test_nothing_personal_is_in_an_address_a_cookie_or_a_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    topic = make_topic(details=["order-number"])
    make_flow("lost", STEPS | {"contact": STEPS["contact"] | {"topic": topic}})
    responses = list(journey(client, topic))
    with mail_server(Inbox(lambda address: f"550 {address} is unknown")):
        deliver_due()
    assert CANARY in the_draft().message
    for response in responses:
        assert CANARY not in response.headers.get("Location", "")
        assert CANARY not in response.request["PATH_INFO"] + response.request["QUERY_STRING"]
        assert CANARY not in response.cookies.output()
    assert "contact.outbox" in {record.name for record in caplog.records}
    assert not [record for record in caplog.records if record.name != SERVER and CANARY in written(record)]


def written(record):
    return logging.Formatter().format(record)  # with its traceback
