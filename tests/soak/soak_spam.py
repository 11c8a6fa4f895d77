"""10,000 programs of five kinds and 200 people from 200 addresses, all through the pages (B1)."""

from tests.contact import test_bots


class ManyProgramsTests(test_bots.ProgramsTests):
    programs = 10_000
    test_without_the_guards_they_would_pass = None  # the suite runs it


class ManyPeopleTests(test_bots.PeopleTests):
    people = 200
    test_one_who_looks_like_a_program_would_be_seen_to_be_refused = None
    test_autofill_without_a_ban_would_fill_the_trap = None
