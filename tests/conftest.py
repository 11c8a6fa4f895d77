"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from articles import brand


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
