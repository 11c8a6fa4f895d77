"""An e-mail address with a slip of the finger in it: pure.  It is pointed out and never refused."""

from __future__ import annotations

# Where most people have their mail, with names long enough that what is one letter away is hardly another's.
COMMON = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.es",
    "icloud.com",
    "outlook.com",
    "outlook.es",
    "protonmail.com",
    "telefonica.net",
    "yahoo.com",
    "yahoo.es",
)
# One letter away from those, and right.
RIGHT = frozenset({"mail.com", "email.com", "ymail.com", "hotmail.se", "outlook.se"})
NO_SUCH = {"gmail.es": "gmail.com", "icloud.es": "icloud.com"}  # mail is there under .com only


def meant(email: str) -> str:
    """The address as it was probably meant; empty where nothing is odd about it."""
    name, at, domain = email.rpartition("@")
    said = domain.lower()
    if not at or said in COMMON or said in RIGHT:
        return ""
    slips = (_is_one_slip, _is_one_slip_in_each_part)
    found = (common for is_meant in slips for common in COMMON if is_meant(said, common))
    likely = NO_SUCH.get(said) or next(found, "")
    return f"{name}@{likely}" if likely else ""


def _is_one_slip_in_each_part(said: str, common: str) -> bool:
    """Whether both the name of the domain and its ending have one, as in gmial.con."""
    (name, _dot, ending), (wanted, _dot, right_ending) = said.partition("."), common.partition(".")
    is_right = f"{name}.{right_ending}" in RIGHT  # another one, then, with one slip in its ending
    return not is_right and _is_one_slip(name, wanted) and _is_one_slip(ending, right_ending)


def _is_one_slip(said: str, common: str) -> bool:
    """Whether one letter is missing, too many or another one, or two beside each other have changed places."""
    start = next((place for place, (a, b) in enumerate(zip(said, common, strict=False)) if a != b), None)
    if start is None:
        return abs(len(said) - len(common)) == 1
    given, wanted = said[start:], common[start:]
    is_swapped = given[:2] == wanted[1::-1] and given[2:] == wanted[2:]
    return given[1:] == wanted or given == wanted[1:] or given[1:] == wanted[1:] or is_swapped
