from datetime import date

from django.test import SimpleTestCase

from contact import typed


class LineTests(SimpleTestCase):
    def test_one_line_stays_one_line(self):
        hostile = "a\r\nBcc: x@example.org\u2028b\u2029c\x85d\x0be\x0cf\x1cg"
        assert typed.one_line(hostile) == "a Bcc: x@example.org b c d e f g"

    def test_nul_and_other_controls_are_gone(self):
        assert typed.one_line("a\0b\x07c\x7f") == "abc"
        assert typed.many_lines("a\0b\n\x1bc") == "ab\nc"

    def test_lines_keep_their_order_and_blanks(self):
        assert typed.many_lines("one\r\n\r\ntwo\rthree\u2028four") == "one\n\ntwo\nthree\nfour"

    def test_other_writings_are_left_as_they_are(self):
        for words in ("España «sí» ¿no?", "مرحبا", "👩‍👧 ok", "e\u0301"):
            assert typed.one_line(words) == typed.many_lines(words) == words


class DayTests(SimpleTestCase):
    def test_reads_a_picked_and_a_written_date(self):
        for text in ("2026-05-03", "3/5/2026", "03.05.2026", "3-5-26", " 3 5 2026 ", "2026/5/3"):
            assert typed.day(text) == date(2026, 5, 3), text

    def test_anything_else_is_none(self):
        for text in ("", "yesterday", "31/2/2026", "5/13/2026", "2026", "0/0/0", "3/5/20266", "9" * 5000):
            assert typed.day(text) is None, text


class AddressTests(SimpleTestCase):
    def test_a_foreign_domain_is_written_in_ascii(self):
        assert typed.ascii_address("ana@españa.es") == "ana@xn--espaa-rta.es"

    def test_a_domain_that_cannot_be_is_an_error(self):
        with self.assertRaises(UnicodeError):
            typed.ascii_address(f"ana@{'ñ' * 63}.es")
