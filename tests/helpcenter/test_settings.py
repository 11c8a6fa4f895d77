"""A setting that cannot be right stops the start with one sentence; lists may have spaces after their commas."""

import re
import runpy

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@pytest.fixture
def settings_with(monkeypatch):
    def read(**given: str) -> dict[str, object]:
        for name, value in given.items():
            monkeypatch.setenv(f"HELPCENTER_{name}", value)
        return runpy.run_path(str(settings.BASE_DIR / "helpcenter" / "settings.py"))

    return read


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIME_ZONE", "Europe/Nowhere", "HELPCENTER_TIME_ZONE: there is no time zone 'Europe/Nowhere'"),
        ("TIME_ZONE", "", "HELPCENTER_TIME_ZONE: there is no time zone ''"),
        ("TIME_ZONE", "Europe", "HELPCENTER_TIME_ZONE: there is no time zone 'Europe'"),
        ("SITE_URL", "help.example.org", "It must be like https://help.example.org"),
        ("SITE_URL", "", "It must be like https://help.example.org"),
        ("EMAIL_URL", "mail.example.org:587", "HELPCENTER_EMAIL_URL names no mail server"),
        ("EMAIL_URL", "submission://", "HELPCENTER_EMAIL_URL names no mail server"),
        ("REQUIRED_LANGUAGES", "en, xx", "name xx, which"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(settings_with, name, value, said):
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        settings_with(**{name: value})


@pytest.mark.parametrize("value", ["https://help.example.org/", "http://localhost:8000", "http://[::1]:8000"])
def test_the_address_of_the_site_has_no_slash_at_its_end(settings_with, value):
    assert settings_with(SITE_URL=value)["SITE_URL"] == value.rstrip("/")


def test_lists_may_have_spaces(settings_with):
    given = {"HOSTS": "a.example, b.example", "LINK_HOSTS": "a:1, b:2", "REQUIRED_LANGUAGES": "en, es"}
    found = settings_with(**given)
    assert found["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert found["LINK_HOSTS"] == ["a:1", "b:2"]
    assert found["REQUIRED_LANGUAGES"] == ["en", "es"]


def test_a_connection_that_the_database_has_closed_is_not_used_again(settings_with):
    found = settings_with(DATABASE_URL="postgres://user@127.0.0.1/name?sslmode=require")["DATABASES"]["default"]
    assert found["CONN_MAX_AGE"] and found["CONN_HEALTH_CHECKS"]
    assert found["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}
