"""The way from what somebody wrote to what readers see: who may do what when, who must act next, and the deeds.

The same for revisions of translations and for versions of flows.  What the rules forbid is refused here, whatever
the page showed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import people, sharing, trail
from .inspecting import let_pass
from .sharing import PreviewLink
from .stages import NotAllowed, Stage
from .trail import What

OPEN = {Stage.WRITING, Stage.REVIEW, Stage.RETURNED, Stage.APPROVED, Stage.SCHEDULED}


class Act(StrEnum):
    """What can be done with something written, by its name in forms."""

    SUBMIT = "submit"
    COMMENT = "comment"
    SEND_BACK = "send-back"
    APPROVE = "approve"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    DISCARD = "discard"
    RESTORE = "restore"
    SHARE = "share"
    REVOKE = "revoke"
    WITHDRAW = "withdraw"
    KEEP = "keep"


class Subject(Protocol):
    """A translation or a flow."""

    pk: Any
    work_url: str

    def may_be_written_by(self, user: Any) -> bool: ...
    def may_be_reviewed_by(self, user: Any) -> bool: ...
    def may_be_published_by(self, user: Any) -> bool: ...


def is_on() -> bool:
    return bool(settings.REVIEW != "off")


def is_required() -> bool:
    return bool(settings.REVIEW == "required")


def refusal(act: Act, work: Any, by: Any) -> str:
    """Why this person may not do this with it now; empty where they may."""
    subject = work.subject
    may = {
        "write": subject.may_be_written_by(by),
        "review": subject.may_be_reviewed_by(by),
        "publish": subject.may_be_published_by(by),
    }
    if not any(may[role] for role in ROLES[act]):
        return _("Your role does not allow this.")
    if act in STAGES and work.stage not in STAGES[act]:
        return _("This cannot be done any more: it is “%(stage)s” now.") % {"stage": work.stage.label}
    if act in MOVING and not work.is_newest:
        return _("Somebody has written a newer one meanwhile. Look at that one.")
    further = FURTHER.get(act)
    return further(work, by, may) if further else ""


def _refuse_own(work: Any, by: Any, may: dict[str, bool]) -> str:
    if not is_on():
        return _("Reviews are switched off on this site.")
    if work.author_id == by.pk:
        return _("Nobody approves what they wrote themselves. Somebody else must look at it.")
    return ""


def _refuse_without_review(work: Any, by: Any, may: dict[str, bool]) -> str:
    return "" if is_on() else _("Reviews are switched off on this site.")


def _refuse_unapproved(work: Any, by: Any, may: dict[str, bool]) -> str:
    if is_required() and not work.approved_at:
        return _("Somebody other than its author must approve it before it is published.")
    return ""


def _refuse_to_drop(work: Any, by: Any, may: dict[str, bool]) -> str:
    if not work.is_droppable:
        return _("This is what the text says. Write another revision, or delete the article.")
    if (work.author_id != by.pk or work.stage == Stage.SCHEDULED) and not may["publish"]:
        return _("Only who wrote it, or who may publish, may discard it.")
    return ""


ROLES: dict[Act, tuple[str, ...]] = {
    Act.SUBMIT: ("write",),
    Act.COMMENT: ("write", "review", "publish"),
    Act.SEND_BACK: ("review",),
    Act.APPROVE: ("review",),
    Act.PUBLISH: ("publish",),
    Act.SCHEDULE: ("publish",),
    Act.UNSCHEDULE: ("publish",),
    Act.DISCARD: ("write", "publish"),
    Act.RESTORE: ("write",),
    Act.SHARE: ("write", "publish"),
    Act.REVOKE: ("write", "publish"),
    Act.WITHDRAW: ("publish",),
    Act.KEEP: ("publish",),
}
STAGES: dict[Act, set[Stage]] = {
    Act.SUBMIT: {Stage.WRITING, Stage.RETURNED},
    Act.COMMENT: OPEN,
    Act.SEND_BACK: {Stage.REVIEW, Stage.APPROVED},
    Act.APPROVE: {Stage.REVIEW},
    Act.PUBLISH: OPEN,
    Act.SCHEDULE: {Stage.WRITING, Stage.REVIEW, Stage.RETURNED, Stage.APPROVED},
    Act.UNSCHEDULE: {Stage.SCHEDULED},
    Act.DISCARD: OPEN,
    Act.SHARE: OPEN,
}
# What goes forward with the newest one only; an older one that is scheduled can still be taken back.
MOVING = {Act.SUBMIT, Act.SEND_BACK, Act.APPROVE, Act.PUBLISH, Act.SCHEDULE, Act.SHARE}
FURTHER: dict[Act, Callable[[Any, Any, dict[str, bool]], str]] = {
    Act.SUBMIT: _refuse_without_review,
    Act.SEND_BACK: _refuse_own,
    Act.APPROVE: _refuse_own,
    Act.PUBLISH: _refuse_unapproved,
    Act.SCHEDULE: _refuse_unapproved,
    Act.DISCARD: _refuse_to_drop,
}


def do(act: Act, work: Any, by: Any, **given: Any) -> None:
    """It is done, in the trail, and who must act next is told; or NotAllowed, and nothing has changed.

    `seen` is the digest of what the person looked at: nobody approves or publishes what has changed meanwhile.
    """
    with transaction.atomic():
        work = work.locked()
        if words := refusal(act, work, by):
            raise NotAllowed(words)
        seen = given.pop("seen", "")
        if act in (Act.APPROVE, Act.PUBLISH, Act.SCHEDULE) and seen and seen != work.digest:
            raise NotAllowed(_("It has changed since you opened the page. Look at it again."))
        DEEDS[act](work, by, **given)


def _submit(work: Any, by: Any, reviewer: Any = None, words: str = "", **_given: Any) -> None:
    work.mark(submitted_at=timezone.now(), returned_at=None, reviewer=reviewer)
    _note(work, What.SUBMITTED, by, words)


def _comment(work: Any, by: Any, words: str = "", **_given: Any) -> None:
    if not words.strip():
        raise NotAllowed(_("Write what you want to say."))
    trail.record(work.subject, What.COMMENTED, by, number=work.number, words=words)


def _send_back(work: Any, by: Any, words: str = "", **_given: Any) -> None:
    if not words.strip():
        raise NotAllowed(_("Write what should be changed."))
    work.mark(returned_at=timezone.now(), approved_at=None, approved_by=None)
    _note(work, What.SENT_BACK, by, words)


def _approve(work: Any, by: Any, words: str = "", **_given: Any) -> None:
    work.mark(approved_at=timezone.now(), approved_by=by)
    _note(work, What.APPROVED, by, words)


def _publish(work: Any, by: Any, **_given: Any) -> None:
    let_pass(work)
    before = work.show()
    deed = trail.record(work.subject, What.PUBLISHED, by, number=work.number)
    work.after_showing(before, deed)
    # What was shown in secret is public now; what is written next must not be seen through an old link.
    PreviewLink.objects.to(work.subject).revoke(by)


def _schedule(work: Any, by: Any, at: datetime | None = None, **_given: Any) -> None:
    if at is None or at <= timezone.now():
        raise NotAllowed(_("Choose a moment to come."))
    let_pass(work, at)
    work.show_from(at, by)
    trail.record(work.subject, What.SCHEDULED, by, number=work.number, moment=at)


def _unschedule(work: Any, by: Any, **_given: Any) -> None:
    work.take_back()
    trail.record(work.subject, What.UNSCHEDULED, by, number=work.number)


def _discard(work: Any, by: Any, **_given: Any) -> None:
    trail.record(work.subject, What.DISCARDED, by, number=work.number)
    PreviewLink.objects.to(work.subject).revoke(by)
    work.discard()


def _restore(work: Any, by: Any, **_given: Any) -> None:
    restored = work.restore(by)
    words = _("from number %(number)s") % {"number": work.number}
    trail.record(work.subject, What.RESTORED, by, number=restored.number, words=words)


def _share(work: Any, by: Any, days: int = sharing.DAYS[0], **_given: Any) -> None:
    link = sharing.make(work.subject, by, int(days))
    trail.record(work.subject, What.SHARED, by, number=work.number, moment=link.expires_at)


def _revoke(work: Any, by: Any, link: str = "", **_given: Any) -> None:
    links = PreviewLink.objects.to(work.subject).open()
    chosen = links.filter(pk=link) if link.isdecimal() else links.none()
    if not chosen.revoke(by):
        raise NotAllowed(_("This link has ended already."))
    trail.record(work.subject, What.REVOKED, by)


def _withdraw(work: Any, by: Any, at: datetime | None = None, **_given: Any) -> None:
    if at is not None and at <= timezone.now():
        raise NotAllowed(_("Choose a moment to come."))
    if not work.subject.withdraw(at):
        raise NotAllowed(_("Readers do not see it: there is nothing to withdraw."))
    trail.record(work.subject, What.WITHDRAWN, by, moment=at)
    if at is None:
        # What was planned for a text that readers see must not bring it back.
        for planned in work.subject.planned():
            planned.take_back()
            trail.record(work.subject, What.UNSCHEDULED, by, number=planned.number)


def _keep(work: Any, by: Any, **_given: Any) -> None:
    if not work.subject.keep():
        raise NotAllowed(_("It is not going to be withdrawn."))
    trail.record(work.subject, What.KEPT, by)


DEEDS: dict[Act, Callable[..., None]] = {
    Act.SUBMIT: _submit,
    Act.COMMENT: _comment,
    Act.SEND_BACK: _send_back,
    Act.APPROVE: _approve,
    Act.PUBLISH: _publish,
    Act.SCHEDULE: _schedule,
    Act.UNSCHEDULE: _unschedule,
    Act.DISCARD: _discard,
    Act.RESTORE: _restore,
    Act.SHARE: _share,
    Act.REVOKE: _revoke,
    Act.WITHDRAW: _withdraw,
    Act.KEEP: _keep,
}


def _note(work: Any, what: What, by: Any, words: str) -> None:
    """The deed is in the trail, and the mail to who must act next is on its way."""
    deed = trail.record(work.subject, what, by, number=work.number, words=words)
    with override(settings.LANGUAGE_CODE):
        trail.tell(deed, next_actors(work), next_act(work), work.subject.work_url)


def publish_due(works: models.QuerySet[Any]) -> float | None:
    """Each of these whose moment has come is published; one that cannot be holds up no other, and its editor is
    told why.  After it was off the worker publishes what it missed, in order.  The seconds until the next moment.
    """
    for work in works.filter(apply_at__lte=timezone.now()).order_by("apply_at", "pk"):
        try:
            with transaction.atomic():
                locked = work.locked()
                if locked.apply_at and locked.apply_at <= timezone.now():
                    if locked.was_withdrawn:
                        raise NotAllowed(_("It has been withdrawn since this was planned."))
                    _publish(locked, locked.scheduled_by)
        except NotAllowed as error:
            _give_up(work, str(error))
    next_at = works.filter(apply_at__gt=timezone.now()).aggregate(next_at=models.Min("apply_at"))["next_at"]
    return max(0.0, (next_at - timezone.now()).total_seconds()) if next_at else None


def _give_up(work: Any, reason: str) -> None:
    with transaction.atomic():
        work = work.locked()
        scheduled_by = work.scheduled_by
        work.take_back()
        deed = trail.record(work.subject, What.NOT_PUBLISHED, None, number=work.number, words=reason)
        with override(settings.LANGUAGE_CODE):
            trail.tell(deed, [scheduled_by], _("It could not be published as planned."), work.subject.work_url)


def next_actors(work: Any) -> list[Any]:
    """Who must act next; nobody where the worker does, or nothing is left to do."""
    stage = work.stage
    if stage in (Stage.WRITING, Stage.RETURNED):
        return [work.author] if work.author else []
    if stage == Stage.REVIEW:
        if work.reviewer and not refusal(Act.APPROVE, work, work.reviewer):
            return [work.reviewer]
        return [person for person in reviewers(work) if person.pk != work.author_id]
    if stage == Stage.APPROVED:
        chosen = [one for one in (work.author, work.approved_by) if one and work.subject.may_be_published_by(one)]
        return chosen[:1] or list(people_who(work.subject, "publish"))
    return []


def next_act(work: Any) -> str:
    """What must happen next, in a sentence that begins with who."""
    names = ", ".join(person.get_username() for person in next_actors(work)) or _("Somebody")
    stage = work.stage
    if stage == Stage.SCHEDULED:
        moment = date_format(timezone.localtime(work.shown_from), "DATETIME_FORMAT")
        return _("Readers see it from %(moment)s; nobody need do anything.") % {"moment": moment}
    sentences = {
        Stage.WRITING: _what_its_writer_does(work) if stage == Stage.WRITING else "",
        Stage.REVIEW: _("%(names)s: read it, then approve it or ask for changes."),
        Stage.RETURNED: _("%(names)s: make the changes that were asked for."),
        Stage.APPROVED: _("%(names)s: publish it, now or at a moment."),
        Stage.APPLIED: _("Nothing is left to do: readers see it."),
        Stage.REPLACED: _("Nothing is left to do: another has taken its place."),
        Stage.DISCARDED: _("Nothing is left to do: it was discarded."),
    }
    return sentences[stage] % {"names": names} if stage in OPEN else sentences[stage]


def _what_its_writer_does(work: Any) -> str:
    """Nobody is told to publish who may not."""
    if work.author and not work.subject.may_be_published_by(work.author):
        return _("%(names)s: finish it, then ask for a review.")
    return _("%(names)s: finish it, then ask for a review or publish it.")


def reviewers(work: Any) -> list[Any]:
    """All who could approve it but for its author."""
    return [person for person in people_who(work.subject, "review") if person.pk != work.author_id]


def people_who(subject: Any, role: str) -> models.QuerySet[Any]:
    """Those of the staff who may review or publish this kind of thing."""
    return people.with_permission(subject.PERMISSIONS[role])


def soon() -> datetime:
    """What a form proposes for a moment to come: tomorrow at nine."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
