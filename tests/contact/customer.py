"""A customer on the contact pages, for tests."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import translation

from contact.models import ContactRequest, DraftRequest
from flows.models import Topic
from tests.factories import make_topic

EMAIL = "ana@example.org"


def address(page: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(page)


def choose_topic(client: Client, topic: Topic, language: str = "en", **more: str) -> Any:
    return client.post(address("contact", language), {"topic": topic.key, **more})


def typed(topic: Topic, **more: str) -> dict[str, str]:
    """The details form as a browser sends it, with something in every field that is needed."""
    details = {f"detail-{detail.key}": f"My {detail.key}" for detail in topic.details.all()}
    return {"topic": topic.key, **details, "message": "It is not here.", "email": EMAIL} | more


def fill_in(client: Client, topic: Topic, language: str = "en", **more: str) -> Any:
    """What a browser shows after Continue: the next page's address, or the form again with what is wrong."""
    response = client.post(address("contact_details", language), typed(topic, **more))
    if response.status_code == 302 and response["Location"].endswith("?check=1"):
        return client.get(response["Location"])
    return response


def press_send(client: Client, language: str = "en") -> Any:
    page = client.get(address("contact_check", language))
    return client.post(address("contact_check", language), hidden(page))


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of the check page."""
    return {"draft": page.context["draft"].token, "shown": page.context["shown"], "after": page.context["after"]}


def a_request(client: Client | None = None, topic: Topic | None = None, **more: str) -> ContactRequest:
    """A request that was sent through the pages."""
    client = client or Client()
    topic = topic or make_topic(details=["order-number"])
    choose_topic(client, topic)
    fill_in(client, topic, **more)
    assert press_send(client).status_code == 302
    return ContactRequest.objects.latest("created_at")


def the_draft() -> DraftRequest:
    return DraftRequest.objects.get()
