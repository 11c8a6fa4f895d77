"""`search.yaml`: synonyms and search cases from content files."""

import pytest
from django.conf import settings

from helpcenter.content import import_folder
from search import cases
from search.models import SearchCase, Synonym

from .steps import run_worker

pytestmark = pytest.mark.django_db


def load(tmp_path, text):
    (tmp_path / "search.yaml").write_text(text, encoding="utf-8")
    return [str(mistake) for mistake in import_folder(tmp_path)]


def test_the_demo_loads_and_twice_is_the_same_as_once():
    for _round in range(2):
        assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
    assert SearchCase.objects.filter(language="es").count() >= 150
    assert Synonym.objects.filter(language="es").count() == Synonym.objects.filter(language="en").count() == 16


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_search_of_the_demo_leaves_nobody_without_an_answer(language):
    assert import_folder(settings.BASE_DIR / "fixtures" / "demo") == []
    run_worker()
    found = cases.evaluate(language)
    assert found["no_result"] <= 0.02


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "search.yaml:1: This file must be a mapping."),
        ("synonyms: [a]", "search.yaml:1: “synonyms” must be lists by language."),
        ("synonyms:\n  xx: [[a, b]]", "search.yaml:2: “xx” is not known here."),
        ("synonyms:\n  en:\n    - parcel", "search.yaml:2: A synonym is a list of words that mean the same."),
        ("synonyms:\n  en:\n    - [parcel]", "search.yaml:2: Write at least two lines"),
        ("cases:\n  en:\n    - parcel", "search.yaml:2: A search case has a “question”"),
        ("cases:\n  en:\n    - {question: a}", "search.yaml:3: Give either an “article” or a “flow”."),
        ("cases:\n  en:\n    - {question: a, article: gone}", "search.yaml:3: There is no article “gone”."),
        ("cases:\n  en:\n    - {question: a, flow: x, more: y}", "search.yaml:3: “more” is not known here."),
        ("cases:\n  en:\n    - {article: x}", "search.yaml:3: “question” is missing."),
        ("more: 1", "search.yaml:1: “more” is not known here."),
    ],
)
def test_what_is_wrong_names_its_line(tmp_path, text, sentence):
    found = load(tmp_path, text)
    assert any(mistake.startswith(sentence) for mistake in found), found
    assert not Synonym.objects.exists() and not SearchCase.objects.exists()
