import time

import pytest
from haystack.exceptions import SearchBackendError
from haystack.query import SearchQuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.analysis import terms
from search.engine import answer, complete
from tests.factories import make_article, make_category, make_translation

from .steps import page, run_worker, suggestions, titles

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


@pytest.mark.parametrize(
    "question",
    [
        "x " * 50_000,
        "a" * 100_000,
        " ".join(f"word{number}" for number in range(1000)),
        "* " * 200,
        "pa* " * 200,
        "(" * 100_000,
        '"' * 1001,
        "ﷺ" * 5000,
    ],
    ids=["100 KB", "one word", "1,000 words", "wildcards", "prefixes", "brackets", "quotes", "expanding"],
)
def test_a_huge_question_is_answered_at_once(parcel, question):
    page("warm up")
    began = time.perf_counter()
    html = page(question)
    suggestions(question)
    assert time.perf_counter() - began < 1
    assert len(html) < 20_000


SYNTAX = st.sampled_from(
    ["AND", "OR", "NOT", "TO", "id:", "text:", "django_ct:", "*", "?", "~", "^", '"', "'", "(", ")", "[", "]"]
    + ["{", "}", "+", "-", "!", "\\", "/", ":", "..", "&&", "||", "<", ">", "parcelx", "\x00", "\n", " "]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SYNTAX | st.text(max_size=5), max_size=40).map("".join))
def test_any_mixture_of_syntax_matches_terms_only(parcel, question):
    found = answer(question, "en")
    assert not found.references or HELD & set(terms(found.corrected or question, "en"))
    complete(question, "en")


def test_an_excluding_filter_is_refused_rather_than_turned_around(parcel):
    with pytest.raises(SearchBackendError):
        list(SearchQuerySet().exclude(content="parcel"))
