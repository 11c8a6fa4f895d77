"""Rows for tests: plain functions with defaults that nobody needs to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group
from django.utils import timezone

from articles.models import Article, Category, PolicyFact, Translation
from flows.models import Detail, Flow, Option, Step, Topic, TopicDetail

LANGUAGES = ("en", "es")
_numbers = count(1)


class FewerThan(int):
    """Equal to every smaller number, for a bound on queries: `assertNumQueries(FewerThan(7))`."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and other < int(self)

    __hash__ = int.__hash__


def both(words: str) -> dict[str, str]:
    """A label in every language of the site."""
    return {language: f"{words} ({language})" for language in LANGUAGES}


def make_category(**fields: Any) -> Category:
    number = next(_numbers)
    return Category.objects.create(**{"name": both(f"Category {number}"), "slug": f"category-{number}"} | fields)


def make_article(**fields: Any) -> Article:
    fields.setdefault("category", None)
    fields["category"] = fields["category"] or make_category()
    return Article.objects.create(**{"key": f"article-{next(_numbers)}"} | fields)


def make_translation(
    article: Article | None = None, language: str = "en", *, published: bool = True, **fields: Any
) -> Translation:
    number = next(_numbers)
    if published:
        fields.setdefault("published_at", timezone.now() - timedelta(days=1))
    defaults = {"title": f"Title {number}", "slug": f"slug-{number}", "body": f"Body {number}."}
    return Translation.objects.create(
        **defaults | {"article": article or make_article(), "language": language} | fields
    )


def make_fact(key: str, number: int | None = None, phrase: Mapping[str, str] | None = None) -> PolicyFact:
    return PolicyFact.objects.create(key=key, number=number, phrase=phrase or {})


def make_topic(key: str = "", details: Iterable[str] = (), **fields: Any) -> Topic:
    """A topic that needs the details of these keys."""
    key = key or f"topic-{next(_numbers)}"
    fields.setdefault("category", None)
    fields["category"] = fields["category"] or make_category()
    topic = Topic.objects.create(**{"key": key, "name": both(f"Topic {key}")} | fields)
    for position, name in enumerate(details):
        detail, _created = Detail.objects.get_or_create(key=name, defaults={"label": both(f"Detail {name}")})
        TopicDetail.objects.create(topic=topic, detail=detail, position=position)
    return topic


# start: a question → try: something to try → solved, read (an article) or contact (a topic)
STEPS: dict[str, dict[str, Any]] = {
    "start": {"options": {"yes": "try", "no": "contact"}},
    "try": {"kind": "try", "options": {"solved": "solved", "not-solved": "contact", "could-not": "contact"}},
    "solved": {"kind": "outcome", "outcome": "solved"},
    "contact": {"kind": "outcome", "outcome": "contact"},
}


def make_flow(
    slug: str = "", steps: Mapping[str, Mapping[str, Any]] = STEPS, *, published: bool = True, **fields: Any
) -> Flow:
    """A flow of these steps; a contact outcome without a topic gets one."""
    slug = slug or f"flow-{next(_numbers)}"
    fields.setdefault("category", None)
    fields["category"] = fields["category"] or make_category()
    flow = Flow.objects.create(
        **{"slug": slug, "title": both(f"Flow {slug}"), "summary": both(f"Solves {slug}")} | fields
    )
    version = flow.make_draft()
    rows = {}
    for position, (name, given) in enumerate(steps.items()):
        values = {"title": both(f"Step {name}")} | {k: v for k, v in given.items() if k != "options"}
        if values.get("outcome") == "contact" and "topic" not in values:
            values["topic"] = make_topic()
        rows[name] = Step.objects.create(version=version, slug=name, position=position, **values)
    for name, given in steps.items():
        for position, (key, to) in enumerate(given.get("options", {}).items()):
            label = {} if given.get("kind") == "try" else both(f"Option {key}")
            Option.objects.create(step=rows[name], key=key, label=label, leads_to=rows[to], position=position)
    if published:
        version.publish()
    return flow


def make_staff(group: str = "editor", username: str = "") -> AbstractUser:
    """Somebody of the staff in one of the groups; the password is “password”."""
    user = get_user_model().objects.create_user(
        username or f"{group}-{next(_numbers)}", password="password", is_staff=True
    )
    user.groups.add(Group.objects.get(name=group))
    return user
