"""What in a text looks like one person's: of what `personal.looks` finds, what no article rightly names.  Pure.

An article may well name a model, a support telephone or an example.  Left out are the help center's own contacts,
links made to write or to call, mailboxes of a role, invented addresses, dates, sums, freephone numbers and numbers
that are plainly made up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from .personal import Kind, looks
from .reading import without_targets

LONG_NUMBER = 10  # digits; shorter ones are years, postcodes, models, sums
CARD = range(13, 20)
ROLES = re.compile(
    r"(?:info|support|help|hello|contact|service|sales|press|privacy|legal|billing|returns|no-?reply|postmaster"
    r"|abuse|security|careers?|dpo|soporte|ayuda|hola|contacto|atencion|clientes|ventas|prensa|privacidad"
    r"|facturacion|devoluciones|rrhh|bajas)(?:[.+_-].*)?",
    re.IGNORECASE,
)
INVENTED = re.compile(
    r"(?:.+\.)?(?:example(?:\.(?:com|org|net|es))?|ejemplo\.(?:com|es)|.+\.(?:test|invalid|example))"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
SUM = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d{1,2})?|\d+[.,]\d{1,2}")
IBAN = re.compile(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}")
NATIONAL = re.compile(r"([XYZ]?\d{7,8})[- ]?([A-Z])")
LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # of Spanish identity numbers, by the remainder of a division by 23
REFERENCE = re.compile(r"[0-9A-Z]{4}[-‐‑–][0-9A-Z]{4}")
APART = re.compile(r"(?:(?![,.;]\s|\n).)+")  # two numbers with a comma between them are two
PUBLIC = {PhoneNumberType.TOLL_FREE, PhoneNumberType.SHARED_COST, PhoneNumberType.PREMIUM_RATE}


class What(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    ACCOUNT = "account"
    IDENTITY = "identity"
    REFERENCE = "reference"
    NUMBER = "number"


@dataclass(frozen=True)
class Lookalike:
    what: What
    words: str
    line: int


def personal_in(text: str, own: Collection[str], country: str) -> Iterator[Lookalike]:
    """What looks like one person's, each once, in the order of the text; `own` are the help center's contacts."""
    # What is as long is no word of a person, and looking into it would take long.
    source = re.sub(r"\S{100,}", " ", without_targets(text))
    known = {_same(contact) for contact in own}
    found: dict[str, tuple[int, What]] = {}
    for kind in (Kind.EMAIL, Kind.CODE, Kind.NUMBER):
        for start, words in _candidates(source, kind):
            what = WEIGHED[kind](words, country)
            # The groups of an account number are no telephone, and digits of an address no number.
            is_part = any(words in longer for longer in found)
            if what and not is_part and _same(words) not in known:
                found[words] = start, what
    for words, (start, what) in sorted(found.items(), key=lambda each: each[1]):
        yield Lookalike(what, words, source.count("\n", 0, start) + 1)


def _candidates(source: str, kind: Kind) -> Iterator[tuple[int, str]]:
    if kind == Kind.CODE:  # in groups of four, as accounts are printed
        for found in re.finditer(r"\b[A-Z]{2}\d{2}(?: [0-9A-Z]{4}){3,7}(?: [0-9A-Z]{1,3})?\b", source):
            yield found.start(), found[0]
    for look in looks(source):
        if look.kind == kind:
            for part in APART.finditer(source[look.start : look.end]):
                yield look.start + part.start(), part[0].strip("*_`.,;:!?()[]<>«»“”\"'")


def _email(words: str, country: str) -> What | None:
    found = EMAIL.search(words)
    if found is None:
        return None
    name, _at, domain = found[0].lower().partition("@")
    return None if ROLES.fullmatch(name) or INVENTED.fullmatch(domain) else What.EMAIL


def _code(words: str, country: str) -> What | None:
    """What can be checked by its own digits, or is written as our references are; other codes are models."""
    joined = re.sub(r"[\s-]", "", words)
    if IBAN.fullmatch(joined) and _is_account(joined):
        return What.ACCOUNT
    if (found := NATIONAL.fullmatch(words)) and _letter_of(found[1]) == found[2]:
        return What.IDENTITY
    if REFERENCE.fullmatch(words) and 1 < sum(map(str.isdigit, words)) < 8:
        return What.REFERENCE
    return None


def _number(words: str, country: str) -> What | None:
    digits = re.sub(r"\D", "", words)
    is_book = len(digits) == 13 and digits.startswith(("978", "979"))
    if is_book or DATE.match(words) or SUM.fullmatch(words) or _is_made_up(digits):
        return None
    if len(digits) in CARD and _is_card(digits):
        return What.CARD
    kind = _kind_of_phone(words, country)
    if kind is not None:
        return None if kind in PUBLIC else What.PHONE
    return What.NUMBER if len(digits) >= LONG_NUMBER else None


WEIGHED = {Kind.EMAIL: _email, Kind.CODE: _code, Kind.NUMBER: _number}


def _kind_of_phone(words: str, country: str) -> int | None:
    try:
        number = phonenumbers.parse(words[:40], country or None)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.number_type(number) if phonenumbers.is_valid_number(number) else None


def _is_made_up(digits: str) -> bool:
    """Five equal digits in a row, or most of 1234567890: nobody has such a number."""
    return bool(re.search(r"(\d)\1{4}", digits)) or any(
        run in digits for run in ("1234567", "2345678", "7654321", "9876543")
    )


def _is_card(digits: str) -> bool:
    """By Luhn's check, with the first digit of a card."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return digits[0] in "3456" and sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _is_account(joined: str) -> bool:
    turned = joined[4:] + joined[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _letter_of(number: str) -> str:
    return LETTERS[int(number.translate(str.maketrans("XYZ", "012"))) % 23]


def _same(contact: str) -> str:
    """A word in small letters, a number as its last nine digits, whatever stands between them or in front."""
    return contact.strip().lower() if re.search(r"[^\W\d_]", contact) else re.sub(r"\D", "", contact)[-9:]
