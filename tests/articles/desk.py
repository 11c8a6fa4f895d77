"""What the tests of the desk share: people, and the act that a page's button posts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.test import Client

from articles import review
from articles.models import Translation
from articles.review import Act
from articles.revision import TEXT, Revision
from tests.factories import make_staff


def person(group: str = "editor", name: str = "") -> AbstractUser:
    """Somebody of the staff whom mail reaches."""
    user = make_staff(group, name)
    user.email = f"{user.username}@example.org"
    user.save()
    return user


def write(translation: Translation, by: Any, body: str = "After.", **fields: Any) -> Revision:
    """A revision with another body."""
    texts = {name: getattr(translation, name) for name in TEXT} | {"body": body}
    return Translation.objects.get(pk=translation.pk).write(texts, by=by, **fields)


def do(act: Act, work: Any, by: Any, **given: Any) -> None:
    review.do(act, work, by, **given)


def press(client: Client, work: Any, act: str, **given: Any) -> Any:
    """The button as the browser posts it, or a hand-made request that looks like it."""
    return client.post(work.subject.work_url, {"act": act, "number": work.number} | given)
