"""What every response goes through."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from articles import brand
from articles.languages import default_offered, offered
from contact.trouble import TROUBLE, come_back

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def without_body_for_head(get_response: GetResponse) -> GetResponse:
    """Answers HEAD with the headers alone; Django leaves that to the server, and gunicorn warns of each."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    return middleware


def only_offered_languages(get_response: GetResponse) -> GetResponse:
    """Pages in a language that is switched off lead to the same page in one that is on offer, for as long.

    What is posted there is taken all the same: nobody loses what they have just typed.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        code = request.path_info[1:].partition("/")[0]
        if code in dict(settings.LANGUAGES) and request.method in ("GET", "HEAD") and code not in offered():
            return redirect(f"/{default_offered()}{request.get_full_path()[1 + len(code) :]}")
        return get_response(request)

    return middleware


class ComeBackLater:
    """Where the database does not do its part, any page is a 503 that says so; contact's own keep the text."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TROUBLE):
            return None
        page = render(request, "503.html", {"support_email": brand.support_email()})
        return come_back(page, exception)
