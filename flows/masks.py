"""The form of a number, as editors write it: 9 is a digit, A a letter, X either; all else is itself.  Pure.

Not regular expressions: nobody must know them to say what an order number looks like, and none can stall the site.
"""

from __future__ import annotations

LOOSE = frozenset(" -./·")  # people leave them out, or add them
KINDS = {"9": str.isdecimal, "A": str.isalpha, "X": str.isalnum}


def fits(text: str, forms: str) -> bool:
    """Whether the text has one of the forms, separated by commas; case, spaces and hyphens do not matter."""
    letters = _tight(text)
    return any(_fits(letters, _tight(form)) for form in forms.split(",") if form.strip())


def example(forms: str) -> str:
    """A made-up number of the first form: 123-4567890."""
    digits, letters, made = "1234567890", "ABCDEFGHJK", []
    for place, sign in enumerate(forms.split(",")[0].strip()):
        kind = sign if sign in KINDS else ""
        made.append({"9": digits, "A": letters, "X": digits}.get(kind, sign * 10)[place % 10])
    return "".join(made)


def _tight(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign not in LOOSE)


def _fits(letters: str, form: str) -> bool:
    if len(letters) != len(form):
        return False
    return all(
        KINDS[sign](letter) if sign in KINDS else letter == sign
        for letter, sign in zip(letters, form, strict=True)
    )
