"""What an agent reads of one request: all that the first reply needs, on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext

from articles.languages import current_language
from articles.links import Link, articles
from flows.models import Remedy

from . import earlier, status, words
from .models import ContactRequest
from .status import Due


@dataclass(frozen=True)
class Other:
    """Another request that an agent should know of, and why."""

    request: ContactRequest
    why: str
    is_same_thing: bool

    @property
    def url(self) -> str:
        return address_of(self.request)

    @property
    def state(self) -> str:
        """Whether somebody has answered it, so that nobody opens it to know."""
        answered = self.request.answered_at is not None
        return gettext("answered") if answered else gettext("not answered yet")


def page(sent: ContactRequest) -> dict[str, Any]:
    """What the page of the request says, in the agent's language."""
    known = others(sent)
    versions = list(sent.later_versions.all())
    details, *sent_again = words.for_agents(words.details(sent), *(words.of_version(one) for one in versions))
    return {
        "sent": sent,
        "due": status.due(sent),
        "seen": sent.last_sent_at.isoformat(),
        "promised": promised(sent, words.weekday(sent.promise)),
        "policy": policy(sent),
        "carried": words.carried(sent),
        "details": details,
        "later_versions": list(zip(versions, sent_again, strict=True)),
        "others": known,
        "all_url": f"{reverse('admin:contact_contactrequest_changelist')}?{urlencode({'q': sent.email})}",
        "same_thing": [one for one in known if one.is_same_thing],
        "mailto": mailto(sent),
        "files": sent.files,
        "call": words.call(sent),
        "mails": sent.deliveries.all(),
    }


def promised(sent: ContactRequest, day: str) -> str:
    """The promise in words that hold without any colour: overdue: Thursday 14 May 2026."""
    match status.due(sent):
        case Due.OVERDUE:
            return gettext("overdue: %(day)s") % {"day": day}
        case Due.TODAY:
            return gettext("due today: %(day)s") % {"day": day}
    return day


def policy(sent: ContactRequest) -> Link | None:
    """The article that says when the remedy is given, where readers may see it."""
    remedy = Remedy.objects.filter(key=sent.remedy_key, article__isnull=False).select_related("article").first()
    if remedy is None or remedy.article is None:
        return None
    return articles([remedy.article.key], current_language()).get(remedy.article.key)


def others(sent: ContactRequest) -> list[Other]:
    """The other requests of the same mailbox, and those on the same thing; the newest first."""
    same_thing = {one.request: one.why for one in earlier.about_the_same(sent)}
    found = dict.fromkeys(_of_mailbox(sent), gettext("the same address")) | same_thing
    newest_first = sorted(found, key=lambda request: request.created_at, reverse=True)
    return [Other(request, found[request], request in same_thing) for request in newest_first]


def mailto(sent: ContactRequest) -> str:
    """A mail to the customer that names the reference and the topic."""
    subject = f"[{sent.reference}] {sent.topic_name}"
    return f"mailto:{quote(sent.email, safe='@')}?subject={quote(subject)}"


def address_of(sent: ContactRequest) -> str:
    return reverse("admin:contact_contactrequest_change", args=[sent.pk])


def _of_mailbox(sent: ContactRequest) -> list[ContactRequest]:
    if not sent.mailbox:
        return []
    return list(
        ContactRequest.objects.filter(mailbox=sent.mailbox)
        .exclude(pk=sent.pk)
        .select_related("topic")[: earlier.MOST]
    )
