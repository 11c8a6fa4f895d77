"""The web server's entry: gunicorn helpcenter.wsgi."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from helpcenter.slow import cut_off_drops

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpcenter.settings")

django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django's application; what a request says of its charset is not taken for a codec's name.

    With `charset=hex` Django fails before any of its pages could, and the server logs the whole address.
    Everything that we are sent is UTF-8.  Bodies that come by drops are cut off.
    """
    kind = environ.get("CONTENT_TYPE", "")
    if "charset" in kind.lower() and "utf-8" not in kind.lower():
        environ["CONTENT_TYPE"] = kind.partition(";")[0]
    cut_off_drops(environ)
    return django_application(environ, start_response)
