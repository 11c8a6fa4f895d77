"""From a draft request to a contact request: once, whatever the finger, the network or the browser does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation

from articles.links import articles
from flows import clock
from flows.models import Topic

from . import answering, callback, earlier, files, handoff, mail, outbox, preparing, spam, typed
from .draftrequest import with_words
from .filesfield import photos_of
from .forms import DetailsForm, as_typed
from .handoff import Trail
from .models import ContactRequest, DraftRequest, LaterVersion
from .preparing import Prepared
from .promise import answer_by
from .words import rows


class NotAsShown(Exception):
    """The draft is not what the customer saw and said yes to: it was changed elsewhere, or is incomplete."""


@dataclass(frozen=True)
class Preparation:
    """The request that a draft would become, not saved, and how we would word it."""

    request: ContactRequest
    worded: Prepared
    trail: Trail


def prepare(draft: DraftRequest) -> Preparation | None:
    """What the draft would become; None while something is missing."""
    if draft.topic is None:
        return None
    with translation.override(draft.language):
        form = DetailsForm(draft.topic, as_typed(draft))
        photos = photos_of(draft.topic)
        if not form.is_valid() or (photos and photos.is_required and not draft.files):
            return None
        trail = handoff.trail(draft)
        worded = preparing.word(draft, form, trail)
        now = timezone.now()
        called = callback.of_draft(draft)
        request = ContactRequest(
            id=draft.id,
            language=draft.language,
            topic=draft.topic,
            topic_name=str(draft.topic.name),
            # Words changed while it was about something else stay in the draft: the page would not show them.
            worded=draft.worded or worded.whole if worded.whole else "",
            details=form.details,
            remedy=form.remedy_in_words,
            remedy_key=form.chosen_remedy.key if form.chosen_remedy else "",
            flow_title=trail.title,
            trail=trail.text,
            article_title=_article_title(draft),
            search_words=draft.search_words,
            promise=callback.no_sooner(_promise(now, draft.topic), called),
            created_at=now,
            digest=draft.digest,
            mailbox=_mailbox(form.cleaned_data["email"]),
            **called,
            **{name: form.cleaned_data[name] for name in ("message", "tried", "name", "email")},
        )
        return Preparation(request, worded, trail)


def send(
    draft: DraftRequest,
    shown: str,
    after: str = "",
    network: str = "",
    answer: str = "",
    worded: str | None = None,
) -> ContactRequest:
    """The request exists with its deliveries, in one transaction; a replay changes nothing and returns the same.

    `shown` is the digest of what the customer saw, `after` how often they had sent something when they saw it,
    `worded` the request in words as they changed it (empty: as we word it; None: as it is kept), `answer` that of
    the browser to the challenge of the page.
    NotAsShown where the draft is no longer what was shown, spam.Refused where it is too fast, one too many or
    without its proof of work, and DraftRequest.DoesNotExist where it was too old and is gone.
    """
    language = draft.language
    with transaction.atomic():
        # Twenty equal requests wait for each other here; SQLite's transactions do so by themselves.
        draft = DraftRequest.objects.select_for_update().get(pk=draft.pk)
        draft.language = language
        words = draft.worded if worded is None else worded
        sent = draft.sent
        if sent and _is_replay(with_words(shown, words), after, sent.digests):
            return sent
        if words != draft.worded:
            draft.worded = words
            draft.save(update_fields=["worded"])
        prepared = prepare(draft)
        if prepared is None or draft.digest_of_answers != shown or callback.is_taken(draft):
            raise NotAsShown
        spam.check(draft, sent, network, answer)
        return _add(sent, prepared.request) if sent else _store(prepared.request)


def _is_replay(digest: str, after: str, sent: list[str]) -> bool:
    """Whether exactly this was sent already, unless something else came later, after which the page was shown."""
    return digest in sent and (digest == sent[-1] or after != str(len(sent)))


def _promise(now: datetime, topic: Topic) -> date:
    """By when we answer what is sent now."""
    return answer_by(clock.site_time(now).date(), topic.answer_days, clock.opening())


def _article_title(draft: DraftRequest) -> str:
    """What the article is called, while readers may see it."""
    key = draft.article.key if draft.article else ""
    link = articles([key], draft.language).get(key)
    return link.title if link else ""


def _mailbox(email: str) -> str:
    """Whose request it is; empty, and so nobody's, without an address."""
    return typed.mailbox(typed.ascii_address(email)) if email else ""


def _store(request: ContactRequest) -> ContactRequest:
    ContactRequest.objects.store(request)
    files.move(request)
    earlier.note_numbers(request, request)
    before = earlier.of(request)
    outbox.put(mail.to_support(request, before), mail.to_customer(request, before))
    return request


def _add(sent: ContactRequest, changed: ContactRequest) -> ContactRequest:
    """The other words are kept beside the request, and support is told."""
    files.move(sent)
    version = LaterVersion.objects.create(
        request=sent,
        content=[{"key": row.key, "label": row.label, "value": row.value} for row in rows(changed) if row.value],
        digest=changed.digest,
        number=len(sent.digests),
    )
    earlier.note_numbers(sent, changed)
    answering.reopen(sent, changed.promise)
    outbox.put(mail.later_version(version, changed))
    return sent
