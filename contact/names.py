"""What a file is called: for people to read, never a path.  Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 80  # characters without the ending
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/pdf": ("pdf",),
    "text/plain": ("txt", "log"),
}
REPLACED = frozenset({"gif", "webp", "heic", "heif", "avif"} | {one for each in ENDINGS.values() for one in each})
# Controls, what turns or joins letters without being seen, halves of letters, private ones, lines and paragraphs.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MEANS_SOMETHING = str.maketrans(dict.fromkeys(':*?"<>|', "-"))  # to one of the systems it will be saved on


def readable(given: str) -> str:
    """The name on one line and in reading order, its ending kept; “file” where nothing is left."""
    last = given.replace("\\", "/").rpartition("/")[2]
    letters = "".join(
        letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter) not in UNSEEN
    )
    name = " ".join(letters.translate(MEANS_SOMETHING).split()).strip(". ") or "file"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 12]}…{name[-11:]}"


def fitting(given: str, kind: str) -> str:
    """The same with the ending of what the file really is, so that no system takes it for something else."""
    name = readable(given)
    stem, _dot, ending = name.rpartition(".")
    if stem and ending.lower() in ENDINGS[kind]:
        return name
    if stem and ending.lower() in REPLACED:
        name = stem
    return f"{name}.{ENDINGS[kind][0]}"
