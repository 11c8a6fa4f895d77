"""Synonyms and search cases from content files: `search.yaml`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from articles.contentfiles import Fields, Report, put, read_fields
from articles.models import Article
from flows.models import Flow

from .models import SearchCase, Synonym


def import_search(folder: Path, report: Report) -> None:
    """What the folder says of this app is in the database, but for what the report tells."""
    given = read_fields(folder / "search.yaml", report)
    given.expect("synonyms", "cases")
    _each(given, "synonyms", _import_synonym)
    _each(given, "cases", _import_case)


def _each(given: Fields, name: str, take: Callable[[Fields, str, Any], None]) -> None:
    """Takes every item of the lists by language that stand under this name."""
    lists = given.get(name)
    if not lists:
        return
    if not isinstance(lists, Fields):
        given.mistake(f"“{name}” must be lists by language.", name)
        return
    lists.expect(*dict(settings.LANGUAGES))
    for language in lists:
        for item in lists.items_of(language):
            take(lists, language, item)


def _import_synonym(lists: Fields, language: str, words: Any) -> None:
    if not isinstance(words, list):
        lists.mistake("A synonym is a list of words that mean the same.", language)
        return
    synonym = Synonym(language=language, words="\n".join(map(str, words)))
    try:
        synonym.clean()
    except ValidationError as error:
        lists.mistake(" ".join(error.messages), language)
        return
    put(Synonym, {"language": language, "words": synonym.words}, {})


def _import_case(lists: Fields, language: str, case: Any) -> None:
    if not isinstance(case, Fields):
        lists.mistake("A search case has a “question”, and an “article” or a “flow”.", language)
        return
    case.expect("question", "article", "flow")
    question = case.text("question", required=True, most=200)
    article, flow = case.text("article"), case.text("flow")
    if bool(article) == bool(flow):
        case.mistake("Give either an “article” or a “flow”.")
        return
    found = Article.objects.filter(key=article).first() if article else Flow.objects.filter(slug=flow).first()
    if found is None:
        # A flow of the folder is not loaded while anything is wrong, which is told already.
        if article or not (case.report.folder / "flows" / f"{flow}.yaml").is_file():
            case.mistake(f"There is no {'article' if article else 'flow'} “{article or flow}”.")
        return
    expected = {"article": found, "flow": None} if article else {"article": None, "flow": found}
    put(SearchCase, {"language": language, "question": question}, expected)
