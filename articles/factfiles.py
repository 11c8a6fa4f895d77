"""Policy facts from content files: what each says, and from which days on it says something else."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from .contentfiles import Fields
from .models import FactValue, PolicyFact
from .policyfact import Said, refuse


def import_fact(key: str, fields: Fields) -> None:
    """The fact says what the file says for now, and plans what it says for later, and nothing else."""
    fields.expect("number", "phrase", "later")
    first = _said(fields)
    later = _later(fields, first)
    fact = PolicyFact.objects.filter(key=key).at().first() or PolicyFact(key=key)
    try:
        fact.clean_fields(exclude=["phrase"])
    except ValidationError as error:
        fields.mistake(" ".join(error.messages))
        return
    for said, place in [(first, fields), *((said, fields) for said in later.values())]:
        try:
            refuse(key, said)
        except ValidationError as error:
            place.mistake(" ".join(error.messages))
            return
    if not fields.report.mistakes:
        _put(fact, first, later)


def _put(fact: PolicyFact, first: Said, later: dict[datetime, Said]) -> None:
    now = timezone.now()
    since = max((moment for moment in later if moment <= now), default=None)
    current = later[since] if since else first
    if fact.pk:
        fact.settle()
        fact.refresh_from_db()
    if not fact.pk or fact.said != current:
        fact.number, fact.phrase = current.number, current.phrase
        fact.save(since=since)
    planned = {value.starts_at: value for value in fact.values.planned() if value.starts_at}
    for moment, value in planned.items():
        if later.get(moment) != value.said:
            value.delete()
    for moment, said in later.items():
        if moment > now and (moment not in planned or planned[moment].said != said):
            FactValue.objects.create(fact=fact, starts_at=moment, number=said.number, phrase=said.phrase)


def _said(fields: Fields) -> Said:
    phrase, number = fields.label("phrase"), fields.get("number")
    if isinstance(number, bool) or not isinstance(number, int | float | None):
        fields.mistake("“number” must be a number.", "number")
        number = None
    try:
        FactValue._meta.get_field("number").clean(None if number is None else str(number), None)
    except ValidationError as error:
        fields.mistake(" ".join(error.messages), "number")
        number = None
    said = Said.of(number, phrase)
    if not said.is_sound:
        fields.mistake("A fact is either a number or a phrase.")
    return said


def _later(fields: Fields, first: Said) -> dict[datetime, Said]:
    """What it says from which moment on; a day begins where the site is."""
    found: dict[datetime, Said] = {}
    for item in fields.items_of("later"):
        if not isinstance(item, Fields):
            fields.mistake("Each of “later” must be a mapping with “from”.", "later")
            continue
        item.expect("from", "number", "phrase")
        moment, said = _starts_at(item), _said(item)
        if said.is_number != first.is_number:
            item.mistake("A number stays a number, and a phrase a phrase.")
        if moment in found:
            item.mistake("Two values begin at the same moment.", "from")
        if moment:
            found[moment] = said
    return found


def _starts_at(fields: Fields) -> datetime | None:
    if fields.get("from") is None:
        fields.mistake("“from” is missing.")
    return fields.moment("from")
