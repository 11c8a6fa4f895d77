"""What nobody should send: card and account numbers, passwords and one-time codes, found in a text.  Pure.

Nothing is changed and nothing refused: the customer is told, and decides.  A find that is none is a question too
many, a missed one a number in a mailbox; so numbers must check out, and words must say what stands beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flows import masks

DIGITS = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){12,59}(?![\w-])", re.ASCII)
# By brand: the digits that its numbers begin with, and how many they have.
CARDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-59]|[689]\d)\d{11}"  # Diners Club
    r"|(?:6011|64[4-9]\d|65\d\d|35[2-8]\d|62\d\d|81\d\d)\d{12,15}"  # Discover, JCB, UnionPay
    r"|(?:50|5[6-9]|6[0-9])\d{11,17}",  # Maestro
    re.ASCII,
)
OTHER_NUMBER = re.compile(
    r"(?:serial|serie|s/n|imei|tracking|seguimiento|reference|referencia)[^\d\n]{0,20}$", re.IGNORECASE
)

ACCOUNT = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}", re.IGNORECASE | re.ASCII)
LENGTHS = {  # of account numbers, by country
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "NL"), 18),
    **dict.fromkeys(("SI", "MK"), 19),
    **dict.fromkeys(("AT", "EE", "LT", "LU", "BA", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "DE", "GB", "GE", "IE", "ME", "RS"), 22),
    **dict.fromkeys(("AE", "GI", "IL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "VG"), 24),
    **dict.fromkeys(("PT",), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "CY", "DO", "GT", "HU", "LB", "PL"), 28),
    **dict.fromkeys(("BR", "UA"), 29),
    **dict.fromkeys(("MT",), 31),
}

PASSWORD = re.compile(
    r"\b(?P<name>passwords?|passcode|passphrase|contraseñas?|contrasenas?|clave(?: de acceso)?|pin)"
    r"(?:\s+(?:for|to|of|de|del|para)(?:\s+\w{1,30}){1,3}?)?"
    r"\s*(?P<is>is|was|are|es|era|son|:|=)\s*[«“\"']?(?P<value>[^\s«»“”\"']+)(?=(?P<rest>[^\n]{0,9}))",
    re.IGNORECASE,
)
# What people say of a password instead of saying it.
STATES = {
    *("wrong", "right", "correct", "incorrect", "expired", "rejected", "refused", "lost", "forgotten", "gone"),
    *("fine", "okay", "good", "invalid", "valid", "weak", "strong", "secure", "safe", "different", "reset"),
    *(
        "changed",
        "new",
        "blocked",
        "locked",
        "empty",
        "missing",
        "required",
        "needed",
        "working",
        "accepted",
        "old",
    ),
    *("correcta", "correcto", "incorrecta", "incorrecto", "errónea", "erronea", "buena", "mala", "válida"),
    *("valida", "inválida", "invalida", "caducada", "nueva", "antigua", "vieja", "segura", "distinta", "old"),
    *("débil", "debil", "rechazada", "bloqueada", "necesaria", "obligatoria", "válido", "inválido"),
}

CODE = re.compile(
    r"\b(?P<name>(?:[\w-]{1,30}\s+){0,3}(?:codes?|códigos?|codigos?|otp|cvv2?|cvc2?)\b)"
    r"(?P<between>[^\d\n.!?;]{0,60}?)(?<![\w-])(?P<value>\d(?:[ -]?\d){2,7})(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
ONE_TIME = re.compile(
    r"verif|security|seguridad|one[- ]time|log-?in|sign-?in|sms|2fa|otp|cvv|cvc|confirm|access|acceso|un solo uso|"
    r"text(?:ed)? me|sent me|you sent|enviado|enviasteis|mandado|mandasteis|llegado|llegó|recib|received|got",
    re.IGNORECASE,
)
PLAIN_CODE = re.compile(
    r"^\W*(?:(?:it|that|which|the|my|this|mi|el|este|tu)\s+)*(?:is|was|es|era|:|=)\W*$", re.IGNORECASE
)
OTHER_CODE = re.compile(
    r"error|fault|door|gate|puerta|portal|portero|postal|post|zip|area|promo|discount|coupon|voucher|gift|product|item|order|tracking|country|dial|bar|"
    r"qr|reference|status|exit|color|colour|descuento|cup[oó]n|regalo|producto|art[ií]culo|pedido|seguimiento|"
    r"barras|prefijo|fallo|referencia|estado",
    re.IGNORECASE,
)
WINDOW_AROUND = 40


class Kind(StrEnum):
    CARD = "card"
    ACCOUNT = "account"
    PASSWORD = "password"  # noqa: S105
    CODE = "code"


@dataclass(frozen=True)
class Find:
    """A secret in a text: what it is and how it reads with the secret itself hidden."""

    kind: Kind
    excerpt: str
    secret: str  # without spaces, to tell two finds apart; never shown


def find(text: str, forms: Iterable[str] = ()) -> list[Find]:
    """The secrets in the text, in its order; numbers of one of the forms (see flows.masks) are none."""
    given = [form for form in forms if form]
    found = dict([*_cards(text, given), *_accounts(text), *_passwords(text), *_codes(text)])
    return [found[where] for where in sorted(found)]


def _cards(text: str, forms: list[str]) -> Iterator[tuple[int, Find]]:
    for match in DIGITS.finditer(text):
        if OTHER_NUMBER.search(text[max(0, match.start() - WINDOW_AROUND) : match.start()]):
            continue
        for start, digits in _runs(match[0]):
            is_card = CARDS.fullmatch(digits) and _checks_out(digits)
            if is_card and not any(masks.fits(digits, form) for form in forms):
                yield match.start() + start, Find(Kind.CARD, f"•••• {digits[-4:]}", digits)
                break


def _runs(groups: str) -> Iterator[tuple[int, str]]:
    """Every row of groups that may be a number by itself: months and security codes stand beside one.

    Of each place the longest comes first.
    """
    parts = list(re.finditer(r"\d+", groups))
    for first, begins in enumerate(parts):
        digits, found = "", []
        for part in parts[first:]:
            digits += part[0]
            if len(digits) > 19:  # nor may any longer row
                break
            if len(digits) >= 13:
                found.append(digits)
        yield from ((begins.start(), each) for each in reversed(found))


def _checks_out(digits: str) -> bool:
    """Whether the last digit is that of Luhn's formula, and not all are the same."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0 and len(set(digits)) > 1


