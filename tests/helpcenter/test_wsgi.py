"""What a request says of itself breaks nothing before our pages can answer."""

import io
from wsgiref.util import setup_testing_defaults

import pytest

from helpcenter.wsgi import application


def status_of(**environ: str) -> str:
    asked = {"wsgi.input": io.BytesIO()} | environ
    setup_testing_defaults(asked)
    answers: list[str] = []
    list(application(asked, lambda status, _headers: answers.append(status)))
    return answers[0]


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "undefined", "idna", "nonsense", "utf-8"])
def test_a_charset_that_is_none_is_ignored(charset):
    kind = f"text/plain; charset={charset}"
    asked = {"PATH_INFO": "/robots.txt", "QUERY_STRING": "q=%ff", "CONTENT_TYPE": kind}
    assert status_of(**asked) == "200 OK"
