"""The channels as pages show them: the best first, each with its reason and its hours in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from articles import brand
from flows.clock import site_time

from . import callwindows, channels, hours, telephone, words
from .channels import Advice, Case, Kind, Reason
from .handoff import Trail
from .hours import State
from .models import Channel, ContactRequest

MANY_DETAILS = 4

BECAUSE = {
    Reason.FILES: gettext_lazy("because you have files to show"),
    Reason.COMPLEX: gettext_lazy("because your request has much to show"),
    Reason.READY: gettext_lazy("because your request is ready and takes everything along"),
    Reason.URGENT: gettext_lazy("because it is urgent"),
    Reason.SOONER: gettext_lazy("because the answer by e-mail would take longer"),
}


@dataclass(frozen=True)
class Shown:
    """One channel, as a template needs it."""

    kind: str
    label: str
    address: str  # as it is read
    url: str  # empty where a page of ours leads on
    because: str  # empty where nothing speaks for it
    facts: str  # when it is open, or by when somebody answers
    wait: str
    notes: str

    @property
    def sentence(self) -> str:
        """E-mail, because your request has much to show; answer by Tuesday 1 December."""
        given = {"label": self.label, "because": self.because, "facts": self.facts}
        if self.because and self.facts:
            return _("%(label)s, %(because)s; %(facts)s") % given
        if self.because or self.facts:
            return _("%(label)s, %(what)s") % {"label": self.label, "what": self.because or self.facts}
        return self.label


def ways(case: Case | None = None, now: datetime | None = None) -> list[Shown]:
    """Every open channel; `case` is None where nobody knows yet what the request is about."""
    now = site_time(now)
    rows = {channel.key: channel for channel in _open_channels()}
    given = (replace(row.way, full=callwindows.full(row)) for row in rows.values())
    advice = channels.advise(given, case or Case(answer_by=now), now)
    return [_shown(rows[one.way.key], one, now, is_known=case is not None) for one in advice]


def case_of(request: ContactRequest, trail: Trail, *, has_files: bool = False) -> Case:
    """What the rules need to know of a request that is about to be sent."""
    details = [detail for detail in request.details if detail["value"]]
    return Case(
        answer_by=end_of(request.promise),
        is_urgent=trail.is_urgent,
        is_complex=bool(trail.text) or len(details) >= MANY_DETAILS,
        has_files=has_files,
    )


def end_of(day: date) -> datetime:
    return site_time(datetime.combine(day, time(23, 59), site_time().tzinfo))


def _open_channels() -> list[Channel]:
    """With e-mail in any case: that is how the form answers."""
    rows = list(Channel.objects.open())
    if all(row.kind != Channel.Kind.EMAIL for row in rows):
        rows.append(Channel(key="", kind=Channel.Kind.EMAIL, label=_("E-mail")))
    return rows


def _shown(channel: Channel, advice: Advice, now: datetime, *, is_known: bool) -> Shown:
    address = channel.address
    if channel.kind == Channel.Kind.EMAIL:
        address = address or brand.support_email()
    return Shown(
        kind=channel.kind,
        label=str(channel.label),
        address=telephone.written(telephone.read(address) or address) if channel.kind == Kind.PHONE else address,
        url=_url(channel, address),
        because=str(BECAUSE.get(advice.reason, "")) if is_known else "",
        facts=_facts(advice, now, is_known=is_known),
        wait=str(channel.answer),
        notes=str(channel.notes),
    )


def _url(channel: Channel, address: str) -> str:
    match channel.kind:
        case Kind.EMAIL:
            return f"mailto:{address}"
        case Kind.PHONE:
            return f"tel:{telephone.read(address) or address}"
    return address


def _facts(advice: Advice, now: datetime, *, is_known: bool) -> str:
    kind, at = advice.way.kind, advice.answer_at
    if kind == Kind.EMAIL:
        return _answer_by(at) if is_known and at else ""
    if kind == Kind.CALLBACK:
        free = hours.windows(advice.way.opening, now, advice.way.full)
        return _("next call: %(window)s") % {"window": words.window(*free[0])} if free else _("no call is free")
    if advice.way.answer_hours is not None and at:
        return _answer_by(at)
    return _state(advice.state, now)


def _answer_by(moment: datetime) -> str:
    return _("answer by %(day)s") % {"day": _day(moment.date())}


def _state(state: State, now: datetime) -> str:
    """Open until 18:00; opens tomorrow at 09:00."""
    at = state.changes_at
    if at is None:
        return _("always open") if state.is_open else _("closed at the moment")
    given = {"time": time_format(at.time(), "H:i"), "day": _day(at.date())}
    is_today = at.date() == now.date()
    if state.is_open:
        return (_("open until %(time)s") if is_today else _("open until %(day)s at %(time)s")) % given
    if is_today:
        return _("opens today at %(time)s") % given
    if at.date() == now.date() + timedelta(days=1):
        return _("opens tomorrow at %(time)s") % given
    return _("opens on %(day)s at %(time)s") % given


def _day(day: date) -> str:
    return date_format(day, pgettext("format of a day without its year, see Django's date filter", "l j F"))
