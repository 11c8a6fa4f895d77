"""What looks like one person's in a text, and what an article rightly names."""

from __future__ import annotations

from django.test import SimpleTestCase

from articles.lookalikes import What, personal_in

OWN = {"support@almendra.es", "+34 910 222 333", "7K3M-92XD"}


def kinds(text: str) -> list[What]:
    return [found.what for found in personal_in(text, OWN, "ES")]


class LookalikeTests(SimpleTestCase):
    # what is somebody's, and next to it what is much like it and nobody's
    TABLE = (
        (What.EMAIL, "Write to maria.lopez@mail.es.", "Write to support@almendra.es or soporte@tienda.es."),
        (What.EMAIL, "From J.Smith+shop@mail.co.uk", "From ana@example.org or you@ejemplo.com"),
        (What.EMAIL, "maria.lopez@mail.es", "[write](mailto:maria.lopez@mail.es), @almendra"),
        (What.PHONE, "Call 612 34 58 79", "Call 910 222 333, or +34 910222333"),
        (What.PHONE, "Call +44 20 7946 1958", "Call 900 123 456, which is free"),
        (What.PHONE, "Call 612 34 58 79", "[Call us](tel:+34612345879)"),
        (What.PHONE, "Call 612 34 58 79", "Call 600 000 000 or 612 345 678"),
        (What.CARD, "Card 4539 1488 0343 6467", "Card 4111 1111 1111 1111"),
        (What.ACCOUNT, "To ES91 2100 0418 4502 0005 1332", "The tariff ES91 and the cable 2100"),
        (What.ACCOUNT, "To ES9121000418450200051332", "The cable USB3C-2024-HDMI21"),
        (What.IDENTITY, "DNI 53127849B", "Model 53127849C"),
        (What.REFERENCE, "Reference K4T9-33MX", "Reference 7K3M-92XD"),
        (What.NUMBER, "Order 302-8841907-5523361", "Order 123-4567890"),
        (What.NUMBER, "Customer 8841907552", "Since 2024-2026, 28013 Madrid, 1.234.567,00 €, 2026-05-03 10:20"),
        (What.NUMBER, "Customer 8841907552", "WH-1000XM4, RTX3080Ti, A2846, ISBN 978-84-376-0494-7"),
        (What.NUMBER, "Customer 8841907552", "https://x.example/8841907552 [a](https://x.example/8841907552)"),
    )

    def test_names_what_is_somebodys_and_lets_be_what_is_nobodys(self):
        for what, personal, harmless in self.TABLE:
            with self.subTest(personal=personal, harmless=harmless):
                assert kinds(personal) == [what]
                assert kinds(harmless) == []

    def test_says_on_which_line_and_each_only_once(self):
        text = "One\n\nmaria.lopez@mail.es and\nmaria.lopez@mail.es\n\n612 34 58 79"
        assert [(found.words, found.line) for found in personal_in(text, OWN, "ES")] == [
            ("maria.lopez@mail.es", 3),
            ("612 34 58 79", 6),
        ]