def _accounts(text: str) -> Iterator[tuple[int, Find]]:
    for match in ACCOUNT.finditer(text):
        letters = re.sub(r"[ -]", "", match[0]).upper()
        number = letters[: LENGTHS.get(letters[:2], 0)]
        turned = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
        if len(number) == LENGTHS.get(letters[:2]) and int(turned) % 97 == 1:
            yield match.start(), Find(Kind.ACCOUNT, f"{number[:4]} •••• {number[-4:]}", number)


def _passwords(text: str) -> Iterator[tuple[int, Find]]:
    for match in PASSWORD.finditer(text):
        value = match["value"].rstrip(".,;:!?)")
        if _looks_like_one(value, match):
            excerpt = f"{text[match.start() : match.start('value')].strip()} ••••"
            yield match.start(), Find(Kind.PASSWORD, excerpt, value)


def _looks_like_one(value: str, match: re.Match[str]) -> bool:
    """With digits or signs in it, or a word with which the sentence ends, and which says nothing about it."""
    if not value or value.lower() in STATES:
        return False
    if re.search(r"\d|[^\w’']", value):
        return True
    ends = match["value"] != value or not match["rest"].strip(" »”\"'")
    return ends and len(value) > 3


def _codes(text: str) -> Iterator[tuple[int, Find]]:
    for match in CODE.finditer(text):
        words = match["name"] + match["between"]
        before = text[max(0, match.start() - WINDOW_AROUND) : match.start()].rsplit(".", 1)[-1]
        digits = re.sub(r"\D", "", match["value"])
        least = 3 if re.search(r"cv[vc]", words, re.IGNORECASE) else 4
        if OTHER_CODE.search(words) or len(digits) < least:
            continue
        if ONE_TIME.search(before + words) or PLAIN_CODE.match(match["between"]):
            yield match.start(), Find(Kind.CODE, f"{words.strip()} ••••", digits)
