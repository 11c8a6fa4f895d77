"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from articles import brand

DATABASE = {"db", "transactional_db", "live_server"}


def asks_a_database(item: pytest.Item) -> bool:
    """Whether the test may touch one, and could find there what is not so on another."""
    if item.get_closest_marker("any_database"):
        return False
    is_case = isinstance(item, pytest.Function) and issubclass(item.cls or object, TransactionTestCase)
    names = set(getattr(item, "fixturenames", ()))
    return is_case or item.get_closest_marker("django_db") is not None or bool(names & DATABASE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With TESTS_OF_THE_DATABASE in the environment, as for a second database, only those that ask one."""
    if os.environ.get("TESTS_OF_THE_DATABASE"):
        others = [item for item in items if not asks_a_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if asks_a_database(item)]


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Each test begins in the site's language: a page asked for in another one leaves that behind."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def known_brand() -> Iterator[None]:
    """Each test begins with the brand of the settings: the one of the test before has been rolled back."""
    brand.remember(brand.Brand())
    yield
    brand.remember(brand.Brand())
