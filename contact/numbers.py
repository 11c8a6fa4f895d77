"""The order and serial numbers of a request, by which requests about the same thing are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import models

KEYS = frozenset({"order-number", "serial-number"})  # details whose value stands for one thing
SHORTEST, LONGEST = 5, 40  # a shorter one tells nothing apart


class GivenNumber(models.Model):
    """One number of a request, in its letters and digits alone; found without reading every request's details."""

    request = models.ForeignKey("contact.ContactRequest", on_delete=models.CASCADE, related_name="numbers")
    key = models.SlugField()  # the detail's
    value = models.CharField(max_length=LONGEST, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "key", "value"], name="one_number_once")]

    def __str__(self) -> str:
        return self.value


def of(details: Iterable[Mapping[str, str]]) -> set[tuple[str, str]]:
    """Key and number of the details that are one; an explanation such as “I cannot find it” is none."""
    found = ((detail["key"], plain(detail["value"])) for detail in details if detail["key"] in KEYS)
    return {(key, number) for key, number in found if number}


def plain(text: str) -> str:
    """The number as it is stored, however it is written (“123-4567890”); empty where it is none."""
    letters = beginning(text)
    return letters if any(letter.isdigit() for letter in letters) and len(text.split()) <= 3 else ""


def beginning(text: str) -> str:
    """What a stored number may begin with, be it letters alone; empty where the text is too short or too long."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return letters if SHORTEST <= len(letters) <= LONGEST else ""
