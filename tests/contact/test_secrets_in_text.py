"""Card and account numbers, passwords and codes in a text: found, and other numbers left alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contact.secrets_in_text import Kind, find

FOUND = [
    (Kind.CARD, "My card is 4111 1111 1111 1111, valid until 09/27", "•••• 1111"),
    (Kind.CARD, "4111 1111 1111 1111 09/27", "•••• 1111"),
    (Kind.CARD, "4111111111111111 123", "•••• 1111"),
    (Kind.CARD, "4111-1111-1111-1111", "•••• 1111"),
    (Kind.CARD, "Paid with 5500005555555559.", "•••• 5559"),
    (Kind.CARD, "La tarjeta es la 3782 822463 10005 y me cobrasteis", "•••• 0005"),
    (Kind.CARD, "tarjeta:6011000990139424", "•••• 9424"),
    (Kind.CARD, "4222222222222 es la antigua", "•••• 2222"),
    (Kind.ACCOUNT, "Refund it to ES91 2100 0418 4502 0005 1332 and thank you", "ES91 •••• 1332"),
    (Kind.ACCOUNT, "Devolvedlo a es9121000418450200051332 por favor", "ES91 •••• 1332"),
    (Kind.ACCOUNT, "IBAN GB82WEST12345698765432", "GB82 •••• 5432"),
    (Kind.ACCOUNT, "DE89 3704 0044 0532 0130 00 is mine", "DE89 •••• 3000"),
    (Kind.PASSWORD, "My password is hunter2 and I cannot sign in", "password is ••••"),
    (Kind.PASSWORD, "my password is swordfish.", "password is ••••"),
    (Kind.PASSWORD, "Password: Tr0ub4dor&3", "Password: ••••"),
    (Kind.PASSWORD, "The password for my account was “correcthorse”", "password for my account was “ ••••"),
    (Kind.PASSWORD, "Mi contraseña es Madrid2024", "contraseña es ••••"),
    (Kind.PASSWORD, "mi contraseña es perrito", "contraseña es ••••"),
    (Kind.PASSWORD, "clave: abc123", "clave: ••••"),
    (Kind.PASSWORD, "My PIN is 4921", "PIN is ••••"),
    (Kind.CODE, "The verification code is 482913", "The verification code is ••••"),
    (Kind.CODE, "I got the code 482 913 but it is refused", "I got the code ••••"),
    (Kind.CODE, "my code is 4829", "my code is ••••"),
    (Kind.CODE, "El código de verificación es 482913", "El código de verificación es ••••"),
    (Kind.CODE, "El código que me ha llegado es el 482913", "El código que me ha llegado es el ••••"),
    (Kind.CODE, "código: 482913", "código: ••••"),
    (Kind.CODE, "CVV 123", "CVV ••••"),
]
LEFT_ALONE = [
    "Order 123-4567890 has not come",
    "Serial number PL-2207-4411-0000-1234",
    "Serial number 4111111111111111",
    "número de serie 4111111111111111",
    "IMEI 490154203237518",
    "AB4111111111111111",
    "Tracking 4111111111111112 has stood still",  # does not check out
    "0000 0000 0000 0000",
    "Call me at +34 612 345 678 or 0034 91 234 56 78",
    "9,99 € on 2026-11-26 10:15, and 1.234.567.890.123,45 would be too much",
    "ES91 2100 0418 4502 0005 1333 is mistyped",
    "My password is wrong",
    "my password is not accepted and is incorrect.",
    "The password was reset yesterday",
    "Mi contraseña es correcta",
    "la contraseña es la que puse ayer y no entra",
    "mi contraseña no funciona; es rechazada",
    "I forgot my password. Is 2 days normal?",
    "Error code 404512 comes up",
    "Sale el código de error 404512",
    "The postal code is 28013",
    "El código postal es 28013",
    "código de descuento 12345",
    "The door code is 4829, second floor",
    "El código del portal es 4829",
    "The code has not come for 15 minutes",
    "The code did not arrive. I ordered 12345 in May",
    "No me llega el código desde hace 1500 segundos",
    "clave del problema: la batería",
    "Product code 4829103",
]


@pytest.mark.parametrize(("kind", "text", "excerpt"), FOUND)
def test_points_out(kind: Kind, text: str, excerpt: str) -> None:
    assert [(one.kind, one.excerpt) for one in find(text)] == [(kind, excerpt)]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_leaves_alone(text: str) -> None:
    assert find(text) == []


def test_a_number_of_one_of_the_topics_forms_is_no_card() -> None:
    assert find("Order 4111111111111111", ["999-9999999", "9999-9999-9999-9999"]) == []
    assert find("Order 4111111111111111", ["999-9999999"]) != []


def test_all_of_them_in_their_order() -> None:
    text = "Card 4111 1111 1111 1111, password: x9!k, code: 482913, ES9121000418450200051332"
    assert [one.kind for one in find(text)] == [Kind.CARD, Kind.PASSWORD, Kind.CODE, Kind.ACCOUNT]


@given(st.text(alphabet="0123456789 -ABcode:contraseñapin.\n", max_size=400))
def test_no_excerpt_shows_the_secret_and_no_text_is_too_strange(text: str) -> None:
    for one in find(text):
        hidden = one.secret[:-4] if one.kind in (Kind.CARD, Kind.ACCOUNT) else ""
        assert not hidden or len(hidden) < 9 or hidden not in one.excerpt.replace(" ", "")


@pytest.mark.parametrize(
    "made", ["a-", "1 ", "4 ", "4111 ", "code ", "password for ", "ES91", "código 1", "a", "\n"]
)
def test_a_long_text_of_anything_is_read_at_once(made: str) -> None:
    before = time.process_time()
    find((made * 10_000)[:10_000], ["999-9999999", "AA-9999, XXXXXXXX", "AAA", "99", "ES-99"])
    assert time.process_time() - before < 0.3
