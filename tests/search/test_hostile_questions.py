import time

import pytest
from haystack.exceptions import SearchBackendError
from haystack.query import SearchQuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir
from whoosh.qparser import QueryParser

from search.analysis import terms
from search.engine import answer, complete
from tests.factories import make_article, make_category, make_translation

from .steps import folder, page, run_worker, suggestions, titles

pytestmark = pytest.mark.django_db

HOSTILE = [
    "'}*a*",
    "-'}status:draft",
    "*",
    "*:*",
    "pa*",
    "par?el",
    "text:*",
    "id:articles.translation.1",
    "django_ct:articles.translation",
    "NOT zebra",
    "-zebra",
    "zebra~9",
    "[a TO z]",
    "{a TO}",
    '"unclosed',
    "((((",
    "a" * 200,
    "\\",
    "%",
    "_",
    "\x00parcel\x00",
    "<script>",
    "'; DROP TABLE articles_translation; --",
    "🙂",
    "a AND b OR NOT",
    "٣",
]


HELD = {"parcel", "everyth", "els", "zulu"}  # the terms of the only article


@pytest.fixture
def parcel():
    category = make_category(name={"en": "Zulu"})
    make_translation(make_article(category=category), title="Parcel", body="Everything else.")
    run_worker()


@pytest.mark.parametrize("question", HOSTILE)
def test_syntax_finds_nothing_and_breaks_nothing(parcel, question):
    assert titles(question) == []
    assert suggestions(question) == []


@pytest.mark.parametrize(
    "question",
    ['"parcel"', "title:parcel", "+parcel", "parcel)", "zebra OR parcel", "*parcel*", "?arcel", "parzel~2"],
)
def test_a_word_is_found_whatever_stands_around_it(parcel, question):
    assert titles(question) == ["Parcel"]


HUGE = {
    "100 KB": "parcel " * 15_000,
    "one word": "a" * 100_000,
    "1,000 words": " ".join(f"word{number}" for number in range(1000)),
    "wildcards": "* " * 200,
    "prefixes": "pa* " * 200,
    "edits": "parcel~9 " * 200,
    "brackets": "(" * 100_000,
    "quotes": '"' * 1001,
    "expanding": "ﷺ" * 5000,
}


@pytest.mark.parametrize("question", HUGE.values(), ids=HUGE)
def test_a_huge_question_is_answered_at_once(parcel, question):
    page("warm up")
    began = time.perf_counter()
    html = page(question)
    suggestions(question)
    assert time.perf_counter() - began < 1
    assert len(html) < 20_000


FIELDS = ["id", "text", "title", "keywords", "shown", "about", "category", "fingerprint", "django_ct", "django_id"]
SYNTAX = [" AND ", " OR ", " NOT ", " ANDNOT ", " ANDMAYBE ", " REQUIRE ", " TO ", "*", "?", "~", "~9", "^", "^2"]
SYNTAX += [
    '"',
    "'",
    "“",
    "”",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "+",
    "-",
    "!",
    "\\",
    "/",
    ":",
    "..",
    "&&",
    "||",
    "<",
    ">",
]
SYNTAX += ["=", ",", "%", "\x00", "\n", " "]
# What stands in fields that are not asked, and the beginnings and ends of what stands in those that are.
VALUES = ["articles", "translation", "articles.translation", "1", "par", "arcel", "parcelx", "every"]
PIECES = [*SYNTAX, *(f"{field}:" for field in FIELDS), *VALUES]
MIXTURES = st.lists(st.sampled_from(PIECES) | st.sampled_from(sorted(HELD)) | st.text(max_size=5), max_size=40)
MIXTURES = MIXTURES.map("".join)


def check_finds_by_terms_only(question):
    found = answer(question, "en")
    assert not found.references or HELD & set(terms(found.corrected or question, "en"))
    complete(question, "en")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MIXTURES)
def test_any_mixture_of_syntax_matches_terms_only(parcel, question):
    check_finds_by_terms_only(question)


def by_a_parser(question):
    """What Whoosh's own parser makes of it, asked of the very same index."""
    index = open_dir(folder() / "current")
    with index.searcher() as searcher:
        found = len(searcher.search(QueryParser("text", index.schema).parse(question)))
    index.close()
    return found


@pytest.mark.parametrize(
    "question", ["*", "pa*", "text:*", "django_ct:articles.translation", "NOT zebra", "par?el", "[a TO z]"]
)
def test_a_parser_would_find_by_other_things(parcel, question):
    """The control."""
    assert by_a_parser(question)
    with pytest.raises(AssertionError):
        assert not by_a_parser(question) or HELD & set(terms(question, "en"))
    check_finds_by_terms_only(question)


def test_an_excluding_filter_is_refused_rather_than_turned_around(parcel):
    with pytest.raises(SearchBackendError):
        list(SearchQuerySet().exclude(content="parcel"))
