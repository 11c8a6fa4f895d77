"""`manage.py evaluate_search`: known answers, in files or as the site's search cases."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from search.models import SearchCase
from tests.factories import both, make_article, make_flow, make_translation

from .steps import run_worker

pytestmark = pytest.mark.django_db

DOCUMENTS = [
    {"id": "a", "language": "en", "title": "Return a parcel", "body": "Print the *label*.", "category": "orders"},
    {
        "id": "b",
        "language": "en",
        "title": "Ask for a refund",
        "body": "The bank takes days.",
        "category": "orders",
    },
    {"id": "c", "language": "es", "title": "Devolución", "body": "Imprime la etiqueta.", "category": "orders"},
]
QUERIES = [
    {"query": "print a label", "expected": ["a"], "language": "en"},
    {"query": "refnud", "expected": ["b"], "language": "en"},
    {"query": "bank", "expected": ["a"], "language": "en"},
    {"query": "zebra", "expected": [], "language": "en"},
    {"query": "devolucion", "expected": ["c"], "language": "es"},
]
NAMES = {
    *("recall_at_1", "recall_at_5", "mrr_at_10", "no_result", "queries", "documents"),
    *("p50_ms", "p95_ms", "build_s", "index_mb"),
}


@pytest.fixture
def files(tmp_path):
    def write(documents=DOCUMENTS, queries=QUERIES):
        for name, rows in (("documents", documents), ("queries", queries)):
            lines = rows if isinstance(rows, str) else "\n".join(map(json.dumps, rows))
            (tmp_path / name).write_text(lines, encoding="utf-8")
        return ["--documents", str(tmp_path / "documents"), "--queries", str(tmp_path / "queries")]

    return write


def evaluate(*options):
    said = StringIO()
    call_command("evaluate_search", *options, stdout=said)
    return json.loads(said.getvalue())


def test_prints_the_figures_of_the_files(files):
    found = evaluate(*files(), "--language", "en")
    assert set(found) == NAMES
    assert (found["documents"], found["queries"]) == (2, 4)
    assert found["recall_at_1"] == found["recall_at_5"] == round(2 / 3, 4)
    assert found["no_result"] == 0.25
    assert found["p95_ms"] >= found["p50_ms"] > 0 and found["build_s"] > 0 and found["index_mb"] > 0


def test_takes_the_language_asked_for(files):
    found = evaluate(*files(), "--language", "es")
    assert (found["documents"], found["queries"], found["recall_at_1"]) == (1, 1, 1.0)


def test_leaves_the_site_alone(files):
    make_translation(title="Site")
    run_worker()
    evaluate(*files(), "--language", "en")
    from .steps import titles

    assert titles("site") == ["Site"]


@pytest.mark.parametrize(
    ("documents", "queries", "sentence"),
    [
        ("", QUERIES, "no document in the language 'en'"),
        (DOCUMENTS, "", "no query in the language 'en'"),
        ("{broken", QUERIES, "documents, line 1: this is no JSON"),
        (DOCUMENTS, '{"query": "a", "expected": ["a"]}\n[]', "queries, line 2: this is no JSON object"),
        (
            DOCUMENTS,
            '\n{"query": "a", "expected": ["zz"]}',
            "queries, line 2: there is no document with the id 'zz'",
        ),
        (DOCUMENTS, '{"query": " ", "expected": []}', "queries, line 1: “query” must be a text"),
        (DOCUMENTS, '{"query": "a", "expected": "a"}', "queries, line 1: “expected” must be a list"),
        (DOCUMENTS + DOCUMENTS[:1], QUERIES, "documents, line 4: the id 'a' is there twice"),
        ([{"id": "a", "title": 3, "body": ""}], QUERIES, "documents, line 1: “title” must be a text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(files, documents, queries, sentence):
    with pytest.raises(CommandError, match=sentence.replace("[", r"\[")):
        evaluate(*files(documents, queries))


def test_files_that_are_not_there_and_half_of_the_options(files, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        evaluate("--documents", str(tmp_path / "none"), "--queries", str(tmp_path / "none"))
    with pytest.raises(CommandError, match="Give both"):
        evaluate(*files()[:2])


def test_without_files_it_evaluates_the_search_cases():
    article = make_article(key="returns")
    make_translation(article, title="Return a parcel")
    flow = make_flow("lost", title=both("Lost luggage"))
    run_worker()
    SearchCase.objects.create(language="en", question="parcel", article=article)
    SearchCase.objects.create(language="en", question="lost", flow=flow)
    SearchCase.objects.create(language="en", question="zebra", flow=flow)
    found = evaluate()
    assert set(found) == NAMES
    assert (found["queries"], found["documents"], found["recall_at_1"]) == (3, 2, round(2 / 3, 4))


def test_without_cases_it_says_so():
    with pytest.raises(CommandError, match="no search case"):
        evaluate()
