import threading

import haystack
import pytest
from django.conf import settings

from search import worker


@pytest.fixture(autouse=True)
def empty_place_for_the_index(tmp_path, monkeypatch):
    """No index yet, in a folder of the test's own; workers have done nothing so far."""
    for language, alias in settings.SEARCH_ALIASES.items():
        monkeypatch.setitem(settings.HAYSTACK_CONNECTIONS[alias], "PATH", str(tmp_path / "index" / language))
    monkeypatch.setattr(haystack.connections, "thread_local", threading.local())
    worker._compared_at.clear()
    worker._rests_until.clear()
