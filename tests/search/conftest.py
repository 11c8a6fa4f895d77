import pytest

from tests.search.steps import fresh_index


@pytest.fixture(autouse=True)
def empty_place_for_the_index(tmp_path, monkeypatch):
    fresh_index(tmp_path, monkeypatch)
