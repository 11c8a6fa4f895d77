"""References like 7K3M-92XD: read out on the telephone, copied by hand, never misread."""

import secrets

EXAMPLE = "7K3M-92XD"  # for texts that show what one looks like
# Without 0 O 1 I L, which are mistaken for each other, and without vowels (Y too), so that no words arise.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"


def draw() -> str:
    """A new reference at random: eight characters in two groups."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def as_written(text: str) -> str:
    """A reference however it was typed ("7k3m92xd"), in the way it is stored."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == 8 else text
