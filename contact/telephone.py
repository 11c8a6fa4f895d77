"""Telephone numbers: read as people type them, and written as they are dialled and read."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumberFormat

LONGEST = 40  # characters that are looked at


def read(text: str) -> str | None:
    """The number as it is dialled from anywhere, +34912345678; None where nobody has such a number.

    Without a country in front it is one of the site's country.
    """
    try:
        number = phonenumbers.parse(text[:LONGEST], settings.COUNTRY or None)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def written(dialled: str) -> str:
    """The number as it is read, with its country: +34 912 34 56 78; as it stands where it is none."""
    try:
        number = phonenumbers.parse(dialled)
    except phonenumbers.NumberParseException:
        return dialled
    return str(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
